"""What a build may do only if whoever asks for it says so."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowances:
    """Which steps are let through that are refused otherwise.

    `breaking`: what the API offered may change so that its clients fail.
    `destructive`: rows that are stored, or where they are stored, may go.
    """

    breaking: bool = False
    destructive: bool = False


NOTHING = Allowances()
EVERYTHING = Allowances(breaking=True, destructive=True)

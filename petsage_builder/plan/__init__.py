"""What `align` decides: every name, path and text of a feature, spelled once."""

from typing import TypeAlias

from petsage_builder.plan.feature import LeftOut, ResourcesPlan
from petsage_builder.plan.found import Found
from petsage_builder.plan.names import Names
from petsage_builder.plan.probe import ProbePlan

__all__ = ["Found", "LeftOut", "Names", "Plan", "ProbePlan", "ResourcesPlan"]

Plan: TypeAlias = ProbePlan | ResourcesPlan

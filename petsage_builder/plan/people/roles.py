"""The roles that the accounts of the tests have."""

from collections.abc import Iterable, Iterator

from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.plan.access import is_role, rule_of
from petsage_builder.spec.fields import AnyField


def roles_of(subjects: Iterable[Subject]) -> tuple[str, ...]:
    """Return every role that some resources speak of, and admin."""
    named = (name for subject in subjects for name in _named(subject))
    return tuple(dict.fromkeys(("admin", *filter(is_role, named))))


def _named(subject: Subject) -> Iterator[str]:
    resource = subject.resource
    for grants in resource.access.values():
        yield from (who for who, _ in sorted(rule_of(grants), key=str))
    for move in resource.states.transitions.values() if resource.states else ():
        yield from (grant.who for grant in move.by)
    for field in subject.stored.values():
        if isinstance(field, AnyField):
            yield from (*(field.read or ()), *(field.write or ()))

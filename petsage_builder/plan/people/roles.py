"""The roles that the accounts of the tests have."""

from collections.abc import Iterable, Iterator

from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.plan.access import is_role, rule_of
from petsage_builder.spec.fields import AnyField

RIVAL = "other-"  # who has a role too
THIRD = "third-"  # who has it where everybody has one row at most


def roles_of(subjects: Iterable[Subject]) -> tuple[str, ...]:
    """Return everybody with a role that some resources speak of, and an admin.

    Where only a role can own rows, somebody else has it too.
    """
    known = tuple(subjects)
    named = (name for subject in known for name in _named(subject))
    roles = dict.fromkeys(("admin", *filter(is_role, named)))
    rivals = (
        f"{RIVAL}{next(filter(makers.__contains__, roles))}"
        for makers in map(owning_roles, known)
        if makers
    )
    thirds = (
        f"{THIRD}{next(filter(makers.__contains__, roles))}"
        for subject in known
        if subject.resource.one_per_user and (makers := owning_roles(subject))
    )
    return tuple(dict.fromkeys((*roles, *rivals, *thirds)))


def role_of(who: str) -> str:
    """Return the role that somebody has; their own name if they have none."""
    return who.removeprefix(RIVAL).removeprefix(THIRD)


def owning_roles(subject: Subject) -> frozenset[str]:
    """Return the roles without which nobody makes a row of their own."""
    grants = subject.resource.access.get("create", ())
    makers = frozenset(grant.who for grant in grants)
    is_owned = bool(subject.resource.owned_by)
    return makers if is_owned and all(map(is_role, makers)) else frozenset()


def _named(subject: Subject) -> Iterator[str]:
    resource = subject.resource
    for grants in resource.access.values():
        yield from (who for who, _ in sorted(rule_of(grants), key=str))
    for move in resource.states.transitions.values() if resource.states else ():
        yield from (grant.who for grant in move.by)
    for field in subject.stored.values():
        if isinstance(field, AnyField):
            yield from (*(field.read or ()), *(field.write or ()))

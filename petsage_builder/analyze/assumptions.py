"""What a payload with resources leaves open, and how the builder takes it."""

from collections.abc import Iterator

from petsage_builder.spec.fields import AnyField
from petsage_builder.spec.resources import NoOverlap, Requirements, Resource
from petsage_builder.wording import article, label

UNSEEN = (
    "What a caller may not see is answered as if it were not there: 404, in no list, "
    "and in no count."
)
GIVEN = "What a scenario does not say of a row that it gives is taken from the samples."
WITH_OWNER = {"owner"}


def assumptions(requirements: Requirements) -> Iterator[str]:
    """Give them as sentences, those about all resources first."""
    yield UNSEEN
    for name, resource in requirements.resources.items():
        yield from _of(label(name), resource, _owned(requirements, resource))
    if any(scenario.given for scenario in requirements.scenarios):
        yield GIVEN


def _owned(requirements: Requirements, resource: Resource) -> list[str]:
    """Return the roles of required parents that may be somebody's own."""
    return [
        label(role)
        for role, parent in resource.belongs_to.items()
        if not parent.optional
        and (
            (near := requirements.resources.get(parent.to or role)) is None
            or near.owned_by
        )
    ]


def _of(name: str, resource: Resource, owned: list[str]) -> Iterator[str]:
    one = article(name)
    others = {grant.who for grant in resource.access.get("create", ())} - WITH_OWNER
    for role in owned if others else ():
        yield f"Who creates {one} has to see its {role}, and need not own that."
    for rule in resource.rules:
        if isinstance(rule, NoOverlap):
            yield from _of_overlap(one, resource, rule)
    if resource.limits.per_owner and resource.states:
        yield f"Every {name} counts for how many a user may have, whatever its state."
    if any(isinstance(most, str) for most in resource.limits.per_parent.values()):
        yield (
            f"How many there may be is asked when {one} is created, "
            "not when its parent is changed."
        )


def _of_overlap(one: str, resource: Resource, rule: NoOverlap) -> Iterator[str]:
    for name in rule.no_overlap:
        field = resource.fields.get(name)
        if isinstance(field, AnyField) and field.optional:
            without = f"{one} without {label(name)} overlaps with none."
            yield without[0].upper() + without[1:]

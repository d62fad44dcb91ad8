"""What is loaded with the rows of a resource."""

from collections.abc import Iterator

from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.lazy import lazy
from petsage_builder.plan.bodies import Bodies
from petsage_builder.wording import (
    camel,
)


class Loading(Bodies):
    """The ways from a row to all that is read of it."""

    @lazy
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """Return the ways from a row to all that must be loaded with it."""
        found = {
            *self.rules.loaded(),
            *((role,) for role in self.subject.resource.embed),
        }
        found |= {(link.role,) for link in self.links}
        found |= self._paths_to_owner()
        found |= self._paths_of_embedded()
        return _longest(found)

    def _paths_to_owner(self) -> set[tuple[str, ...]]:
        way = self.rules.owner_way()
        asked = any(
            "owner" in (view.spec.read or ()) or "owner" in (view.spec.write or ())
            for view in self.fields
        )
        return {way} if asked and way else set()

    def _paths_of_embedded(self) -> set[tuple[str, ...]]:
        """Return what an embedded row needs to have loaded itself."""
        found: set[tuple[str, ...]] = set()
        for role in self.subject.resource.embed:
            _, target = reached(self.subject, role)
            for way in type(self)(target).paths:
                found.add((role, *way))
        return found

    @property
    def options(self) -> Iterator[str]:
        """Give the options that load them."""
        return (_option(self.subject, way) for way in self.paths)

    @property
    def loads(self) -> str:
        """Return the name of these options, if there are any."""
        return f"WITH_{self.name.upper()}" if self.paths else ""

    def options_of(self, role: str, *, is_new: bool = False) -> str:
        """Return the argument that loads what is read of a parent or a link.

        Of those of a new row, more may be asked.
        """
        _, target = reached(self.subject, role)
        more = self.rules.loaded(is_new=True) if is_new else ()
        paths = _longest({*self.paths, *more})
        ways = [way[1:] for way in paths if way[0] == role and len(way) > 1]
        texts = [_option(target, way) for way in ways]
        return f", options=({', '.join(texts)},)" if texts else ""

    @property
    def deletion_loads(self) -> bool:
        """Say whether it takes more than the row to know if it can be deleted."""
        texts = [refusal.condition for refusal in self.rules.frozen("delete")]
        roles = {way[0] for way in self.paths}
        return any(f"{self.name}.{role}." in t for t in texts for role in roles)


def _longest(found: set[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Return the ways that are no part of another."""
    prefixes = {way[:depth] for way in found for depth in range(1, len(way))}
    return tuple(sorted(found - prefixes))


def _option(subject: Subject, way: tuple[str, ...]) -> str:
    """Return the option that loads all on a way."""
    steps = []
    for role in way:
        how, target = reached(subject, role)
        steps.append(f"{how}({camel(subject.name)}.{role})")
        subject = target
    return ".".join(steps)


def reached(subject: Subject, role: str) -> tuple[str, Subject]:
    """Return how to load a relation, and where it leads."""
    parent = subject.resource.belongs_to.get(role)
    link = subject.resource.many_to_many.get(role)
    if parent is not None:
        how, target = "joinedload", subject.vocabulary.target(role, parent)
    elif link is not None:
        how, target = "selectinload", subject.vocabulary.target(role, link)
    else:
        how, (_, target) = "selectinload", subject.children[role]
    assert target is not None, role  # noqa: S101 - `align` has seen it
    return how, target

"""The tests of a feature with data: kinds of rows, parents first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.lazy import lazy
from petsage_builder.plan.names import Names
from petsage_builder.plan.ownership import relations_of
from petsage_builder.plan.people import FIRST, SECOND, People, roles_of
from petsage_builder.plan.placing import place_parents
from petsage_builder.plan.reconciling import reconcile
from petsage_builder.plan.relations import ParentView
from petsage_builder.plan.resources import ResourceView
from petsage_builder.plan.samples import Solutions
from petsage_builder.plan.trials import Trials
from petsage_builder.spec.resources import Check, Scenario

ANYBODY = {"public", FIRST, SECOND}


@dataclass(frozen=True)
class Testing:
    """What the tests of a feature are written from."""

    names: Names
    views: tuple[ResourceView, ...]

    @lazy
    def subjects(self) -> tuple[tuple[str, Subject], ...]:
        """Return each resource that a row needs, with its feature, parents first."""
        found: dict[tuple[str, str], Subject] = {}
        for view in self.views:
            self._collect(self.names.feature, view.subject, found)
        return tuple((feature, subject) for (feature, _), subject in found.items())

    def _collect(
        self, feature: str, subject: Subject, found: dict[tuple[str, str], Subject]
    ) -> None:
        for home, target in self.needs(feature, subject):
            if (home, target.name) not in found:
                self._collect(home, target, found)
        found.setdefault((feature, subject.name), subject)

    def needs(self, feature: str, subject: Subject) -> Iterator[tuple[str, Subject]]:
        """Give the resources whose rows a row refers to, itself left out."""
        for role, link in relations_of(subject.resource):
            target = subject.vocabulary.target(role, link)
            is_self = not link.feature and (link.to or role) == subject.name
            if target is not None and not is_self:
                yield link.feature or feature, target

    @property
    def storable(self) -> Iterator[Trials]:
        """Give the kinds of which somebody with every role, or another, has a row."""
        for t in self.all:
            may = t.cast.maker == SECOND or not t.view.is_for_others
            if may and not any(
                self._is_out_of_reach(t.view, p) for p in t.view.parents
            ):
                yield t

    def _is_out_of_reach(self, view: ResourceView, parent: ParentView) -> bool:
        """Say whether another than its owner moves what a row can belong to.

        Or what that has to belong to.
        """
        above = ResourceView(parent.subject)
        further = [
            p
            for p in above.parents
            if not p.link.optional and p.subject != above.subject
        ]
        if any(self._is_out_of_reach(above, p) for p in further):
            return True
        placed = self.solutions.place(view.subject, parent.role)
        if any(
            self._keeps_out(p, onward.moves)
            for role, onward in placed.above
            for p in further
            if p.role == role
        ):
            return True
        return self._keeps_out(parent, placed.moves)

    def _keeps_out(self, parent: ParentView, way: Sequence[str]) -> bool:
        """Say whether its owner cannot make some moves of what a row belongs to."""
        above = ResourceView(parent.subject)
        moves = (move.transition for move in above.moves if move.action in way)
        conditions = ((m.when, [grant.when for grant in m.by]) for m in moves)
        keeps_out = above.keeps_owners_out
        return any(
            (when and keeps_out(when)) or all(said and keeps_out(said) for said in by)
            for when, by in conditions
        )

    @lazy
    def roles(self) -> tuple[str, ...]:
        """Return every role that somebody has."""
        named = roles_of(subject for _, subject in self.subjects)
        return tuple(dict.fromkeys((*named, *self._told)))

    @property
    def _told(self) -> Iterator[str]:
        """Give each role of which only scenarios speak, and others."""
        for scenario in self.scenarios:
            people = (scenario.as_, *(given.as_ for given in scenario.given))
            yield from (who for who in people if who and who not in ANYBODY)

    @property
    def scenarios(self) -> list[Scenario]:
        """Return what the payload tells of the feature."""
        return self.views[0].subject.vocabulary.requirements.scenarios

    @lazy
    def solutions(self) -> Solutions:
        """Return the samples of each resource that a row needs."""
        found = Solutions()
        for _, subject in reversed(self.subjects):
            found.ask_parents(subject)
        for _, subject in self.subjects:
            reconcile(found, subject)
        return found

    @lazy
    def all(self) -> tuple[Trials, ...]:
        """Return every kind of rows, those of other features too."""
        found: list[Trials] = []
        for _, subject in self.subjects:
            place_parents(subject, self.solutions, self.roles, found)
            people = People(subject, self.solutions, self.roles)
            found.append(Trials(ResourceView(subject), people))
        return tuple(found)

    @property
    def own(self) -> tuple[Trials, ...]:
        """Return the kinds of rows of this feature."""
        names = {view.name for view in self.views}
        return tuple(
            trials
            for (feature, _), trials in zip(self.subjects, self.all, strict=True)
            if feature == self.names.feature and trials.view.name in names
        )

    @property
    def tables(self) -> dict[str, list[str]]:
        """Return the classes of rows by the feature that has them."""
        found: dict[str, list[str]] = {}
        for (feature, _), trials in zip(self.subjects, self.all, strict=True):
            found.setdefault(feature, []).append(trials.view.camel)
        return {feature: sorted(names) for feature, names in sorted(found.items())}

    @property
    def rules(self) -> list[str]:
        """Return what the rules say, which no schema can."""
        return [
            rule.message
            for view in self.views
            for rule in view.subject.resource.rules
            if isinstance(rule, Check)
        ]

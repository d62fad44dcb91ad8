"""Who does what with the sample rows of one resource."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

from petsage_builder.lazy import lazy
from petsage_builder.plan.people import FIRST, NOBODY, SECOND, People
from petsage_builder.plan.resources import ResourceView
from petsage_builder.solver import Row, Samples
from petsage_builder.spec.resources import Frozen


@dataclass(frozen=True)
class Cast:
    """The people who make, see and change the sample rows."""

    view: ResourceView
    people: People

    @lazy
    def samples(self) -> Samples:
        """Return the sample rows, and what goes with them."""
        return self.people.solutions.of(self.view.subject)

    @property
    def first(self) -> Row:
        """Return the row that most tests begin with."""
        return self.samples.rows[0]

    @property
    def made(self) -> Row:
        """Return that row as it is when its maker has made it."""
        return self.people.scenery.row

    @property
    def minimal(self) -> Row:
        """Return as little as makes a row, without what its maker may not set."""
        least = self.samples.minimal.items()
        return {n: v for n, v in least if self.people.sets(self.maker, n)}

    @property
    def maker(self) -> str:
        """Return who makes the first row; empty if it is there from the beginning."""
        return self.people.maker

    @property
    def makers(self) -> tuple[str, str, str]:
        """Return who makes each of the sample rows."""
        if self.view.one_per_user:
            others = (SECOND, *self.people.roles, FIRST)
            makers = (w for w in others if self.people.create(w) == HTTPStatus.CREATED)
            second, third, *_ = (
                *(who for who in makers if who != self.maker),
                *(who for who in others if who != self.maker),
            )
            return self.maker, second, third
        return self.maker, self.maker, self.maker

    @lazy
    def another(self) -> str:
        """Return who else makes rows, of their own; empty if nobody does."""
        people = (who for who in self.people.all[1:] if who != self.maker)
        return next(filter(self.people.makes_own, people), "") if self.maker else ""

    @lazy
    def lister(self) -> str:
        """Return who sees all sample rows in a list; empty if nobody does."""
        if not self.view.has("list"):
            return ""
        return next((who for who in self.people.all if self._lists_all(who)), "")

    def _lists_all(self, who: str) -> bool:
        grants, state = self.people.grants("list"), self.people.scenery.state
        made = (self.people.made_by(w, i) for i, w in enumerate(self.makers))
        return self.people.listing(who) == HTTPStatus.OK and all(
            self.people.may(who, grants, replace(row, state=state)) for row in made
        )

    @lazy
    def reader(self) -> str:
        """Return who sees the first row alone, its maker before others."""
        may = (
            self.maker
            and self.view.has("get")
            and self.people.item(self.maker, "get") == HTTPStatus.OK
        )
        return self.maker if may else self.doer("get")

    def doer(self, operation: str) -> str:
        """Return who does something with the first row; empty if nobody can."""
        return self.people.first(operation)

    @lazy
    def writers(self) -> Mapping[str, tuple[str, str]]:
        """Return who can create and change each field that not everybody may set."""
        found = {}
        for field in self.view.settable:
            creator = self._writer("create", field.name)
            stays = field.spec.immutable or field.name in self.stuck("update")
            changer = "" if stays else self._writer("update", field.name)
            if (creator, changer) != self._usual_writers:
                found[field.name] = (creator, changer)
        return found

    def stuck(self, operation: str) -> frozenset[str]:
        """Return the fields that a rule keeps as they are in the first row."""
        people = self.people
        return frozenset(
            name
            for rule in self.view.subject.resource.rules
            if isinstance(rule, Frozen) and operation in rule.frozen
            if rule.fields and people.holds(rule.when, people.scenery)
            for name in rule.fields
        )

    @property
    def _usual_writers(self) -> tuple[str, str]:
        return self.maker, self.doer("update")

    def writers_of(self, name: str) -> tuple[str, str]:
        """Return who can create a row with a certain field, and change that."""
        return self.writers.get(name, self._usual_writers)

    def creator_of(self, changes: Row) -> str:
        """Return who can try to make the first row with some changes."""
        people = self.people
        names = {*self.made, *changes}
        others = (w for w in people.all if people.create(w) == HTTPStatus.CREATED)
        return next(
            (
                who
                for who in filter(None, (self.maker, *others))
                if all(people.writes(who, name, who) for name in names)
            ),
            "",
        )

    def updater_of(self, changes: Row) -> str:
        """Return who can try to change the first row so."""
        changeable = {field.name for field in self.view.changeable}
        if not self.view.has("update") or not changes.keys() <= changeable:
            return ""
        people = (
            who
            for who in (*self.people.all[1:], NOBODY)
            if self.people.item(who, "update") == HTTPStatus.OK
            and self.people.writes_all(who, changes)
        )
        return next(people, "")

    def _writer(self, operation: str, name: str) -> str:
        """Return who may do something, and set that field too."""
        if not self.view.has(operation):
            return ""
        preferred = self.maker if operation == "create" else self.doer(operation)
        people = (
            who
            for who in filter(None, (preferred, *self.people.all))
            if self._may(who, operation, preferred)
            and self.people.writes(who, name, self.maker)
        )
        return next(people, "")

    def _may(self, who: str, operation: str, preferred: str) -> bool:
        if operation == "create":
            required = self.minimal
            return self.people.create(who) == HTTPStatus.CREATED and all(
                self.people.writes(who, name, who) for name in required
            )
        return who == preferred or self.people.item(who, operation) == HTTPStatus.OK

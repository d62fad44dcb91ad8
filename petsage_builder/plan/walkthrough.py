"""A way through a feature, as somebody goes it who has every role and owns each row.

The README shows it, and the checks that ask the running API go it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.compiler import fields_of
from petsage_builder.lazy import lazy
from petsage_builder.plan.endpoints import Endpoint
from petsage_builder.plan.grants import grants_of
from petsage_builder.plan.relations import ParentView
from petsage_builder.plan.resources import ResourceView
from petsage_builder.plan.samples import Placed, Solutions
from petsage_builder.plan.steps import Body, Id, Step, Value
from petsage_builder.plan.twins import TWIN, twins_of
from petsage_builder.solver import Samples
from petsage_builder.spec.resources import Check, Frozen, NoOverlap

OTHER = "other_"  # before the id of a twin


@dataclass
class Walkthrough:
    """The steps through the resources of `views`, which are parents first.

    Of those named in `closed`, nobody makes a row at parents of their own.
    """

    views: Sequence[ResourceView]
    solutions: Solutions
    closed: frozenset[str] = frozenset()
    ids: list[str] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)

    @lazy
    def steps(self) -> tuple[Step, ...]:
        """Return them in order: rows are made and looked at, then moved and removed."""
        found: list[Step] = []
        for view in self.views:
            found += self._creation(view, frozenset())
            if view.id in self.ids:
                found += self._life(view, found)
        for view in reversed(self.views):
            found += self._moves(view) if view.id in self.ids else ()
        for view in reversed(self.views):
            found += self._end(view)
        return tuple(found)

    @property
    def stored(self) -> tuple[Step, ...]:
        """Return the steps that are needed so that there is a row of each kind."""
        return tuple(step for step in self.steps if step.keeps or step.prepares)

    def _creation(self, view: ResourceView, seen: frozenset[str]) -> Iterator[Step]:
        """Give the steps that store a row, and before it what it belongs to."""
        endpoint = _endpoint(view, "create")
        if view.id in self.ids or view.name in seen | self.closed:
            return
        if endpoint is None:
            yield from self._found(view)
            return
        for parent in view.parents:
            if not parent.link.optional:
                parents = ResourceView(parent.subject)
                yield from self._creation(parents, seen | {view.name})
                yield from self._placed(view, parent, parents)
                if parent.role in twins_of(view.subject):
                    yield from self._twin(parents)
        if any(self._is_missing(view, parent) for parent in view.parents):
            return
        samples = self._samples(view.subject)
        later = {name for move in view.moves for name in move.requires}
        if not any(view.subject == own.subject for own in self.views):
            # Who goes the way of its own feature first has such a row already.
            later |= {one.name for one in view.settable if one.spec.unique}
        sent = samples.rows[0].items()
        first = {n: v for n, v in sent if n in samples.minimal or n not in later}
        body = {**self._references(view), **first}
        title = f"Create {view.a}"
        yield Step(view, endpoint, title, HTTPStatus.CREATED, body, keeps=view.id)
        self.ids.append(view.id)
        yield from self._broken(view, endpoint, body)

    def _samples(self, subject: Subject) -> Samples:
        """Return the samples of a resource, which are moved before rows belong to them.

        They fulfil the conditions of moves only where that is needed.
        """
        states = subject.resource.states
        moves = states.transitions if states else {}
        needed = {
            action
            for view in self.views
            for parent in view.parents
            if parent.subject == subject
            for action in self.solutions.near(view.subject, parent.role).moves
        }
        asks = any(moves[action].when for action in needed)
        return self.solutions.usual(subject, fulfilled=asks)

    def _twin(self, view: ResourceView) -> Iterator[Step]:
        """Give the step that stores another row, so that a row can refer to both."""
        endpoint, twin = _endpoint(view, "create"), f"{OTHER}{view.id}"
        if endpoint and view.id in self.ids and twin not in self.ids:
            row = self._samples(view.subject).rows[TWIN]
            body = {**self._references(view), **row}
            title = f"Create another {view.label}"
            yield Step(view, endpoint, title, HTTPStatus.CREATED, body, keeps=twin)
            self.ids.append(twin)

    def _found(self, view: ResourceView) -> Iterator[Step]:
        """Give the step that finds a row which is there from the beginning."""
        listing = _endpoint(view, "list")
        if listing and view.subject.resource.seed:
            ok, title = HTTPStatus.OK, f"List {view.labels}"
            yield Step(view, listing, title, ok, keeps=view.id)
            self.ids.append(view.id)

    def _placed(
        self, view: ResourceView, parent: ParentView, above: ResourceView
    ) -> Iterator[Step]:
        """Give the moves of a parent without which a row cannot belong to it."""
        placed = self.solutions.near(view.subject, parent.role)
        if above.id in self.ids and above.id not in self.states:
            yield from self._prepared(above, placed.moves)
        for far, onward in self._higher(view, parent, above):
            if above.id in self.ids:
                yield from self._prepared(far, onward.moves)

    def _higher(
        self, view: ResourceView, parent: ParentView, above: ResourceView
    ) -> Iterator[tuple[ResourceView, Placed]]:
        """Give what a parent belongs to that has to go on, and where to.

        Something may have to go on that the parent did not need so soon.
        """
        placed = self.solutions.near(view.subject, parent.role)
        roles = {far.role: ResourceView(far.subject) for far in above.parents}
        yield from ((roles[role], onward) for role, onward in placed.above)
        known = {role for role, _ in placed.above}
        asked = {path[:2] for paths in view.rules.checked() for path in paths}
        for role, far in roles.items():
            whole = self.solutions.place(above.subject, role)
            is_further = whole.moves != self.solutions.near(above.subject, role).moves
            if is_further and role not in known and (parent.role, role) in asked:
                yield far, whole

    def _prepared(self, view: ResourceView, moves: Sequence[str]) -> Iterator[Step]:
        """Give some moves of a row, if nothing keeps us from any of them."""
        endpoints = [_endpoint(view, action) for action in moves]
        states = view.subject.resource.states
        transitions = states.transitions if states else {}
        begins = all(self._state(view) in transitions[m].from_ for m in moves[:1])
        if all(endpoints) and begins:
            for action, endpoint in zip(moves, endpoints, strict=True):
                if endpoint:
                    yield self._move(view, action, endpoint, prepares=True)

    def _is_missing(self, view: ResourceView, parent: ParentView) -> bool:
        """Say whether a row has no parent that is in the right state."""
        if parent.link.optional:
            return False
        above = ResourceView(parent.subject)
        placed = self.solutions.near(view.subject, parent.role)
        return above.id not in self.ids or any(
            bool(where.state) and where.state != self._state(there)
            for there, where in ((above, placed), *self._higher(view, parent, above))
        )

    def _state(self, view: ResourceView) -> str:
        """Return the state of a row now."""
        states = view.subject.resource.states
        return self.states.get(view.id, states.initial if states else "")

    def _move(
        self,
        view: ResourceView,
        action: str,
        endpoint: Endpoint,
        *,
        prepares: bool = False,
    ) -> Step:
        """Return the step that moves a row."""
        sample = self._samples(view.subject).rows[0]
        states = view.subject.resource.states
        if not states:
            raise KeyError(action)
        move = states.transitions[action]
        self.states[view.id] = move.to
        body = {name: sample[name] for name in move.requires} or None
        title = f"{action.replace('_', ' ').capitalize()} {view.a}"
        return Step(view, endpoint, title, HTTPStatus.OK, body, prepares=prepares)

    def _references(self, view: ResourceView) -> dict[str, Value]:
        """Return the fields of a body that refer to other rows."""
        found: dict[str, Value] = {}
        twins = twins_of(view.subject)
        asked = {way[0] for paths in view.rules.checked() for way in paths}
        for parent in view.parents:
            name = ResourceView(parent.subject).id
            name = f"{OTHER}{name}" if parent.role in twins else name
            is_free = not parent.link.optional or parent.role not in asked
            if name in self.ids and is_free:
                found[parent.column] = Id(name)
        for link in view.links:
            name = ResourceView(link.subject).id
            if name in self.ids:
                found[link.ids] = [Id(name)]
        return found

    def _broken(
        self, view: ResourceView, endpoint: Endpoint, body: Body
    ) -> Iterator[Step]:
        """Give the request that breaks the first rule which a row can break."""
        samples = self._samples(view.subject)
        for broken in samples.broken[:1]:
            rule = view.subject.resource.rules[broken.rule]
            if isinstance(rule, Check):
                names = {
                    name for name, *_ in fields_of(view.rules.condition(rule.check))
                }
                whole = {n: v for n, v in samples.rows[0].items() if n in names}
                yield Step(
                    view,
                    endpoint,
                    "Break a rule",
                    HTTPStatus.UNPROCESSABLE_ENTITY,
                    {**body, **whole, **broken.changes},
                    broken=rule.message,
                )

    def _life(self, view: ResourceView, before: Sequence[Step]) -> Iterator[Step]:
        """Give the steps that look at a row and change it."""
        ok = HTTPStatus.OK
        known = {step.endpoint for step in before if step.keeps == view.id}
        if (listing := _endpoint(view, "list")) and listing not in known:
            yield Step(view, listing, f"List {view.labels}", ok)
        if one := _endpoint(view, "get"):
            yield Step(view, one, f"Get {view.a}", ok)
        change = _change(view, self._samples(view.subject))
        if change and (update := _endpoint(view, "update")):
            yield Step(view, update, f"Change {view.a}", ok, change)
        if replace := _endpoint(view, "replace"):
            names = {f.name for f in view.changeable} | {p.column for p in view.movable}
            names |= {link.ids for link in view.links}
            whole = {
                **self._references(view),
                **self._samples(view.subject).rows[0],
            }
            body = {name: v for name, v in whole.items() if name in names}
            yield Step(view, replace, f"Replace {view.a}", ok, body)

    def _moves(self, view: ResourceView) -> Iterator[Step]:
        """Give one way from state to state, as far as it leads."""
        states = view.subject.resource.states
        moves = states.transitions.items() if states else ()
        current = self._state(view)
        been = {current, states.initial if states else ""}
        while True:
            for action, move in moves:
                endpoint = _endpoint(view, action)
                free = current in move.from_ and move.to not in been and not move.when
                if free and endpoint:
                    break
            else:
                return
            current = move.to
            been.add(current)
            yield self._move(view, action, endpoint)

    def _end(self, view: ResourceView) -> Iterator[Step]:
        endpoint = _endpoint(view, "delete")
        if endpoint and view.id in self.ids and not self._is_held(view):
            yield Step(view, endpoint, f"Delete {view.a}", HTTPStatus.NO_CONTENT)

    def _is_held(self, view: ResourceView) -> bool:
        """Say whether rows that stay keep this one from being deleted.

        They belong to it, or to what would go with it.
        """
        below = (
            (child, parent.link.on_delete)
            for child in self.views
            for parent in child.parents
            if parent.subject == view.subject and child.name != view.name
        )
        return any(
            (how == "restrict" and self._stays(child))
            or (how == "cascade" and self._is_held(child))
            for child, how in below
            if child.id in self.ids
        )

    def _stays(self, view: ResourceView) -> bool:
        """Say whether no step removes a row."""
        return _endpoint(view, "delete") is None or self._is_held(view)


def _endpoint(view: ResourceView, operation: str) -> Endpoint | None:
    """Return the endpoint of an operation that nothing keeps us from."""
    resource = view.subject.resource
    grants = grants_of(resource, operation)
    frozen = any(
        operation in rule.frozen for rule in resource.rules if isinstance(rule, Frozen)
    )
    if frozen or all(grant.when for grant in grants):
        return None
    names = (f"{operation}_own", operation)
    found = {endpoint.operation: endpoint for endpoint in view.endpoints}
    return next((found[name] for name in names if name in found), None)


def _change(view: ResourceView, samples: Samples) -> Body | None:
    """Return one field with another value, which no rule of the resource minds."""
    first, second, _ = samples.rows
    ruled = {name for path in _ruled(view) for name in path}
    for one in view.changeable:
        value = second.get(one.name)
        if one.name not in ruled and value not in (None, first.get(one.name)):
            return {one.name: value}
    for one in view.changeable:
        if one.name in first:
            return {one.name: first[one.name]}
    return None


def _ruled(view: ResourceView) -> Iterator[Sequence[str]]:
    for paths in view.rules.checked():
        yield from paths
    for rule in view.subject.resource.rules:
        if isinstance(rule, NoOverlap):
            yield rule.no_overlap

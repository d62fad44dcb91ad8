"""Who may do what, as functions that say which rows an actor may have to do with."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from petsage_builder.analyze.expressions import read_condition
from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.compiler import criterion
from petsage_builder.lazy import lazy
from petsage_builder.plan.attributes import attributes
from petsage_builder.plan.ownership import owner_criterion, plural, way_to_owner
from petsage_builder.spec.resources import Grant
from petsage_builder.wording import joined, label

ANYBODY, SIGNED_IN, OWNER = "public", "user", "owner"

Rule = frozenset[tuple[str, str | None]]


def rule_of(grants: Iterable[Grant]) -> Rule:
    """Return grants as a set: who, and when, without what others say already."""
    return _simplified(frozenset((grant.who, grant.when) for grant in grants))


def _simplified(rule: Rule) -> Rule:
    """Drop the conditions of whoever may do it unconditionally, alone or with all."""
    if (ANYBODY, None) in rule:
        return frozenset({(ANYBODY, None)})
    always = {who for who, when in rule if when is None}
    if SIGNED_IN in always:
        kept = {(who, when) for who, when in rule if who == ANYBODY}
        return frozenset({(SIGNED_IN, None), *kept})
    return frozenset(
        (who, when) for who, when in rule if when is None or who not in always
    )


@dataclass(frozen=True, slots=True)
class Function:
    """A function of `access.py`: which rows an actor may have to do with."""

    name: str
    doc: str
    actor: str
    body: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """How one operation finds its row: what the actor sees of it, and may do to it.

    `visible` and `permitted` are conditions on rows, `demanded` is one on the actor
    alone; the last two are empty if whoever sees a row may do it. `actor` is the type
    of the caller, empty if nobody need be known.
    """

    actor: str
    visible: str
    permitted: str = ""
    demanded: str = ""

    @property
    def asks_for_actor(self) -> bool:
        """Say whether it takes an actor to find the row."""
        return "actor" in f"{self.visible}{self.permitted}{self.demanded}"


@dataclass(frozen=True)
class Access:
    """The access rules of one resource."""

    subject: Subject
    named: dict[str, Rule] = field(default_factory=dict)

    @lazy
    def rules(self) -> Mapping[str, Rule]:
        """Return the rule of each operation, and of each move from state to state."""
        resource = self.subject.resource
        moves = resource.states.transitions.items() if resource.states else ()
        return {
            **{name: rule_of(grants) for name, grants in resource.access.items()},
            **{action: rule_of(move.by) for action, move in moves},
        }

    @property
    def reading(self) -> Rule:
        """Return who may see a row at all."""
        return self.rules.get("get") or self.rules.get("list") or frozenset()

    @lazy
    def may_be_anybody(self) -> bool:
        """Say whether somebody who did not sign in can see some of the rows."""
        return any(
            who == ANYBODY and when
            for rule in self.rules.values()
            for who, when in rule
        )

    @property
    def actor(self) -> str:
        """Return the type of the actor in the functions of this resource."""
        return "Actor | None" if self.may_be_anybody else "Actor"

    def caller(self, rule: Rule) -> str:
        """Return the type of who calls an operation."""
        if (ANYBODY, None) in rule:
            return ""
        anybody = any(who == ANYBODY for who, _ in rule)
        return "Actor | None" if anybody else "Actor"

    def way(self, operation: str) -> Way:
        """Return how an operation on one row finds it."""
        rule, reading = self.rules[operation], self.reading
        actor = self.caller(rule)
        if actor == "Actor" and (SIGNED_IN, None) in reading:
            reading = frozenset({(SIGNED_IN, None)})
        if reading <= rule or open_to_all(rule):
            return Way(actor, self.expression(rule, operation))
        if _simplified(reading | rule) == _simplified(reading):
            visible = self.expression(reading, "see")
            if all(is_role(who) and not when for who, when in rule):
                people = [who for who, _ in rule]
                return Way(actor, visible, demanded=has_any(people, optional=False))
            return Way(actor, visible, self.expression(rule, operation))
        permitted = self.expression(rule, operation)
        visible = f"or_({self.expression(reading, 'see')}, {permitted})"
        return Way(actor, visible, permitted)

    def listing(self) -> Way:
        """Return which rows a list has."""
        rule = self.rules["list"]
        demanded = ""
        if all(is_role(who) for who, _ in rule):
            people = sorted({who for who, _ in rule})
            demanded = has_any(people, optional=False)
        is_whole = demanded and not any(when for _, when in rule)
        visible = "true()" if is_whole else self.expression(rule, "list")
        return Way(self.caller(rule), visible, demanded=demanded)

    @property
    def seen(self) -> str:
        """Return which rows an actor may refer to."""
        if self.reading:
            return self.expression(self.reading, "see")
        if self.subject.is_owned:
            return self.expression(frozenset({(OWNER, None)}), "see")
        return "true()"

    @property
    def actor_seeing(self) -> str:
        """Return the type of the actor in `seen`."""
        return "Actor" if self.seen.startswith("own_") else self.actor

    def expression(self, rule: Rule, operation: str) -> str:
        """Return what is true of the rows that `rule` lets an actor have."""
        if open_to_all(rule):
            return "true()"
        if rule == {(OWNER, None)}:
            return f"own_{plural(self.subject)}(actor)"
        name = self._name(rule, operation)
        self.named[name] = rule
        return f"{name}(actor)"

    def _name(self, rule: Rule, operation: str) -> str:
        """Return one name for each rule, whatever asks for it."""
        same = (name for name in self.rules if self.rules[name] == rule)
        verb = "see" if rule == self.reading else next(same, operation)
        return f"{plural(self.subject)}_to_{verb}"

    def functions(self) -> Iterator[Function]:
        """Give the functions that the expressions so far have named."""
        many = label(plural(self.subject))
        if self.subject.is_owned:
            way = way_to_owner(self.subject)
            through = f", through their {label(way[0].role)}" if way else ""
            name = f"own_{plural(self.subject)}"
            doc = f"Say which {many} belong to the actor{through}."
            yield Function(
                name, doc, "Actor", (f"return {owner_criterion(self.subject)}",)
            )
        for name, rule in self.named.items():
            verb = label(name.partition("_to_")[2])
            doc = f"Say which {many} the actor may {verb}."
            optional = self._may_ask_anybody(rule)
            actor = "Actor | None" if optional else "Actor"
            body = tuple(self._body(rule, optional=optional))
            yield Function(name, doc, actor, body)

    def _may_ask_anybody(self, rule: Rule) -> bool:
        """Say whether somebody who did not sign in can ask for a rule's rows."""
        if rule == self.reading and self.may_be_anybody:
            return True
        return any(who == ANYBODY for who, _ in rule)

    def _body(self, rule: Rule, *, optional: bool) -> Iterator[str]:
        if (SIGNED_IN, None) in rule:
            yield "if actor is not None:"
            yield "    return true()"
            rule -= {(SIGNED_IN, None)}
        roles = [
            who for who, when in sorted(rule, key=str) if is_role(who) and not when
        ]
        if roles and len(roles) == len(rule):
            known = has_any(roles, optional=optional)
            yield f"return true() if {known} else false()"
            return
        if roles:
            yield f"if {has_any(roles, optional=optional)}:"
            yield "    return true()"
        always, guarded = self._conditions(rule, optional=optional)
        if not guarded:
            yield f"return {_any_of(always)}"
            return
        yield f"ways: list[ColumnElement[bool]] = [{', '.join(always)}]"
        for guard, condition in guarded:
            yield f"if {guard}:"
            yield f"    ways.append({condition})"
        yield "return or_(false(), *ways)"

    def _conditions(
        self, rule: Rule, *, optional: bool
    ) -> tuple[list[str], list[tuple[str, str]]]:
        """Return the conditions for everybody, and those with who must ask."""
        always: list[str] = []
        guarded: list[tuple[str, str]] = []
        known = "actor is not None" if optional else ""
        for who, when in sorted(rule, key=str):
            if is_role(who) and not when:
                continue
            condition = self._condition(who, when)
            guard = has_any([who], optional=optional) if is_role(who) else known
            if who == ANYBODY or not guard:
                always.append(condition)
            else:
                guarded.append((guard, condition))
        return always, guarded

    def _condition(self, who: str, when: str | None) -> str:
        own = f"own_{plural(self.subject)}(actor)"
        if when is None:
            return own
        text = criterion(
            read_condition(when, self.subject.scope), attributes(self.subject, "row")
        ).text
        return f"and_({own}, {text})" if who == OWNER else text


def has_any(roles: Sequence[str], *, optional: bool) -> str:
    """Return the condition that the actor has one of `roles`."""
    if len(roles) == 1:
        found = f'actor.has("{roles[0]}")'
    else:
        names = ", ".join(f'"{role}"' for role in sorted(roles))
        found = f"actor.roles & {{{names}}}"
    return f"actor is not None and {found}" if optional else found


def is_role(who: str) -> bool:
    """Say whether a name is that of a role that not everybody has."""
    return who not in (ANYBODY, SIGNED_IN, OWNER)


def open_to_all(rule: Rule) -> bool:
    """Say whether everybody who may call at all may have every row."""
    signed_in = {who for who, _ in rule} == {SIGNED_IN} and (SIGNED_IN, None) in rule
    return signed_in or (ANYBODY, None) in rule


def _any_of(conditions: list[str]) -> str:
    if not conditions:
        return "false()"
    if len(conditions) == 1:
        return conditions[0]
    return f"or_({', '.join(conditions)})"


def in_words(grants: Sequence[Grant]) -> str:
    """Return who may do something, as a table for readers has it."""
    names = {ANYBODY: "anybody", SIGNED_IN: "any user", OWNER: "the owner"}
    found = [
        f"{names.get(grant.who, label(grant.who))}"
        + (f" (when {grant.when})" if grant.when else "")
        for grant in grants
    ]
    return joined(found, "or")

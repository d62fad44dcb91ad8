"""The ways of a row from state to state."""

from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder.compiler import holds
from petsage_builder.plan.rules import Refusal, Rules, negated
from petsage_builder.python_text import literal
from petsage_builder.spec.fields import AnyField
from petsage_builder.spec.resources import Transition
from petsage_builder.wording import article, camel, joined, label, member, sentence


@dataclass(frozen=True, slots=True)
class Move:
    """One transition, as the templates write it down."""

    rules: Rules
    action: str
    transition: Transition

    @property
    def label(self) -> str:
        """Return its name as a sentence has it."""
        return label(self.action)

    @property
    def path(self) -> str:
        """Return the last part of its path."""
        return self.action.replace("_", "-")

    @property
    def doc(self) -> str:
        """Return what it does."""
        resource = label(self.rules.subject.name)
        states = joined([label(word) for word in self.transition.from_], "or")
        return f"{self.label.capitalize()} {article(f'{states} {resource}')}."

    @property
    def sources(self) -> list[str]:
        """Return the members of the states that it leads from."""
        return [member(word) for word in self.transition.from_]

    @property
    def target(self) -> str:
        """Return the member of the state that it leads to."""
        return member(self.transition.to)

    @property
    def event(self) -> str:
        """Return what the log calls it."""
        return self.transition.to.replace("-", "_")

    @property
    def requires(self) -> list[str]:
        """Return the fields that must have a value, and that the request may set."""
        return self.transition.requires

    @property
    def guarded(self) -> list[tuple[str, list[str]]]:
        """Return the fields that only some who make the move may set, and who."""
        people = {grant.who for grant in self.transition.by}
        found = []
        for name in self.requires:
            spec = self.rules.subject.stored[name]
            if (
                isinstance(spec, AnyField)
                and spec.write
                and not people <= {*spec.write}
            ):
                found.append((name, spec.write))
        return found

    @property
    def model(self) -> str:
        """Return the model of its body, if it has one.

        `VisitConfirm` is the type of a field if one is called as the move is.
        """
        if not self.requires:
            return ""
        subject = self.rules.subject
        words = [subject.name, self.action]
        return camel("_".join(words[::-1] if self.action in subject.stored else words))

    @property
    def refusals(self) -> Iterator[Refusal]:
        """Give what keeps a row from this move."""
        row, resource = self.rules.row, label(self.rules.subject.name)
        for name in self.requires:
            what = article(label(name))
            said = f"{article(resource).capitalize()} needs {what} for this."
            yield Refusal(f"{row}.{name} is None", f"ConflictError({literal(said)})")
        if self.transition.when:
            condition = holds(
                self.rules.condition(self.transition.when), self.rules.names()
            )
            said = (
                self.transition.message
                or f"This is possible only when {self.transition.when}"
            )
            error = f"ConflictError({literal(sentence(said))})"
            yield Refusal(negated(condition.text), error)

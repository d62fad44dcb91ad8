"""The parents and links of a resource, as the templates write them."""

from dataclasses import dataclass

from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.plan.access import Access
from petsage_builder.plan.ownership import plural
from petsage_builder.spec.resources import Link, Parent
from petsage_builder.wording import camel, label, one_of, path


@dataclass(frozen=True, slots=True)
class ParentView:
    """A row that another belongs to."""

    role: str
    link: Parent
    subject: Subject

    @property
    def column(self) -> str:
        """Return the column that refers to it."""
        return f"{self.role}_id"

    @property
    def camel(self) -> str:
        """Return the class of its row."""
        return camel(self.subject.name)

    @property
    def label(self) -> str:
        """Return its role as a sentence has it."""
        return label(self.role)

    @property
    def variable(self) -> str:
        """Return the name of the variable that holds it."""
        return self.role

    @property
    def table(self) -> str:
        """Return its table."""
        return plural(self.subject)

    @property
    def path(self) -> str:
        """Return where its rows answer."""
        return path(plural(self.subject))

    @property
    def on_delete(self) -> str:
        """Return what SQL calls its deletion's effect."""
        return self.link.on_delete.replace("_", " ").upper()

    @property
    def seen(self) -> str:
        """Return which of its rows an actor may refer to."""
        return Access(self.subject).seen

    @property
    def sent(self) -> str:
        """Return the type of the id that is sent."""
        return "UUID | None" if self.link.optional else "UUID"


@dataclass(frozen=True, slots=True)
class ChildView:
    """Rows that belong to a row, and are shown with it."""

    role: str
    column: str
    subject: Subject

    @property
    def camel(self) -> str:
        """Return the class of their rows."""
        return camel(self.subject.name)


@dataclass(frozen=True, slots=True)
class LinkView:
    """Rows that a row has to do with, and that have to do with others too."""

    owner: Subject
    role: str
    link: Link
    subject: Subject

    @property
    def ids(self) -> str:
        """Return the field that holds their ids."""
        return f"{self.one}_ids"

    @property
    def one(self) -> str:
        """Return one of them."""
        return one_of(self.role, self.subject.name, self.subject.resource.plural)

    @property
    def camel(self) -> str:
        """Return the class of their rows."""
        return camel(self.subject.name)

    @property
    def target(self) -> str:
        """Return their table."""
        return plural(self.subject)

    @property
    def table(self) -> str:
        """Return the table between."""
        return f"{plural(self.owner)}_{self.role}"

    @property
    def near(self) -> str:
        """Return the column between that refers to the owner."""
        return f"{self.owner.name}_id"

    @property
    def far(self) -> str:
        """Return the column between that refers to them."""
        name = f"{self.subject.name}_id"
        return f"{self.one}_id" if name == self.near else name

    @property
    def filter(self) -> str:
        """Return the parameter that asks for some of them."""
        return f"{self.one}_id"

    @property
    def label(self) -> str:
        """Return their role as a sentence has it."""
        return label(self.role)

    @property
    def seen(self) -> str:
        """Return which of them an actor may refer to."""
        return Access(self.subject).seen

"""The fields of a resource, as the templates of a feature with data write them."""

from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder.plan.fields import Spelling, spell
from petsage_builder.plan.literals import written
from petsage_builder.plan.sources import source
from petsage_builder.python_text import literal
from petsage_builder.spec.fields import (
    AnyField,
    DecimalField,
    EnumField,
    JsonField,
    ListField,
    MoneyField,
)
from petsage_builder.wording import camel, label

SYMBOLS = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
ORDERED = {"number", "date", "datetime", "time"}
CLOCKS = {
    "now": "utc_now()",
    "today": "utc_now().date()",
    "new": "uuid7()",
    "caller": "actor.id",
}


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field, as the templates write it down."""

    owner: str
    name: str
    spec: AnyField

    @property
    def label(self) -> str:
        """Return its name as a sentence has it."""
        return label(self.name)

    @property
    def spelling(self) -> Spelling:
        """Return its types."""
        return spell(self.owner, self.name, self.spec)

    @property
    def alias(self) -> str:
        """Return the name of the type that is sent, if it needs one."""
        limited = self.spelling.limits or self.spelling.markers
        described = bool(self.spec.description)
        is_enum = isinstance(self.spec, EnumField)
        shown = self.spec.example is not None
        named = limited or ((described or shown) and not is_enum)
        return camel(f"{self.owner}_{self.name}") if named else ""

    @property
    def alias_type(self) -> str:
        """Return what that name stands for."""
        known = self.spelling
        said = list(known.limits)
        if self.spec.description:
            said.append(f"description={literal(self.spec.description)}")
        if self.spec.example is not None:
            said.append(f"examples=[{source(self.spec.example)}]")
        limits = (f"Field({', '.join(said)})",) if said else ()
        return f"Annotated[{', '.join((known.base, *limits, *known.markers))}]"

    @property
    def sent(self) -> str:
        """Return the type that a caller sends."""
        return self._or_none(self.alias or self.spelling.base)

    @property
    def returned(self) -> str:
        """Return the type that a caller gets."""
        hidden = self.spec.read is not None and not self.spec.optional
        output = self.spelling.output
        if isinstance(self.spec, DecimalField | MoneyField):
            output = self.alias
        return f"{output} | None" if hidden else self._or_none(output)

    @property
    def is_dynamic(self) -> bool:
        """Say whether its default depends on more than the payload."""
        return self.dynamic_default != ""

    @property
    def dynamic_default(self) -> str:
        """Return where its default comes from, if that is no literal."""
        default = self.spec.default
        if isinstance(default, str) and default in CLOCKS and self.is_momentary:
            return CLOCKS[default]
        return self.spec.default_from or self.spec.default_expression or ""

    @property
    def is_clock(self) -> bool:
        """Say whether its default comes from the clock, the caller or chance."""
        return self.dynamic_default in CLOCKS.values()

    @property
    def is_momentary(self) -> bool:
        """Say whether `now`, `today`, `new` and `caller` are no values of its own."""
        return self.spec.kind in ("date", "datetime", "id")

    @property
    def default(self) -> str:
        """Return its default as Python source; empty if there is none."""
        if self.is_dynamic or self.spec.default is None:
            return ""
        return self.constant or self.literal

    @property
    def literal(self) -> str:
        """Return the value of its default as Python source."""
        return written(self.owner, self.name, self.spec, self.spec.default)

    @property
    def in_create(self) -> str:
        """Return its line in the model of a new row."""
        if self.is_dynamic:
            end = " = None" if self.spec.optional else " = UNCHANGED"
        elif self.default:
            is_list = isinstance(self.spec, ListField)
            end = (
                f" = Field(default={self.default})" if is_list else f" = {self.default}"
            )
        else:
            end = " = None" if self.spec.optional else ""
        return f"{self.name}: {self.sent}{end}"

    @property
    def constant(self) -> str:
        """Return the name of a default that has a line of its own, if it has one."""
        named = isinstance(self.spec, JsonField) and self.spec.default is not None
        return f"{self.owner}_{self.name}".upper() if named else ""

    @property
    def differs_from_default(self) -> str:
        """Return what is true of a value that is sent, and no default."""
        if not self.default or self.default in ("True", "False"):
            value = {"": "not None", "True": "not True", "False": "not False"}
            return f"is {value[self.default]}"
        return f"!= {self.literal}"

    @property
    def in_patch(self) -> str:
        """Return its line in the model of a change."""
        return f"{self.name}: {self.sent} = UNCHANGED"

    @property
    def in_response(self) -> str:
        """Return its line in the model of an answer."""
        return f"{self.name}: {self.returned}"

    @property
    def in_table(self) -> str:
        """Return its line in the table."""
        known = self.spelling
        ddl = known.column or known.ddl
        plain = ddl in {
            "sa.Uuid",
            "sa.Boolean",
            "sa.Date",
            "sa.Time",
            "sa.DateTime(timezone=True)",
            "sa.Interval",
        } or isinstance(self.spec, EnumField)
        tail = "" if plain else f" = mapped_column({ddl})"
        return f"{self.name}: Mapped[{self._or_none(known.mapped)}]{tail}"

    @property
    def in_migration(self) -> str:
        """Return its column in the migration."""
        return column(self.name, self.spelling.ddl, optional=self.spec.optional)

    @property
    def query_lines(self) -> Iterator[str]:
        """Give its lines in the query of a list."""
        kind, query = self.spec.kind, self.spelling.in_query
        if isinstance(self.spec, EnumField):
            query = self.spelling.base
        if kind == "boolean":
            yield f"{self.name}: bool | None = None"
        else:
            many = "Field(default=[], max_length=100)"
            base = self._queried(query)
            yield f"{self.name}: list[{base}] = {many}"
            if kind in ORDERED:
                for suffix in SYMBOLS.values():
                    yield f"{self.name}_{suffix}: {base} | None = None"
            if kind == "text" and not isinstance(self.spec, EnumField):
                yield f"{self.name}_contains: SearchText | None = None"
        if self.spec.optional:
            yield f"{self.name}_is_null: bool | None = None"

    def _queried(self, query: str) -> str:
        """Return the type of one value to compare with; a text may be any."""
        if self.spec.kind == "text" and not isinstance(self.spec, EnumField):
            return "SearchText"
        return query

    def _or_none(self, text: str) -> str:
        return f"{text} | None" if self.spec.optional and text != "Any" else text


def column(name: str, ddl: str, *, optional: bool) -> str:
    """Return a column of a migration."""
    tail = "" if optional else ", nullable=False"
    return f'sa.Column("{name}", {ddl}{tail})'

"""What a feature with data can be: resources, how they relate, who may do what."""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    ConfigDict,
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    JsonValue,
    Tag,
    model_validator,
)
from pydantic_core import CoreSchema

from petsage_builder.spec.fields import FieldSpec, Node, Words

Operation: TypeAlias = Literal["create", "list", "get", "update", "replace", "delete"]
Change: TypeAlias = Literal["update", "replace", "delete"]
OnDelete: TypeAlias = Literal["cascade", "restrict", "set_null"]
Message: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]


class Grant(Node):
    """Who may do something; a bare name says it for every row."""

    who: Annotated[str, Field(description="`public`, `user`, `owner`, or a role.")]
    when: Annotated[
        str | None, Field(description="A condition on the row and the caller.")
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        return {"who": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Offer the bare name too."""
        return {
            "anyOf": [{"type": "string"}, handler.resolve_ref_schema(handler(schema))]
        }


Grants: TypeAlias = Annotated[list[Grant], Field(min_length=1)]


class Parent(Node):
    """A row that this one belongs to."""

    to: Annotated[
        str | None, Field(description="The resource, if the role has another name.")
    ] = None
    feature: Annotated[
        str | None, Field(description="The feature that has it, if it is another.")
    ] = None
    on_delete: OnDelete = "restrict"
    optional: bool = False
    description: str = ""


class Link(Node):
    """Rows of another resource that this one has to do with."""

    to: str | None = None
    feature: str | None = None
    description: str = ""


class Listing(Node):
    """What a list can be asked for."""

    filter: list[str] = []
    sort: Words = ["created_at"]
    search: list[str] = []
    default_sort: str = "-created_at"
    total: bool = False


class Transition(Node):
    """An action that moves a row from one state to another."""

    from_: Annotated[Words, Field(alias="from")]
    to: str
    by: Grants
    requires: list[str] = []
    when: str | None = None
    message: str = ""


class States(Node):
    """The states of a row, and the only ways from one to another."""

    field: str = "status"
    initial: str
    transitions: Annotated[dict[str, Transition], Field(min_length=1)]


class Check(Node):
    """A condition that each row keeps, at creation and after each change."""

    check: str
    on: Annotated[
        Literal["create"] | None,
        Field(description="Asked at creation alone, and of no change."),
    ] = None
    message: Message

    @property
    def lasts(self) -> bool:
        """Say whether a row keeps it after each change, too."""
        return self.on is None


class Frozen(Node):
    """What cannot be done with a row while a condition holds."""

    frozen: Annotated[list[Change], Field(min_length=1)]
    fields: Annotated[
        list[str], Field(description="Only these cannot be changed, if given.")
    ] = []
    when: str
    message: Message


class NoOverlap(Node):
    """No two rows of the same `per` lie in time at once."""

    no_overlap: Annotated[
        list[str],
        Field(min_length=2, max_length=2, description="The fields of begin and end."),
    ]
    per: Words
    when: str | None = None
    message: Message


def _kind_of_rule(value: object) -> str:
    """Tell rules apart by the word that only one of them has."""
    for kind in ("frozen", "no_overlap"):
        if hasattr(value, kind) or (isinstance(value, dict) and kind in value):
            return kind
    return "check"


Rule: TypeAlias = Annotated[
    Annotated[Check, Tag("check")]
    | Annotated[Frozen, Tag("frozen")]
    | Annotated[NoOverlap, Tag("no_overlap")],
    Discriminator(_kind_of_rule),
]


class Limits(Node):
    """How many rows there may be."""

    per_owner: Annotated[int, Field(ge=1)] | None = None
    per_parent: Annotated[
        dict[str, Annotated[int, Field(ge=1)] | str],
        Field(description="For each parent: a number, or the name of its field."),
    ] = {}


class Resource(Node):
    """One kind of row. Only the operations that `access` names exist."""

    description: Annotated[str, Field(max_length=200)] = ""
    plural: Annotated[str | None, Field(description="If an s is not enough.")] = None
    owned_by: Literal["user"] | None = None
    one_per_user: bool = False
    belongs_to: dict[str, Parent] = {}
    many_to_many: dict[str, Link] = {}
    fields: dict[str, FieldSpec] = {}
    access: Annotated[dict[Operation, Grants], Field(min_length=1)]
    listing: Annotated[Listing | None, Field(alias="list")] = None
    states: States | None = None
    rules: list[Rule] = []
    limits: Limits = Limits()
    embed: Annotated[
        list[str],
        Field(description="Parents, links or children to show inside the row."),
    ] = []
    seed: Annotated[
        list[dict[str, JsonValue]], Field(description="Rows that are there at once.")
    ] = []

    @property
    def lasting(self) -> list[Check]:
        """Return the checks that a row keeps after each change, too."""
        return [rule for rule in self.rules if isinstance(rule, Check) and rule.lasts]

    @property
    def checks(self) -> list[Check]:
        """Return all that a new row is asked, in this order: what lasts comes first."""
        checks = [rule for rule in self.rules if isinstance(rule, Check)]
        return [*self.lasting, *(rule for rule in checks if not rule.lasts)]


class Given(Node):
    """A row that is there: its resource, with what is said of it, and who made it."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "additionalProperties": {"type": ["object", "null"]},
            "examples": [{"pet": {"name": "Miso"}, "as": "owner"}],
        },
    )
    __pydantic_extra__: dict[str, JsonValue]

    as_: Annotated[
        str | None,
        Field(alias="as", description="Who makes it, if the tests need not choose."),
    ] = None
    called: Annotated[
        str | None, Field(description="Its name, where the resource's is not enough.")
    ] = None
    after: Annotated[list[str], Field(description="The moves made with it then.")] = []

    @property
    def rows(self) -> dict[str, JsonValue]:
        """Return what is said of a row, by its resource; of one, where all is well."""
        return self.__pydantic_extra__

    @property
    def resource(self) -> str:
        """Return the resource that it is a row of."""
        return next(iter(self.rows), "")

    @property
    def values(self) -> dict[str, JsonValue]:
        """Return what is said of the row."""
        said = self.rows.get(self.resource)
        return said if isinstance(said, dict) else {}

    @property
    def name(self) -> str:
        """Return what refers to it: `{pet}` to the row that is called `pet`."""
        return self.called or self.resource


class Outcome(Node):
    """What comes of a request."""

    status: Annotated[int, Field(examples=[200, 404])]
    body: Annotated[
        dict[str, JsonValue] | None, Field(description="A part of the answer.")
    ] = None
    message: Annotated[
        Message | None, Field(description="What a refusal says, as its rule has it.")
    ] = None
    log: Annotated[
        str | None, Field(description="The only event.", examples=["visit.confirmed"])
    ] = None


class Scenario(Node):
    """A request after some rows were made, and what comes of it: one test."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    given: list[Given] = []
    as_: Annotated[
        str, Field(alias="as", description="`public`, `owner`, `other`, or a role.")
    ]
    when: Annotated[str, Field(examples=["GET /pets/{pet}"])]
    body: Annotated[
        JsonValue, Field(description="The request's; `{pet}` is the id of a given row.")
    ] = None
    then: Outcome


class Requirements(Node):
    """The structured form of `requirements`."""

    resources: Annotated[dict[str, Resource], Field(min_length=1)]
    roles: Annotated[
        list[str], Field(description="Roles beside user and admin, such as vet.")
    ] = []
    scenarios: Annotated[
        list[Scenario], Field(description="What must be so, each of them a test.")
    ] = []

"""The endpoints of a resource: method, path, and the call that answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from petsage_builder.plan.grants import grants_of
from petsage_builder.wording import path

if TYPE_CHECKING:
    from petsage_builder.plan.resources import ResourceView

CALLERS = {"Actor": "CurrentUser", "Actor | None": "OptionalUser"}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint, as the router declares it."""

    operation: str
    method: str
    path: str
    name: str
    doc: str
    parameters: tuple[str, ...]
    call: str
    returns: str
    model: str = ""
    status: str = ""
    body: str = ""


def endpoints(view: "ResourceView") -> Iterator[Endpoint]:
    """Give the endpoints of a resource, in the order of its operations."""
    maker = _Maker(view)
    if view.has("create"):
        yield maker.create()
    if view.has("list"):
        yield maker.list()
        yield from maker.nested()
    item = f"{view.path}/{{{view.id}}}"
    own = f"{view.path}/me"
    for operation, method in (
        ("get", "get"),
        ("update", "patch"),
        ("replace", "put"),
        ("delete", "delete"),
    ):
        if not view.has(operation):
            continue
        if maker.has_own(operation):
            yield maker.item(operation, method, own, is_own=True)
        yield maker.item(operation, method, item)
    for move in view.moves:
        yield maker.move(move.action, f"{item}/{move.path}", move.model, move.doc)


class _Maker:
    def __init__(self, view: "ResourceView") -> None:
        self.view = view

    def caller(self, actor: str, *, told: bool = True) -> tuple[str, ...]:
        """Return the parameter that stands for the caller; `_` if nobody reads it."""
        if self.view.is_partial:
            return (f"actor: {CALLERS[actor or 'Actor | None']}",)
        name = "actor" if told else "_"
        return (f"{name}: {CALLERS[actor]}",) if actor else ()

    def _people(self, operation: str) -> set[str]:
        """Return who may do something, under whatever condition."""
        grants = grants_of(self.view.subject.resource, operation)
        return {grant.who for grant in grants}

    def has_own(self, operation: str) -> bool:
        """Say whether a user does something with the only row that is theirs."""
        grants = grants_of(self.view.subject.resource, operation)
        everybody = {grant.who for grant in grants if grant.when is None}
        may = "owner" in self._people(operation) or everybody & {"user", "public"}
        return self.view.one_per_user and bool(may)

    def answer(self, text: str) -> tuple[str, str]:
        """Return the call as it is returned, and the type that the router says."""
        view = self.view
        if not view.is_partial:
            return f"return await {text}", view.camel
        shown = f"service.show_{view.name}(await {text}, actor)"
        return f"return {shown}", f"models.{view.camel}Response"

    def create(self) -> Endpoint:
        view = self.view
        actor = view.creator
        given = ["session", *["actor"] * bool(actor), *["data"] * view.has_body]
        call = f"service.create_{view.name}({', '.join(given)})"
        body, returns = self.answer(call)
        return Endpoint(
            "create",
            "post",
            f"{view.path}/",
            f"create_{view.name}",
            f"Create {view.a}.",
            (
                "session: DatabaseSession",
                *self.caller(actor),
                *[f"data: models.{view.camel}Create"] * view.has_body,
            ),
            body,
            returns,
            f"models.{view.camel}Response",
            "HTTP_201_CREATED",
            f"{view.camel}Create" * view.has_body,
        )

    def list(self) -> Endpoint:
        view = self.view
        actor, told = view.listing_way.actor, view.actor_of("list")
        call = f"service.list_{view.plural}(session, {'actor, ' if told else ''}query)"
        some = "" if view.listing_way.visible == "true()" else " that you may see"
        doc = f"List {view.labels}{some}."
        return self._listed(
            "list",
            f"{view.path}/",
            f"list_{view.plural}",
            doc,
            self.caller(actor, told=bool(told)),
            (),
            f"{view.camel}Query",
            call,
        )

    def nested(self) -> Iterator[Endpoint]:
        view = self.view
        for parent in view.nested:
            told = view.nested_actor(parent)
            actor = told if told == "Actor" else view.listing_way.actor or told
            name = f"list_{view.plural}_of_{parent.role}"
            known = "actor, " if told else ""
            call = f"service.{name}(session, {known}{parent.column}, query)"
            doc = f"List the {view.labels} of one {parent.label}."
            where = f"{parent.path}/{{{parent.column}}}{path(view.plural)}/"
            yield self._listed(
                "nested",
                where,
                name,
                doc,
                self.caller(actor, told=bool(told)),
                (f"{parent.column}: UUID",),
                view.nested_query(parent),
                call,
            )

    def _listed(  # noqa: PLR0913, PLR0917 - what two lists differ in
        self,
        operation: str,
        where: str,
        name: str,
        doc: str,
        caller: tuple[str, ...],
        more: tuple[str, ...],
        query: str,
        call: str,
    ) -> Endpoint:
        view = self.view
        prefix = "Counted" if view.listing.total else ""
        item = f"models.{view.camel}{'Item' if view.has_items else 'Response'}"
        body, returns = f"return await {call}", f"{prefix}Slice[{view.camel}]"
        if view.is_partial:
            returns = f"{prefix}Slice[models.{view.camel}Response]"
            extra = ", found.total" if prefix else ""
            body = (
                f"found = await {call}\n    "
                f"shown = [service.show_{view.name}(row, actor) "
                "for row in found.items]\n    "
                f"return {prefix}Slice(shown, found.next{extra})"
            )
        return Endpoint(
            operation,
            "get",
            where,
            name,
            doc,
            (
                "session: DatabaseSession",
                *caller,
                *more,
                f"query: Annotated[models.{query}, Query()]",
            ),
            body,
            returns,
            f"{prefix}Page[{item}]",
        )

    def item(
        self, operation: str, method: str, where: str, *, is_own: bool = False
    ) -> Endpoint:
        view = self.view
        actor = "Actor" if is_own else view.way(operation).actor
        data = {"update": "Patch", "replace": "Replace"}.get(operation, "")
        row = f"await service.own_{view.name}_id(session, actor)" if is_own else view.id
        known = view.actor_of(operation)
        arguments = ", ".join(
            ["session", *(["actor"] if known else []), row, *(["data"] if data else [])]
        )
        call = f"service.{operation}_{view.name}({arguments})"
        verbs = {
            "get": "Get",
            "update": "Change some fields of",
            "replace": "Replace",
            "delete": "Delete",
        }
        what = f"your {view.label}" if is_own else f"one {view.label}"
        what += view.goes_along * (operation == "delete")
        body, returns = self.answer(call)
        if operation == "delete":
            body, returns = f"await {call}", "None"
        return Endpoint(
            f"{operation}{'_own' if is_own else ''}",
            method,
            where,
            f"{operation}_{'own_' if is_own else ''}{view.name}",
            f"{verbs[operation]} {what}.",
            (
                "session: DatabaseSession",
                *self.caller(actor, told=bool(known) or is_own),
                *(() if is_own else (f"{view.id}: UUID",)),
                *((f"data: models.{view.camel}{data}",) if data else ()),
            ),
            body,
            returns,
            "" if operation == "delete" else f"models.{view.camel}Response",
            "HTTP_204_NO_CONTENT" if operation == "delete" else "",
            f"{view.camel}{data}" if data else "",
        )

    def move(self, action: str, where: str, model: str, doc: str) -> Endpoint:
        view = self.view
        actor = view.way(action).actor
        given = ["session", *["actor"] * bool(actor), view.id, *["data"] * bool(model)]
        call = f"service.{action}_{view.name}({', '.join(given)})"
        body, returns = self.answer(call)
        return Endpoint(
            action,
            "post",
            where,
            f"{action}_{view.name}",
            doc,
            (
                "session: DatabaseSession",
                *self.caller(actor),
                f"{view.id}: UUID",
                *((f"data: models.{model}",) if model else ()),
            ),
            body,
            returns,
            f"models.{view.camel}Response",
            "",
            model,
        )

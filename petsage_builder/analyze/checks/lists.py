"""Lists: filters, keys and searches are over fields that can serve them."""

from collections.abc import Iterator

from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.errors import Problem
from petsage_builder.spec.fields import EnumField
from petsage_builder.wording import one_of


def check_lists(subject: Subject) -> Iterator[Problem]:
    """Give each part of a list that no query could answer."""
    listing, where = subject.resource.listing, f"{subject.where}.list"
    if listing is None:
        return
    if "list" not in subject.resource.access:
        yield Problem(where, "nobody may list", "list in access, or no list here")
    for part in ("filter", "sort", "search"):
        names: list[str] = getattr(listing, part)
        known = subject.resource.many_to_many if part == "filter" else {}
        columns = [name for name in names if name not in known]
        yield from subject.unknown_columns(columns, f"{where}.{part}")
        yield from subject.inherited_owner(names, f"{where}.{part}")
        for index, name in enumerate(names):
            if name in subject.columns and (why := _unfit(subject, part, name)):
                fit = (n for n in subject.columns if not _unfit(subject, part, n))
                place = f"{where}.{part}[{index}]"
                yield Problem(place, f"{name!r} {why}", ", ".join(fit))
    yield from _ambiguous(subject)
    key = listing.default_sort.removeprefix("-")
    if key not in {*listing.sort, "created_at"}:
        what = f"{key[:80]!r} is no sort key"
        yield Problem(f"{where}.default_sort", what, ", ".join(listing.sort))


def _ambiguous(subject: Subject) -> Iterator[Problem]:
    """Give each filter by a link that has the name of another filter."""
    resource = subject.resource
    taken = {f"{role}_id" for role in resource.belongs_to} | subject.columns.keys()
    for index, name in enumerate(resource.listing.filter if resource.listing else ()):
        if link := resource.many_to_many.get(name):
            target = subject.vocabulary.target(name, link)
            plural = target.resource.plural if target else None
            one = one_of(name, link.to or name, plural)
            if f"{one}_id" in taken:
                what = f"would be the filter '{one}_id', as a parent's or a field's is"
                place = f"{subject.where}.list.filter[{index}]"
                yield Problem(place, what, "another name for the link")


def _unfit(subject: Subject, part: str, name: str) -> str:
    field, kind = subject.stored.get(name), subject.columns[name]
    if getattr(field, "write_only", False) or getattr(field, "sensitive", False):
        return "is never shown in a list"
    if name == "id":
        return "is no filter: it finds one row at most"
    if kind is None:
        return "has values that cannot be compared"
    if part == "search" and (
        kind != "text" or isinstance(field, EnumField) or not field
    ):
        return "is no text to search in"
    if part == "sort" and kind in {"boolean", "id"}:
        return "has no order that a reader would see"
    return ""

"""Lists: filters, keys and searches are over fields that can serve them."""

from collections.abc import Iterator

from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.errors import Problem
from petsage_builder.spec.fields import EnumField


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
    key = listing.default_sort.removeprefix("-")
    if key not in {*listing.sort, "created_at"}:
        what = f"{key[:80]!r} is no sort key"
        yield Problem(f"{where}.default_sort", what, ", ".join(listing.sort))


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

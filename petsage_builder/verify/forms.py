"""Whether two answers are the same, but for what no README can know before."""

import re
from itertools import starmap
from typing import Any

FORMS = (
    re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    re.compile(r"\d{4}-\d\d-\d\d"),
    re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"),
)


def alike(shown: Any, found: Any, said: str) -> bool:  # noqa: ANN401 - JSON is any value
    """Say whether `found` is as `shown`.

    Ids, days and moments need only look alike, unless the request has `said` them; an
    ellipsis stands for anything.
    """
    match shown, found:
        case dict(), dict():
            return shown.keys() == found.keys() and all(
                alike(shown[name], found[name], said) for name in shown
            )
        case list(), list():
            pairs = zip(shown, found, strict=False)
            same = starmap(lambda one, other: alike(one, other, said), pairs)
            return len(shown) == len(found) and all(same)
        case "…", _:
            return True
        case str(), str() if shown not in said:
            both = (shown, found)
            return shown == found or any(all(map(f.fullmatch, both)) for f in FORMS)
        case _:
            return type(shown) is type(found) and bool(shown == found)

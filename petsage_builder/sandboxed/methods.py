"""What is answered to the methods that a path does not have."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

from schemathesis import Case

Method: TypeAlias = Literal["DELETE", "GET", "PATCH", "POST", "PUT"]

METHODS: tuple[Method, ...] = ("DELETE", "GET", "PATCH", "POST", "PUT")


def wrong_methods(
    cases: Mapping[str, Mapping[str, Case[Any]]], document: Mapping[str, Any], url: str
) -> Iterator[str]:
    """Give each undocumented method of a path that is not answered by a true 405.

    `cases` are some requests, by path and method.
    """
    for path, known in cases.items():
        case = next(iter(known.values()))
        expected = set(_methods(case.formatted_path, document))
        for method in METHODS:
            if method in expected:
                continue
            wrong = case.operation.Case(
                method=method, path_parameters=case.path_parameters
            )
            response = wrong.call(base_url=url)
            told = set(response.headers.get("allow", [""])[0].split(", "))
            if response.status_code != 405 or told != expected:  # noqa: PLR2004
                yield (
                    f"{method} {path}: answers {response.status_code} with Allow "
                    f"{sorted(told)}, and not 405 with {sorted(expected)}"
                )


def _methods(path: str, document: Mapping[str, Any]) -> Iterator[str]:
    """Give the methods of all operations that answer below a path."""
    for template, item in document["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, path):
            yield from (method.upper() for method in item)

"""What many included routers would do to the start of an application."""

from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from inspect import getclosurevars, isfunction, unwrap
from typing import Any

from fastapi import FastAPI
from starlette.types import Lifespan

OUTER, INNER = "original_context", "nested_context"


def flatten(lifespan: Lifespan[FastAPI]) -> Lifespan[FastAPI]:
    """Return the same lifespan without the recursion.

    With each router that it includes, FastAPI puts the lifespan so far into another
    one. About 450 of these are deeper than Python's stack.
    """
    parts = [*_parts(lifespan)][::-1]

    @asynccontextmanager
    async def flat(app: FastAPI) -> AsyncGenerator[Any]:
        state: dict[str, Any] = {}
        async with AsyncExitStack() as stack:
            for part in parts:
                more: Any = await stack.enter_async_context(part(app))
                state |= more or {}
            yield state or None

    return flat


def _parts(lifespan: Lifespan[FastAPI]) -> Iterator[Lifespan[FastAPI]]:
    """Give the innermost first."""
    while {OUTER, INNER} <= (around := _closure(lifespan)).keys():
        yield around[INNER]
        lifespan = around[OUTER]
    yield lifespan


def _closure(lifespan: Lifespan[FastAPI]) -> Mapping[str, Any]:
    function = unwrap(lifespan)
    return getclosurevars(function).nonlocals if isfunction(function) else {}

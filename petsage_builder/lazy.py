"""Properties that are worked out once, when they are first asked for."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Value = TypeVar("Value")


class _Lazy(Generic[Value]):
    """What `lazy` makes of a method."""

    def __init__(self, method: Callable[[Any], Value]) -> None:
        self._method = method
        self._name = method.__name__
        self.__doc__ = method.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> "_Lazy[Value]": ...

    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...

    def __get__(self, instance: object | None, owner: type) -> "_Lazy[Value] | Value":
        """Return the value, and leave it where Python looks before it asks here."""
        if instance is None:
            return self
        value = self._method(instance)
        instance.__dict__[self._name] = value
        return value


def lazy(method: Callable[[Any], Value]) -> _Lazy[Value]:
    """Let a method be a property whose value is kept.

    Two threads that ask at once may both work it out. In Python 3.11,
    `functools.cached_property` holds a lock of its class meanwhile: two threads that
    ask for properties which need each other wait without end.
    """
    return _Lazy(method)

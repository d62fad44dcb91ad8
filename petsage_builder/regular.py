"""Regular expressions as Python itself reads them, which its type stubs do not tell."""

from importlib import import_module
from typing import Any

codes: Any = import_module("re._constants")
parse: Any = import_module("re._parser").parse

"""Tests, which know nothing of the environment that they run in."""

import os

for name in list(os.environ):
    if name.upper().startswith(("LOG_", "OTEL_")) or (
        name.upper().endswith(("_PROXY", "_CA_BUNDLE"))
        or name.upper() in {"HOST", "PORT", "MAX_BODY_SIZE"}
    ):
        del os.environ[name]

"""Turn a payload into a proven feature of a FastAPI backend."""

__version__ = "0.1.0"

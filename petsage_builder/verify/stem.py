"""What programs of a proof may find imported already: code that the build leaves as is.

That is code of which it is known that to import it does nothing else: of the skeleton,
and of features that keep apart and rest on nothing that is being built.
"""

from collections.abc import Iterable, Iterator, Mapping

from petsage_builder.blueprint import is_of_skeleton
from petsage_builder.blueprint.backend import MAIN
from petsage_builder.manifest import Manifest
from petsage_builder.verify.parts import Part

APP = "app/"
CORE = "app/core/"
RUN = "__main__"  # what is run by its name, not imported

Stem = Mapping[str, tuple[str, list[str]]]


def stem(
    own: str,
    files: Mapping[str, bytes],
    built: Mapping[str, Manifest],
    parts: Mapping[str, Part],
) -> Stem:
    """Return the modules that may be imported, with the digest of each part.

    The feature `own` is what the proof is about. None may be if the core is not that of
    the skeleton.
    """
    if not all(is_of_skeleton(p, c) for p, c in files.items() if p.startswith(CORE)):
        return {}
    made = {path for manifest in built.values() for path in manifest.artifacts}
    base = {p for p, c in files.items() if p not in made and is_of_skeleton(p, c)}
    return {
        name: (part.sha256, [*_modules(built[name].artifacts if name else base)])
        for name, part in parts.items()
        if own not in part.needs
    }


def _modules(paths: Iterable[str]) -> Iterator[str]:
    for path in sorted(paths):
        if not path.startswith(APP) or not path.endswith(".py") or path == MAIN:
            continue
        module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        if not module.endswith(RUN):
            yield module

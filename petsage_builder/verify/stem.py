"""What programs of a proof may find imported already: code that the build leaves as is.

That is code of which it is known that to import it does nothing else: of the skeleton,
and of features that keep apart and rest on nothing that is being built.
"""

from collections.abc import Iterator, Mapping

from petsage_builder.blueprint import is_of_skeleton
from petsage_builder.blueprint.backend import MAIN
from petsage_builder.manifest import Manifest
from petsage_builder.verify.parts import BASE, Part

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
    found = {}
    for name, part in parts.items():
        if own not in part.needs:
            paths = files if name == BASE else built[name].artifacts
            modules = list(_modules(paths, files, base=name == BASE))
            found[name] = (part.sha256, modules)
    return found


def _modules(
    paths: Mapping[str, object], files: Mapping[str, bytes], *, base: bool
) -> Iterator[str]:
    for path in sorted(paths):
        if not path.startswith(APP) or not path.endswith(".py") or path == MAIN:
            continue
        if base and not is_of_skeleton(path, files[path]):
            continue
        module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        if not module.endswith(RUN):
            yield module

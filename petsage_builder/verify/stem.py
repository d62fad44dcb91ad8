"""What programs of a proof may find imported already: code that the build leaves as is.

That is code of which it is known that to import it does nothing else: of the skeleton,
and of features that keep apart and rest on nothing that is being built.
"""

from collections.abc import Iterable, Iterator, Mapping

from petsage_builder.blueprint import SOURCE, is_of_skeleton
from petsage_builder.blueprint.backend import MAIN
from petsage_builder.digest import sha256
from petsage_builder.manifest import Manifest
from petsage_builder.verify.parts import BASE, Part

APP = "app/"
RUN = "__main__"  # what is run by its name, not imported

Stem = Mapping[str, tuple[str, list[str]]]


def stem(
    own: str,
    files: Mapping[str, bytes],
    built: Mapping[str, Manifest],
    parts: Mapping[str, Part],
) -> Stem:
    """Return the modules that may be imported, with the digest of each part.

    The feature `own` is what the proof is about. None may be if somebody has edited
    code of the skeleton, which others import; nor those of a feature that was edited.
    """
    made = {path for manifest in built.values() for path in manifest.artifacts}
    given = {p for p in files.keys() - made if _is_code(p) and (SOURCE / p).is_file()}
    if not all(is_of_skeleton(path, files[path]) for path in given):
        return {}
    paths = {
        BASE: given,
        **{n: m.artifacts for n, m in built.items() if _is_as_built(m, files)},
    }
    return {
        name: (part.sha256, [*_modules(paths[name])])
        for name, part in parts.items()
        if own not in part.needs and part.needs <= paths.keys()
    }


def _is_code(path: str) -> bool:
    return path.startswith(APP) and path.endswith(".py") and path != MAIN


def _is_as_built(manifest: Manifest, files: Mapping[str, bytes]) -> bool:
    """Say whether nobody has edited a feature, but for `app/main.py`."""
    return all(
        path == MAIN or sha256(files.get(path, b"")) == digest
        for path, digest in manifest.artifacts.items()
    )


def _modules(paths: Iterable[str]) -> Iterator[str]:
    for path in filter(_is_code, sorted(paths)):
        module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        if not module.endswith(RUN):
            yield module

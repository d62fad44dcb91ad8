"""What programs of a proof may find imported already: code that the build leaves as is.

That is code of which it is known that to import it does nothing else: of the skeleton,
and of features that keep apart and rest on nothing that is being built.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

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
    before: Mapping[str, bytes],
    built: Mapping[str, Manifest],
    parts: Mapping[str, Part],
) -> Stem:
    """Return the modules that may be imported, with the digest of each part.

    The feature `own` is what the proof is about; `before` are the files without it.
    None may be if somebody has edited code of the skeleton, which others import; nor
    those of a feature that was edited, or is another than before.
    """
    same = {path for path, content in files.items() if before.get(path) == content}
    made = {path for manifest in built.values() for path in manifest.artifacts}
    given = {p for p in files.keys() - made if _is_code(p) and (SOURCE / p).is_file()}
    if not all(p in same and is_of_skeleton(p, files[p]) for p in given):
        return {}
    paths = {
        BASE: given,
        **{n: m.artifacts for n, m in built.items() if _is_as_built(m, files, same)},
    }
    return {
        name: (part.sha256, [*_modules(paths[name])])
        for name, part in parts.items()
        if own not in part.needs and part.needs <= paths.keys()
    }


def _is_code(path: str) -> bool:
    return path.startswith(APP) and path.endswith(".py") and path != MAIN


def _is_as_built(
    manifest: Manifest, files: Mapping[str, bytes], same: Collection[str]
) -> bool:
    """Say whether nobody has edited a feature, but for `app/main.py`."""
    return all(
        path == MAIN or (path in same and sha256(files[path]) == digest)
        for path, digest in manifest.artifacts.items()
    )


def _modules(paths: Iterable[str]) -> Iterator[str]:
    for path in filter(_is_code, sorted(paths)):
        module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        if not module.endswith(RUN):
            yield module

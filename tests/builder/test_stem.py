"""Tests of what the programs of a proof find imported, and when they do not."""

from collections.abc import Iterator, Mapping

import pytest

from petsage_builder.blueprint.backend import read_backend
from petsage_builder.verify.earlier import parts_apart
from petsage_builder.verify.parts import Part
from petsage_builder.verify.sandbox import Completed, Sandbox, open_sandbox
from petsage_builder.verify.stem import stem
from tests.builder.conftest import PROJECT

NEW_PLACES = True
BACKEND = read_backend(PROJECT)
PARTS = parts_apart(BACKEND.files, BACKEND.built)
FILES = {
    "kept.py": "import time; WHEN = time.monotonic_ns()",
    "more.py": "import time; WHEN = time.monotonic_ns()",
    "wrong.py": "raise LookupError('wrong')",
    "app/__init__.py": "",
    "app/core/__init__.py": "",
    "app/core/config.py": "import os\n\n"
    "class Settings:\n"
    "    def __init__(self): self.level = os.environ.get('LEVEL')\n\n"
    "settings = Settings()\n",
    "when.py": "import sys, importlib\n"
    "print(importlib.import_module(sys.argv[1]).WHEN)",
    "level.py": "from app.core.config import settings; print(settings.level)",
    "fails.py": "import wrong",
    "spoils.py": "import kept; kept.WHEN = 0; print(0)",
}


def imported(
    own: str,
    files: Mapping[str, bytes] = BACKEND.files,
    parts: Mapping[str, Part] = PARTS,
) -> dict[str, list[str]]:
    found = stem(own, files, BACKEND.files, BACKEND.built, parts)
    return {name: modules for name, (_, modules) in found.items()}


def test_what_rests_on_a_feature_is_not_imported_before_it_is_proven() -> None:
    found = imported("pet_management")

    assert "app.core.tables" in found[""]
    assert "app.features.accounts.service" in found[""]
    assert "app.features.vet_directory.tables" in found["vet_directory"]
    assert not {"pet_management", "appointments", "health_records"} & found.keys()
    modules = [module for modules in found.values() for module in modules]
    assert not [m for m in modules if "pet_management" in m or "appointments" in m]
    assert not [m for m in modules if m.endswith(("main", "__main__"))]


def test_a_core_that_somebody_has_edited_is_not_imported() -> None:
    files = {**BACKEND.files, "app/core/clock.py": b"import app.features.smoke_test"}

    assert imported("pet_management", files) == {}


@pytest.mark.parametrize(
    "path", ["app/__init__.py", "app/features/accounts/service.py"]
)
def test_code_of_the_skeleton_that_others_import_is_not_edited(path: str) -> None:
    assert imported("pet_management", {**BACKEND.files, path: b"import os"}) == {}


def test_a_feature_that_somebody_has_edited_is_not_imported() -> None:
    path = "app/features/vet_directory/tables.py"
    files = {**BACKEND.files, path: BACKEND.files[path] + b"# mine"}

    assert "vet_directory" not in imported("pet_management", files)
    assert "appointments" not in imported("smoke_test", files)
    assert "pet_management" in imported("smoke_test", files)


def test_a_feature_that_was_another_before_is_not_imported() -> None:
    path = "app/features/vet_directory/tables.py"
    before = {**BACKEND.files, path: b"# mine"}

    found = stem("smoke_test", BACKEND.files, before, BACKEND.built, PARTS)

    assert not {"vet_directory", "appointments"} & found.keys()
    assert "pet_management" in found


def test_parts_that_do_not_keep_apart_are_not_imported() -> None:
    assert imported("pet_management", parts={}) == {}


@pytest.fixture
def place() -> Iterator[Sandbox]:
    files = {path: text.encode() for path, text in FILES.items()}
    with open_sandbox(backend=files) as made:
        yield made


def run(place: Sandbox, module: str, *arguments: str, **environment: str) -> Completed:
    command = ("-m", module, *arguments)
    done = place.run_python(command, seconds=60, environment=environment)
    assert done.status in (0, 1), done
    return done


def warm(place: Sandbox, **parts: str) -> None:
    """Have modules imported, each as a part of its own with a digest."""
    place.warm_up({name: (digest, [name]) for name, digest in parts.items()})


def test_a_module_is_imported_once_while_its_part_is_the_same(place: Sandbox) -> None:
    warm(place, kept="1")
    before = run(place, "when", "kept").stdout
    warm(place, kept="1", more="1")
    more = run(place, "when", "more").stdout

    assert run(place, "when", "kept").stdout == before
    assert run(place, "when", "more").stdout == more
    assert int(before) < int(more)


@pytest.mark.parametrize("parts", [{"kept": "2"}, {}])
def test_a_module_of_another_part_is_imported_anew(
    place: Sandbox, parts: dict[str, str]
) -> None:
    warm(place, kept="1")
    before = run(place, "when", "kept").stdout

    warm(place, **parts)

    assert int(run(place, "when", "kept").stdout) > int(before)


def test_what_one_program_does_to_a_module_no_other_sees(place: Sandbox) -> None:
    warm(place, kept="1")
    before = run(place, "when", "kept").stdout

    assert run(place, "spoils").stdout == "0\n"
    assert run(place, "when", "kept").stdout == before


def test_each_program_has_the_settings_of_its_own_environment(place: Sandbox) -> None:
    place.warm_up({"": ("1", ["app.core.config"])})

    assert run(place, "level").stdout == "None\n"
    assert run(place, "level", LEVEL="DEBUG").stdout == "DEBUG\n"
    assert run(place, "level").stdout == "None\n"


def test_a_module_that_cannot_be_imported_is_told_by_who_needs_it(
    place: Sandbox,
) -> None:
    warm(place, wrong="1", kept="1")

    failed = run(place, "fails")

    assert failed.status == 1
    assert "LookupError: wrong" in failed.stderr
    assert run(place, "when", "kept").stdout


MADE = b"""
import app.features.pet_management.router as pets
from hypothesis.internal.charmap import intervals_from_codec
from hypothesis.internal.conjecture import providers

is_read = providers._sys_modules_len is not None
is_listed = intervals_from_codec.cache_info().currsize > 0
print("_document" in vars(pets.router), is_read, is_listed)
print(*(known.intervals for known in intervals_from_codec("utf-8")))
"""


def test_documents_are_made_and_constants_read_before_programs_run() -> None:
    with open_sandbox(backend={**BACKEND.files, "made.py": MADE}) as place:
        apart = {"HYPOTHESIS_STORAGE_DIRECTORY": str(place.work / "apart")}
        alone, listed = run(place, "made", **apart).stdout.splitlines()
        files = BACKEND.files
        place.warm_up(stem("smoke_test", files, files, BACKEND.built, PARTS))
        warmed = run(place, "made").stdout.splitlines()

    assert alone == "False False False"
    assert warmed == ["True True True", listed]


def test_a_program_in_a_folder_that_is_the_same_finds_it_imported(
    place: Sandbox,
) -> None:
    other = place.work / "before"
    (other / "app").mkdir(parents=True)
    (other / "when.py").write_text(FILES["when.py"])
    (other / "app" / "main.py").write_text("from kept import WHEN")
    (place.backend / "app" / "main.py").write_text("WHEN = 'here'")

    place.warm_up({"": ("1", ["kept", "app.core.config"])}, "before")

    here, kept = (run(place, "when", name).stdout for name in ("app.main", "kept"))
    there = place.run_python(("-m", "when", "app.main"), seconds=60, folder="before")
    assert here == "here\n"
    assert there.stdout == kept


def test_a_program_in_another_folder_finds_nothing_imported(place: Sandbox) -> None:
    warm(place, kept="1")
    inside = run(place, "when", "kept").stdout
    elsewhere = place.work / "elsewhere"
    elsewhere.mkdir()
    for name in ("kept.py", "when.py"):
        (elsewhere / name).write_text(FILES[name])

    done = place.run_python(
        ("-m", "when", "kept"), seconds=60, folder="elsewhere", environment={}
    )

    assert int(done.stdout) > int(inside)


def test_a_program_that_does_not_end_is_killed(place: Sandbox) -> None:
    (place.backend / "sleeps.py").write_text("import time; time.sleep(60)")
    warm(place, kept="1")
    before = run(place, "when", "kept").stdout

    assert place.run_python(("-m", "sleeps"), seconds=1).status is None
    assert run(place, "when", "kept").stdout == before

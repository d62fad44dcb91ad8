"""The cases between them use the whole language, and each becomes a feature."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from petsage_builder.align import align
from petsage_builder.analyze import analyze
from petsage_builder.blueprint.backend import Backend, read_backend
from petsage_builder.decode import Request
from petsage_builder.decode.yaml_syntax import parse_yaml
from petsage_builder.errors import RefusedError
from petsage_builder.generate import generate
from petsage_builder.layout import LONGEST
from petsage_builder.manifest import read_manifest
from petsage_builder.spec import Resources, fields, resources
from petsage_builder.spec.fields import FieldSpec

CASES = {
    path.stem: path for path in sorted((Path(__file__).parent / "cases").iterdir())
}
FIELDS: tuple[type[BaseModel], ...] = get_args(get_args(FieldSpec)[0])
TYPES = [t for m in FIELDS for t in get_args(m.model_fields["type"].annotation)]
OPERATIONS = get_args(resources.Operation)
# What a choice of words offers: the option, and the words.
CHOICES = {
    "on_delete": get_args(resources.OnDelete),
    "frozen": get_args(resources.Change),
    "items": get_args(fields.ListField.model_fields["items"].annotation),
    "default": ("now", "today", "new", "caller"),
    "not_before": ("now", "today"),
    "not_after": ("now", "today"),
    "who": ("public", "user", "owner"),
    "type": TYPES,
}


def payload(name: str) -> dict[str, Any]:
    """Return the payload of a case."""
    content: Any = parse_yaml(CASES[name].read_text("utf-8"))
    assert isinstance(content, dict)
    return content


def spec_of(name: str) -> Resources:
    """Analyze a case."""
    said = payload(name)
    request = Request(
        said["feature"], said["description"], said["requirements"], "yaml"
    )
    spec = analyze(request)
    assert isinstance(spec, Resources)
    return spec


def needs(name: str) -> set[str]:
    """Return the other features that a case refers to."""
    found = payload(name)["requirements"]["resources"].values()
    parts = (
        r.get(part) or {} for r in found for part in ("belongs_to", "many_to_many")
    )
    links = (link or {} for part in parts for link in part.values())
    return {link["feature"] for link in links if "feature" in link}


def built(backend: Backend, name: str) -> Backend:
    """Return the backend with a feature, and those that it refers to, built into it."""
    for other in sorted(needs(name)):
        backend = built(backend, other)
    return _with(backend, name)[0]


def _with(backend: Backend, name: str) -> tuple[Backend, dict[str, bytes]]:
    plan = align(spec_of(name), backend)
    untested = tuple(path for path in plan.files if not path.startswith("tests/"))
    files = dict(generate(replace(plan, files=untested)).files)
    manifest = read_manifest(files[f".petsage/{name}.json"])
    files_then = {**backend.files, **files}
    return replace(
        backend, files=files_then, built={**backend.built, name: manifest}
    ), files


def parts_of(node: object) -> Iterator[BaseModel]:
    """Give every part of a spec."""
    match node:
        case BaseModel():
            yield node
            for name in type(node).model_fields:
                yield from parts_of(getattr(node, name))
        case dict() | list():
            for inner in node.values() if isinstance(node, dict) else node:
                yield from parts_of(inner)


@pytest.fixture(scope="module")
def parts() -> list[BaseModel]:
    """Give every part of every case."""
    specs = map(spec_of, CASES)
    return [part for spec in specs for part in parts_of(spec.requirements)]


def test_the_cases_use_every_option_of_every_part(parts: list[BaseModel]) -> None:
    used = {(type(part), name) for part in parts for name in part.model_fields_set}
    known = {
        (model, name)
        for module in (fields, resources)
        for model in vars(module).values()
        if isinstance(model, type) and issubclass(model, fields.Node)
        for name in model.model_fields
        if "type" not in type(model).__name__
    }
    abstract = {fields.Node, fields.AnyField, fields.Bounded, fields.Timed}
    common = {*fields.AnyField.model_fields, *fields.Bounded.model_fields}
    anywhere = {name for _, name in used}

    missing = {
        f"{model.__name__}.{name}"
        for model, name in known - used
        if model not in abstract and (name not in common or name not in anywhere)
    }
    assert missing == set()


@pytest.mark.parametrize(("option", "words"), CHOICES.items())
def test_the_cases_use_every_word_of_a_choice(
    parts: list[BaseModel], option: str, words: tuple[str, ...]
) -> None:
    found = [getattr(part, option) for part in parts if hasattr(part, option)]
    lists = (value if isinstance(value, list) else [value] for value in found)
    said = {word for value in lists for word in value if isinstance(word, str)}

    assert set(words) - said == set()


def test_the_cases_grant_every_operation(parts: list[BaseModel]) -> None:
    known = [part for part in parts if isinstance(part, resources.Resource)]

    assert {name for part in known for name in part.access} == set(OPERATIONS)


@pytest.mark.parametrize("name", CASES)
def test_a_case_becomes_a_feature_of_short_modules(name: str, whole: Path) -> None:
    backend = read_backend(whole)
    for other in sorted(needs(name)):
        backend = built(backend, other)

    _, files = _with(backend, name)

    modules = {path: text for path, text in files.items() if path.endswith(".py")}
    assert f"app/features/{name}/tables.py" in modules
    assert {p: t for p, t in modules.items() if t.count(b"\n") > LONGEST} == {}


@pytest.mark.parametrize("name", ["job_applications", "reviews"])
def test_what_is_never_shown_is_in_no_answer(name: str, whole: Path) -> None:
    backend = read_backend(whole)
    for other in sorted(needs(name)):
        backend = built(backend, other)
    models = _with(backend, name)[1][f"app/features/{name}/models.py"]
    never = {
        field
        for resource in spec_of(name).requirements.resources.values()
        for field, said in resource.fields.items()
        if getattr(said, "write_only", False)
    }

    shown = {
        line.target.id
        for node in ast.parse(models).body
        if isinstance(node, ast.ClassDef) and node.name.endswith(("Response", "Item"))
        for line in node.body
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
    }
    assert never
    assert shown
    assert never & shown == set()


def test_long_tests_are_divided_by_resource_and_fields(whole: Path) -> None:
    files = generate(align(spec_of("surveys"), read_backend(whole))).files

    tests = {path: text for path, text in files.items() if path.startswith("tests/")}
    assert sorted(tests) == [
        "tests/facts/surveys/__init__.py",
        "tests/facts/surveys/answer_sheets.py",
        "tests/facts/surveys/fields_of_answer_sheets.py",
        "tests/test_surveys.py",
    ]
    assert max(text.count(b"\n") for text in tests.values()) <= LONGEST


HOSTILE = 'ends""" + __import__("os").getcwd() + """ \\ and \u2013 begins'


def test_no_text_of_a_payload_becomes_code(whole: Path) -> None:
    field = {"type": "string", "description": HOSTILE, "default": HOSTILE}
    note: Any = {
        "description": HOSTILE,
        "fields": {"text": field},
        "rules": [{"check": 'text != "x"', "message": HOSTILE}],
        "access": {"create": ["user"], "list": ["user"]},
    }
    spec = analyze(Request("notes", HOSTILE, {"resources": {"note": note}}, "json"))
    plan = align(spec, read_backend(whole))
    untested = tuple(path for path in plan.files if not path.startswith("tests/"))

    files = generate(replace(plan, files=untested)).files

    for path, content in files.items():
        if path.startswith("app/features/"):
            nodes = ast.walk(parsed(path, content))
            names = {node.id for node in nodes if isinstance(node, ast.Name)}
            assert "__import__" not in names


def parsed(path: str, content: bytes) -> ast.Module:
    """Return the tree of a module; that of another file is empty."""
    return ast.parse(content if path.endswith(".py") else "")


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        ({"record": {}}, "'Record' would be two things in tables.py"),
        ({"note": {"date": {"type": "date"}}}, "'date' would be an attribute"),
        ({"account": {}}, "the table 'accounts' is that of app/features/accounts"),
    ],
)
def test_what_would_clash_is_refused(
    resources: dict[str, Any], said: str, whole: Path
) -> None:
    kinds: Any = {
        name: {"fields": fields, "access": {"create": ["user"], "list": ["user"]}}
        for name, fields in resources.items()
    }
    spec = analyze(Request("notes", "Notes.", {"resources": kinds}, "json"))

    with pytest.raises(RefusedError) as refused:
        generate(align(spec, read_backend(whole)))

    assert said in refused.value.problems[0].what

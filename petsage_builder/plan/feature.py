"""A feature with data, ready to be written down for one backend."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, TypeAlias

from petsage_builder.allowances import NOTHING, Allowances
from petsage_builder.analyze.vocabulary import Subject, Vocabulary
from petsage_builder.blueprint.backend import Backend
from petsage_builder.lazy import lazy
from petsage_builder.manifest import Manifest
from petsage_builder.plan.examples import examples
from petsage_builder.plan.facts import facts_of_all, tables
from petsage_builder.plan.facts.fact import Fact
from petsage_builder.plan.found import Found, found_facts, known
from petsage_builder.plan.history import depends_on
from petsage_builder.plan.names import Names
from petsage_builder.plan.ownership import plural, relations_of
from petsage_builder.plan.readme import Readme
from petsage_builder.plan.relations import LinkView, ParentView
from petsage_builder.plan.resources import ResourceView
from petsage_builder.plan.seeds import seeds
from petsage_builder.plan.testing import Testing
from petsage_builder.spec import Resources
from petsage_builder.wording import camel, joined

LONGEST_SUBJECT = 40
# A row of a table of the tests: the plural of its resource, the table, its source.
LeftOut: TypeAlias = tuple[str, str, str]


@dataclass(frozen=True)
class ResourcesPlan:
    """A feature with data: what is kept, for whom, and every file of it."""

    spec: Resources
    backend: Backend
    names: Names
    vocabulary: Vocabulary
    files: tuple[str, ...]
    main: str
    current: Manifest | None
    allowances: Allowances = NOTHING
    left_out: frozenset[LeftOut] = frozenset()
    found: tuple[Found, ...] = ()

    @property
    def views(self) -> tuple[ResourceView, ...]:
        """Return its resources, parents first."""
        return tuple(
            ResourceView(Subject(self.vocabulary, name))
            for name in _ordered(self.vocabulary)
        )

    @property
    def routes(self) -> tuple[str, ...]:
        """Return the paths that it answers."""
        paths = (e.path for view in self.views for e in view.endpoints)
        return tuple(dict.fromkeys(paths))

    @lazy
    def testing(self) -> Testing:
        """Return what its tests are written from."""
        return Testing(self.names, self.views)

    @lazy
    def facts(self) -> Mapping[str, tuple[Fact, ...]]:
        """Return what its tests state, by resource. Raise `RefusedError`."""
        return {
            many: tuple(f for f in facts if (many, f.table, f.row) not in self.left_out)
            for many, facts in self._all_facts
        }

    @property
    def _all_facts(self) -> Iterator[tuple[str, tuple[Fact, ...]]]:
        """Give what is planned, and what was found, by resource."""
        for t in self.testing.own:
            found = found_facts(self.testing, t, self.told_apart)
            yield t.view.plural, (*self._planned[t.view.plural], *found)

    @lazy
    def told_apart(self) -> tuple[Found, ...]:
        """Return what was found, as far as it can be told of the feature."""
        return known(self.testing, self.found)

    @lazy
    def unstated(self) -> Mapping[LeftOut, Fact]:
        """Return the facts that are left out of its tests, by what names them."""
        if not self.left_out:
            return {}
        named = {
            (many, fact.table, fact.row): fact
            for many, facts in self._all_facts
            for fact in facts
        }
        return {name: named[name] for name in sorted(self.left_out & named.keys())}

    @lazy
    def _planned(self) -> Mapping[str, tuple[Fact, ...]]:
        return facts_of_all(self.testing)

    def without(self, facts: Iterable[LeftOut]) -> "ResourcesPlan":
        """Return the plan whose tests state all but some facts."""
        return self._with(left_out=frozenset(facts))

    def telling(self, found: Iterable[Found]) -> "ResourcesPlan":
        """Return the plan whose tests ask what was found, and nothing else that was."""
        return self._with(found=tuple(found))

    def _with(self, **changes: Any) -> "ResourcesPlan":  # noqa: ANN401 - its own fields
        other = replace(self, **changes)
        vars(other).update(testing=self.testing, _planned=self._planned)
        return other

    def saying(self, spec: Resources) -> "ResourcesPlan":
        """Return the plan of another request, with the samples of this one."""
        vocabulary = Vocabulary(spec.requirements, self.vocabulary.others)
        other = replace(self, spec=spec, vocabulary=vocabulary)
        vars(other)["testing"] = self.testing
        return other

    @property
    def logs(self) -> bool:
        """Say whether the examples of the README make the log show something."""
        return bool(self.readme.log_lines)

    @lazy
    def readme(self) -> Readme:
        """Return what its README says."""
        return Readme(self.names.package, self.views, self.testing)

    @property
    def _subject(self) -> str:
        """Return what it is about; its own name if a list would be too long."""
        found = joined([view.labels for view in self.views])
        return found if len(found) <= LONGEST_SUBJECT else self.names.label

    @lazy
    def context(self) -> Mapping[str, Any]:
        """Return what the templates render."""
        views = self.views
        for view in views:
            _ = view.functions
        elsewhere = elsewhere_of(self.vocabulary)
        return {
            "feature": self.names.feature,
            "names": self.names,
            "title": self.names.title,
            "label": self.names.label,
            "home": ".",
            "siblings": {},
            "beside": {},
            "subject": self._subject,
            "resources": views,
            "tables": sorted(
                [view.camel for view in views]
                + [link.table for view in views for link in view.links]
            ),
            "enums": sorted(enum.name for view in views for enum in view.enums),
            "functions": [f for view in views for f in view.functions],
            "roles": sorted(self.spec.requirements.roles),
            "seeds": any(view.subject.resource.seed for view in views),
            "seed_rows": {
                view.name: tuple(seeds(self.names.feature, view)) for view in views
            },
            "description": self.spec.description,
            "readme": self.readme,
            "depends_on": depends_on(self.vocabulary),
            "elsewhere": elsewhere,
            "examples": dict(examples(self.testing)),
        }

    @property
    def test_context(self) -> Mapping[str, Any]:
        """Return what the template of the tests renders."""
        facts = tables(chain.from_iterable(self.facts.values()))
        return {**self.context, "testing": self.testing, "facts": facts}

    def context_of(self, view: ResourceView) -> Mapping[str, Any]:
        """Return what a module about one resource of several renders."""
        return {
            **self.context,
            "home": f"app.features.{self.names.feature}.",
            "subject": view.labels,
            "siblings": dict(_siblings(view)),
            "beside": {
                plural(Subject(self.vocabulary, part.name)): [part.function]
                for part in view.within
            },
            "resources": (view,),
        }


def _siblings(view: ResourceView) -> Iterator[tuple[str, list[str]]]:
    """Give the modules of the same feature whose models show inside a row."""
    relations: tuple[ParentView | LinkView, ...] = (*view.parents, *view.links)
    for relation in relations:
        if relation.role in view.subject.resource.embed and not relation.link.feature:
            near = relation.subject
            yield plural(near), [f"{camel(near.name)}Response"]
    for child in view.children:
        yield child.role, [f"{child.camel}Response"]


def elsewhere_of(vocabulary: Vocabulary) -> Mapping[str, list[str]]:
    """Return by module what a feature may need of others; the unused goes."""
    found: dict[str, set[str]] = {}
    for resource in vocabulary.resources.values():
        for role, link in relations_of(resource):
            target = vocabulary.target(role, link)
            for near in (target, *_near(target)) if link.feature and target else ():
                for module, names in _offered(near):
                    known = found.setdefault(f"{link.feature}.{module}", set())
                    known.update(names)
    return {module: sorted(names) for module, names in sorted(found.items()) if names}


def _offered(subject: Subject) -> Iterator[tuple[str, list[str]]]:
    """Give the modules of a resource's feature, and what they have of it."""
    view = ResourceView(subject)
    yield "access", [function.name for function in view.functions]
    yield "models", [f"{view.camel}Response", *(enum.name for enum in view.enums)]
    yield "tables", [view.camel]


def _near(subject: Subject) -> list[Subject]:
    """Return the parents and children of a resource that are of the same feature."""
    parents = (
        subject.vocabulary.target(role, parent)
        for role, parent in subject.resource.belongs_to.items()
        if not parent.feature
    )
    children = (child for _, child in subject.children.values())
    return [target for target in (*parents, *children) if target]


def _ordered(vocabulary: Vocabulary) -> list[str]:
    """Return the resources in the order of the payload, but what others need first."""
    found: list[str] = []
    due: set[str] = set()

    def visit(name: str) -> None:
        if name in due:
            return
        due.add(name)
        resource = vocabulary.resources[name]
        for role, link in relations_of(resource):
            needed = role in resource.belongs_to or role in resource.embed
            if needed and not link.feature:
                visit(link.to or role)
        found.append(name)

    for name in vocabulary.resources:
        visit(name)
    return found

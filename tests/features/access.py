"""Tests of who may do what, and see what."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from tests.features.tables import Facts, Tested, over
from tests.resources import Api, Json, Kind, Step, as_sent, known, shown, url


class AccessTests(Tested):
    """Tests of who may do what, and see what."""

    ACCESS: ClassVar[Facts] = ()
    SEEN: ClassVar[Facts] = ()
    GUARDED: ClassVar[Facts] = ()
    ALLOWED: ClassVar[Facts] = ()
    HIDDEN: ClassVar[Facts] = ()
    UNSHOWN: ClassVar[Facts] = ()
    OWN: ClassVar[Facts] = ()

    @over("ACCESS", "kind", "changes", "before", "method", "path", "body", "answers")
    def test_everybody_may_do_what_the_access_rules_say(
        self,
        api: Api,
        kind: Kind,
        changes: Json,
        before: Sequence[Step],
        method: str,
        path: str,
        body: Json | None,
        answers: Sequence[int],
    ) -> None:
        expected = dict(zip(api.people, answers, strict=True))
        found = {}
        row: Json = {}
        for who in expected:
            if path != kind.path:
                row = row or api.moved(kind, before, **changes)
            sent = known(body)
            if method == "POST" and path == kind.path:
                sent = known(api.parents(kind, kind.maker) | kind.minimal)
            elif method == "PUT":
                sent = as_sent(kind, row, method, sent)
            where = path.replace("{id}", str(row.get("id")))
            answer = api.ask(who, method, where, sent)
            found[who] = answer.status_code
            if answer.is_success and method != "GET":
                api.clear(kind)
                row = {}

        assert found == expected

    @over("SEEN", "kind", "changes", "before", "seen")
    def test_a_list_has_what_its_reader_may_see(
        self,
        api: Api,
        kind: Kind,
        changes: Json,
        before: Sequence[Step],
        seen: Sequence[bool | None],
    ) -> None:
        row = api.moved(kind, before, **changes)

        expected = api.those(seen)
        lists = {who: api.items(kind, who, limit=100) for who in expected}

        found = {
            who: row["id"] in {r["id"] for r in rows} for who, rows in lists.items()
        }
        assert found == expected

    @over("GUARDED", "kind", "before", "who", "method", "sent")
    def test_a_field_is_set_only_by_whom_it_may(
        self,
        api: Api,
        kind: Kind,
        before: Sequence[Step],
        who: str,
        method: str,
        sent: Json,
    ) -> None:
        if method == "POST":
            where, sent = kind.path, api.body(kind, who, 2, **sent)
        else:
            row = api.moved(kind, before)
            where, sent = url(kind, row), as_sent(kind, row, method, sent)

        assert api.ask(who, method, where, sent).status_code == 403

    @over("ALLOWED", "kind", "who", "changes", "expected", "own", "requests")
    def test_who_may_set_a_field_can_do_so_at_once(
        self,
        api: Api,
        kind: Kind,
        who: str,
        changes: Json,
        expected: Json,
        own: Sequence[str],
        requests: Mapping[str, Json],
    ) -> None:
        parents = {name: api.parent_row(kind, name, 2, who)["id"] for name in own}
        sent = api.body(kind, who, 0, **parents, **changes)
        found = shown(kind, known(expected))

        response = api.ask(who, "POST", kind.path, sent)

        assert response.status_code == 201, response.text
        assert response.json().items() >= found.items()
        row = response.json()
        for method, rest in requests.items():
            # What only some may set stays if it is not sent, in a whole row too.
            for whole in ({**rest, **changes}, rest):
                sent = as_sent(kind, row, method, whole)
                changed = api.ask(who, method, url(kind, row), sent)
                assert changed.status_code == 200, changed.text
                assert changed.json().items() >= found.items()

    @over("HIDDEN", "kind", "name", "value", "seen")
    def test_a_field_is_read_only_by_whom_it_may(
        self, api: Api, kind: Kind, name: str, value: Any, seen: Sequence[bool | None]
    ) -> None:
        creator, updater = kind.writers.get(name, (kind.maker, kind.updater))
        sent = {name: known(value)}
        if creator != kind.maker and updater:
            row = api.make(kind)
            assert api.ask(updater, "PATCH", url(kind, row), sent).is_success
        else:
            row = api.make(kind, creator, **sent)

        may = api.those(seen)

        found = {who: api.ask(who, "GET", url(kind, row)).json()[name] for who in may}

        assert found == {w: known(value) if reads else None for w, reads in may.items()}

    @over("UNSHOWN", "kind", "never", "alone")
    def test_what_is_not_to_be_shown_is_not(
        self, api: Api, kind: Kind, never: Sequence[str], alone: Sequence[str]
    ) -> None:
        sent = api.body(kind, kind.maker)
        answers = [api.ask(kind.maker, "POST", kind.path, sent).json()]
        if kind.reader:
            answers.append(api.get(kind, answers[0]))

        for answer in answers:
            assert answer.keys() >= set(alone)
        if kind.lister:
            answers += (listed := api.items(kind, kind.lister))
            assert not listed[0].keys() & set(alone)
        for answer in answers:
            assert not answer.keys() & set(never)

    @over("OWN", "kind", "methods")
    def test_everybody_has_their_own(
        self, api: Api, kind: Kind, methods: Sequence[str]
    ) -> None:
        own = f"{kind.path}me"
        sent: dict[str, Json] = {"PATCH": {}}
        before = {m: api.ask("owner", m, own, sent.get(m)).status_code for m in methods}
        row = api.make(kind, "owner")
        missing = api.ask("other", "GET", own)  # the row is there, and not theirs
        mine = {m: api.ask("owner", m, own, sent.get(m)) for m in methods}

        assert set(before.values()) == {404}
        assert missing.status_code == 404
        said = f"Your {kind.name.replace('_', ' ')} not found."
        assert missing.json()["detail"] == said
        assert {m: a.status_code for m, a in mine.items()} == {
            m: 204 if m == "DELETE" else 200 for m in methods
        }
        assert {a.json()["id"] for m, a in mine.items() if m != "DELETE"} <= {row["id"]}
        assert api.ask("other", "GET", own).status_code == 404
        assert api.ask("anonymous", "GET", own).status_code == 401

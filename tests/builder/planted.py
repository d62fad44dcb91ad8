"""Defects to be planted in the builder, stage by stage, and the tests that notice."""

from dataclasses import dataclass

T = "tests/builder"
OVERLOOKED = f"{T}/test_decode.py::test_nothing_is_overlooked"
WRONG = f"{T}/test_requirements.py::test_what_is_wrong_is_said_with_its_place"
PLACE = f"{T}/test_align.py::test_a_backend_with_no_place_for_the_feature_is_refused"
SHIPPED = f"{T}/test_shipped.py::test_a_payload_gives_its_feature_to_the_byte"
COMPILED = f"{T}/test_compiler.py::test_rules_read_as_if_written_by_hand"
EDGES = f"{T}/test_solver_fields.py::test_a_field_is_tried_at_its_edges_and_beyond"
OUTCOMES = f"{T}/test_outcomes.py"
CHECKS = f"{T}/test_checks.py"
SAID_AT_ONCE = (
    f"{T}/test_decode.py::test_everything_that_is_wrong_with_a_request_is_said_at_once"
)
NOT_GUESSED = (
    f"{T}/test_analyze.py::"
    "test_a_word_that_is_not_understood_is_named_and_nothing_is_guessed"
)
NAMED = f"{T}/test_align.py::test_a_name_that_breaks_a_rule_is_refused_by_its_id"
NEVER_SHOWN = f"{T}/test_cases.py::test_what_is_never_shown_is_in_no_answer"
ENDS = f"{T}/test_sandbox.py::test_a_program_sees_the_copy_and_its_end_is_told"
FORKED = f"{T}/test_nursery.py::test_it_runs_as_a_process_of_its_own_would"
GAP = f"{T}/test_defects.py::test_evidence_with_a_gap_does_not_hold"
KILLED = (
    f"{T}/test_transaction.py::"
    "test_a_process_killed_at_any_point_leaves_before_or_after"
)
READ_TWICE = f"{T}/test_reference.py"
SAID = f"{T}/test_judging.py::test_what_is_wrong_is_said"
PLAYED = f"{T}/test_playing.py"
TELLING = f"{T}/test_telling.py"
DRAWN = f"{PLAYED}::test_a_dozen_more_is_drawn_until_each_is_noticed"
SERVICE = "blueprint/resource/service.py.jinja"


@dataclass(frozen=True)
class Planted:
    """A text of a module of the builder replaced by another, and what must fail."""

    path: str
    old: str
    new: str
    tests: tuple[str, ...]


DECODE = {
    "a name that is given twice counts once": Planted(
        "decode/json_syntax.py",
        "if len(members) < len(pairs):",
        "if len(members) > len(pairs):",
        (f"{OVERLOOKED}[the same key twice]",),
    ),
    "what stands behind the end of JSON is not read": Planted(
        "decode/json_syntax.py",
        """json.loads(
            text, object_pairs_hook=_members, parse_constant=float, parse_int=integer
        )""",
        """json.JSONDecoder(
            object_pairs_hook=_members, parse_constant=float, parse_int=integer
        ).raw_decode(text)[0]""",
        (f"{OVERLOOKED}[something behind the end]",),
    ),
    "an unknown part of a request is dropped": Planted(
        "decode/request.py",
        "problems = [*_keys(value), *_parts(value)",
        "problems = [*_parts(value)",
        (SAID_AT_ONCE,),
    ),
}
ANALYZE = {
    "an unknown option is dropped": Planted(
        "spec/fields.py",
        'extra="forbid", frozen=True',
        'extra="ignore", frozen=True',
        (f"{WRONG}[unknown part]",),
    ),
    "an assumption is not told": Planted(
        "analyze/assumptions.py",
        "yield GIVEN\n",
        "return\n",
        (f"{T}/test_assumptions.py::test_what_is_left_open_is_said",),
    ),
    "a word that is not understood is left out": Planted(
        "analyze/description.py",
        'return " ".join(re.sub(r"(?<=\\w)-(?=\\w)", " ", text).split())',
        'return " ".join(word for word in text.split() if word in VOCABULARY)',
        (NOT_GUESSED,),
    ),
}
ALIGN = {
    "a route that takes parameters clashes with none": Planted(
        "blueprint/routes.py",
        "if route.matches(path) and",
        "if route.path == path and",
        (f"{PLACE}[<lambda>-route-is-free-/{{any}}]",),
    ),
    "what was edited is built over": Planted(
        "align.py",
        "    _refuse_edits(backend, names)\n",
        "",
        (f"{OUTCOMES}::test_what_was_edited_since_is_not_replaced_or_removed",),
    ),
}
PLAN = {
    "two fields are swapped": Planted(
        "plan/rules.py",
        "begin, end = rule.no_overlap",
        "end, begin = rule.no_overlap",
        (f"{SHIPPED}[appointments]",),
    ),
    "a condition of access is dropped": Planted(
        "plan/access.py",
        'return f"and_({own}, {text})" if who == OWNER else text',
        'return f"and_({own}, {text})" if who == OWNER else "true()"',
        (f"{SHIPPED}[vet_directory]",),
    ),
    "a limit is forgotten": Planted(
        "plan/creation.py",
        "        if limits.per_owner is not None:\n            said",
        "        if limits.per_owner == 0:\n            said",
        (f"{SHIPPED}[pet_management]",),
    ),
    "what is never shown is shown": Planted(
        "plan/bodies.py",
        "if not view.spec.write_only and not (in_list and view.spec.sensitive):",
        "if not (in_list and view.spec.sensitive):",
        (f"{NEVER_SHOWN}[job_applications]",),
    ),
}
GENERATE = {
    "a list does not ask whose the rows are": Planted(
        SERVICE,
        '{% if r.listing_way.visible != "true()" %}.where({{ r.listing_way.visible }})'
        "{% endif %}",
        "",
        (f"{SHIPPED}[health_records]",),
    ),
    "nothing is logged": Planted(
        SERVICE,
        """    log_event(
        session, logger, "{{ r.name }}.{{ name }}"\
{% if type == "Actor" %}, actor_id=actor.id{% endif %}, {{ r.id }}={{ r.name }}.id
    )
""",
        "",
        (f"{SHIPPED}[user_profile]",),
    ),
    "403 tells that there is a row": Planted(
        SERVICE,
        "{{ r.id }}, visible={{ way.visible }}{{ options(r) }}\n",
        "{{ r.id }}, visible=true(), permitted={{ way.visible }}{{ options(r) }}\n",
        (f"{SHIPPED}[user_profile]",),
    ),
    "a probe waits for no sink": Planted(
        "blueprint/probe/service.py.jinja",
        "    async with confirmed_delivery():\n",
        "    if True:\n",
        (f"{SHIPPED}[smoke_test]",),
    ),
    "a parent takes nothing along": Planted(
        "blueprint/resource/migration.py.jinja",
        'ondelete="{{ parent.on_delete }}",\n',
        'ondelete="NO ACTION",\n',
        (f"{SHIPPED}[health_records]",),
    ),
    "the skeleton forgets the commit": Planted(
        "../app/core/database.py",
        "    await session.commit()\n",
        "    await session.flush()\n",
        ("tests/test_database.py::test_a_failed_commit_is_no_success",),
    ),
}
SOLVER = {
    "a bound is off by one": Planted(
        "solver/boundaries.py",
        'FILL * (high + 1), f"longer than {high}"',
        'FILL * (high + 2), f"longer than {high}"',
        (f"{EDGES}[string--]",),
    ),
    "something empty makes a rule false": Planted(
        "solver/evaluation.py",
        "        return None\n    return COMPARISONS",
        "        return False\n    return COMPARISONS",
        (f"{T}/test_solver_logic.py::test_a_rule_says_what_sql_says",),
    ),
    "a rule is compiled with the wrong opposite": Planted(
        "compiler/trees.py",
        '    ">": "<=",\n    "<=": ">",\n    "=": "!=",',
        '    ">": "<",\n    "<=": ">",\n    "=": "!=",',
        (f"{COMPILED}[starts_at > now]",),
    ),
}
VERIFY = {
    "a check passes without running": Planted(
        "verify/static.py",
        "    done = command.run(sandbox)\n",
        '    done = Completed(0, "", "", 0.1)\n',
        (f"{CHECKS}::test_a_tool_that_ends_badly_fails_its_check",),
    ),
    "the exit status of a tool does not count": Planted(
        "verify/static.py",
        "[] if done.status == 0 else [tail(done)]",
        "[] if done.status is not None else [tail(done)]",
        (f"{CHECKS}::test_a_tool_that_ends_badly_fails_its_check[check_types-1]",),
    ),
    "every program of the sandbox ends well": Planted(
        "verify/sandbox.py",
        "            return process.wait(timeout=seconds)\n",
        "            process.wait(timeout=seconds)\n            return 0\n",
        (f"{ENDS}[limits alone]",),
    ),
    "every fork in the sandbox ends well": Planted(
        "sandboxed/nursery.py",
        "code = os.waitstatus_to_exitcode(status)",
        "code = status & 0",
        (f"{FORKED}[limits alone]",),
    ),
    "what a check has found is swallowed": Planted(
        "verify/behaviour.py",
        'wrong = list(found.get("failures", ()))',
        "wrong: list[str] = []",
        (f"{CHECKS}::test_what_breaks_the_contract_fails_the_check",),
    ),
    "a mutant that survives is counted as noticed": Planted(
        "verify/trial.py",
        'NOTICED = {"failed", "timeout"}',
        'NOTICED = {"failed", "timeout", "passed"}',
        (f"{CHECKS}::test_a_mutant_that_no_test_notices_fails_the_check",),
    ),
    "a test that ends in an error has passed": Planted(
        "verify/tested.py",
        'if tags & {"failure", "error"}:',
        'if tags & {"failure"}:',
        (f"{CHECKS}::test_a_test_ends_as_its_report_says[<error/>-failed]",),
    ),
    "an end that no test explains is none": Planted(
        "verify/tested.py",
        "    for part in run.unexplained():\n",
        "    for part in ():\n",
        (f"{CHECKS}::test_tests_pass_only_if_their_run_does[4-failed]",),
    ),
    "what was skipped has passed": Planted(
        "evidence.py",
        '(check.outcome == "skipped" and check.check in OPTIONAL)',
        'check.outcome == "skipped"',
        (f"{GAP}[skipped-contract]",),
    ),
}
READ = {
    "what is answered otherwise than the request says is not held against it": Planted(
        "verify/refuting.py",
        'if found["wrong"]:',
        'if not found["requests"]:',
        (f"{READ_TWICE}::test_no_test_is_left_out_where_the_service_is_wrong_too",),
    ),
    "whoever does not own a row is taken for its owner": Planted(
        "reference/seeing.py",
        "return self.owner_of(kind, row) == self.caller.id",
        "return self.owner_of(kind, row) != self.caller.id",
        (f"{SAID}[a row that somebody else sees]",),
    ),
    "a change need not say that it was made": Planted(
        "reference/leaving.py",
        "if has_changed and not is_later and not self.cuts_off:",
        "if has_changed and not is_later and self.cuts_off:",
        (f"{SAID}[links that go without a trace]",),
    ),
    "a number may be written in any form": Planted(
        "reference/showing.py",
        " and is_written(spec, body)",
        "",
        (f"{SAID}[another form of a number]", f"{SAID}[a number and no text]"),
    ),
    "what is embedded is not looked at": Planted(
        "reference/showing.py",
        'yield f"in {role} {wrong}"',
        "yield from ()",
        (f"{SAID}[an embedded row with another value]",),
    ),
}
PLAY = {
    "what the second reading says otherwise becomes a test": Planted(
        "sandboxed/telling.py",
        'if right["wrong"] or ',
        "if ",
        (f"{TELLING}::test_what_the_second_reading_says_otherwise_is_told_of_nothing",),
    ),
    "a mutant that nothing tells apart is forgotten beside others": Planted(
        "verify/sensitivity.py",
        "is_mended = not trial.faults and len(found) == len(missed)",
        "is_mended = not trial.faults",
        (f"{DRAWN}[beside]",),
    ),
    "no more mutants are drawn once something was found": Planted(
        "verify/sensitivity.py",
        "        batch = ranked[drawn : min(drawn + DOZEN, MOST)]\n",
        "        batch = []\n",
        (f"{DRAWN}[one]",),
    ),
}
DELIVER = {
    "a delivery is forgotten before it is done": Planted(
        "journal.py",
        """            for step in steps:
                if step not in edited:
""",
        """            (delivery / name).rename(delivery / "done")
            for step in steps:
                if step not in edited:
""",
        (f"{KILLED}[delivery]",),
    ),
    "what is not proven is delivered": Planted(
        "deliver.py",
        "if not evidence.holds or evidence.artifacts",
        "if evidence.artifacts",
        (f"{OUTCOMES}::test_evidence_that_does_not_hold_delivers_nothing",),
    ),
    "what was proven of others counts": Planted(
        "deliver.py",
        "if not evidence.holds or evidence.artifacts != artifacts.sha256:",
        "if not evidence.holds:",
        (f"{T}/test_defects.py::test_evidence_of_other_artifacts_delivers_nothing",),
    ),
    "what was edited meanwhile is not looked at": Planted(
        "deliver.py",
        "    _refuse_changes(read, now)\n",
        "    _refuse_changes(now, now)\n",
        (f"{OUTCOMES}::test_what_is_edited_during_the_proof_is_a_conflict",),
    ),
}
UNDO = {
    "undo leaves the manifest behind": Planted(
        "undo.py",
        "gone = (*manifest.artifacts, manifest.path)",
        "gone = tuple(manifest.artifacts)",
        (f"{OUTCOMES}::test_what_was_delivered_is_taken_out_again_to_the_byte",),
    ),
    "undo takes what was edited": Planted(
        "undo.py",
        "            *_edits(backend, feature),\n",
        "",
        (f"{OUTCOMES}::test_what_was_edited_since_is_not_replaced_or_removed",),
    ),
}
TELL = {
    "the report leaves an assumption out": Planted(
        "report.py",
        "assumptions=build.spec.assumptions if build.spec else (),",
        "assumptions=build.spec.assumptions[1:] if build.spec else (),",
        (f"{OUTCOMES}::test_all_that_was_assumed_is_told",),
    ),
    "a failed build is called complete": Planted(
        "pipeline.py",
        'record.status = "failed"\n',
        'record.status = "complete"\n',
        (f"{OUTCOMES}::test_a_build_that_fails_delivers_nothing_and_says_so",),
    ),
    "a failed build ends as a good one": Planted(
        "entrypoints/cli.py",
        '"failed": FAILED,',
        '"failed": 0,',
        (f"{OUTCOMES}::test_the_exit_status_tells_how_a_build_ended[failed-3-failed]",),
    ),
}
PLANTED = {
    f"{stage}: {name}": planted
    for stage, table in {
        "decode": DECODE,
        "analyze": ANALYZE,
        "align": ALIGN,
        "plan": PLAN,
        "generate": GENERATE,
        "solver": SOLVER,
        "verify": VERIFY,
        "read again": READ,
        "play": PLAY,
        "deliver": DELIVER,
        "undo": UNDO,
        "tell": TELL,
    }.items()
    for name, planted in table.items()
}

"""Which descriptions ask for a proof that logging works.

A description is understood as a whole or not at all: the grammar below describes
sentences from the first word to the last, so that nothing that somebody wrote, such as
"do not" or "and delete old accounts", can be overlooked.
"""

import re
from collections.abc import Iterator

from rapidfuzz import fuzz, process

from petsage_builder.decode.values import printable
from petsage_builder.errors import Problem, RefusedError

EXAMPLES = (
    "verify logs",
    "check that logging works",
    "prove the logging pipeline end to end",
)
ACCEPTED = "a sentence such as " + ", ".join(f'"{e}"' for e in EXAMPLES)
CUTOFF = 70
NAMED = 5


def _one_of(*phrases: str) -> str:
    """Return a pattern of phrases that a comma divides."""
    words = [phrase.strip() for line in phrases for phrase in line.split(",")]
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


def _maybe(pattern: str) -> str:
    return f"(?:{pattern} )?"


PLEASE = _one_of("please, kindly")
THE = _one_of("the, our, all, all the, all our, every, each, its, their, a, an")
VERIFY = _one_of(
    "verify, check, test, prove, confirm, ensure, validate, demonstrate",
    "make sure, probe",
)
VERIFIES = _one_of(
    "verifies, checks, tests, proves, confirms, ensures, validates, demonstrates",
    "makes sure, probes",
)
SHOW = _one_of("show, shows")
VERIFYING = _one_of("verifying, checking, testing, proving, confirming, validating")
THAT = _one_of("that, whether, if")
WHICH = _one_of("that, which")
LOGS = _one_of(
    "log, logs, logging, log line, log lines, log entry, log entries, log message",
    "log messages, log record, log records, log output, log delivery, log file",
    "log sink, log sinks, logging pipeline, logging system, logging infrastructure",
    "logging configuration, logging setup, log pipeline, logging stack, logger",
    "logs of the service",
)
SINKS = _one_of("sink, sinks, log sink, log sinks, destination, destinations")
MANNER = _one_of(
    "end to end, properly, correctly, as expected, everywhere, really, still",
)
WORK = _one_of(
    "work, works, function, functions, arrive, arrives, flow, flows",
    "(?:is|are) (?:working|active|operational|functional|alive|up|healthy|flowing)",
    "(?:is|are)(?: being)? (?:written|produced|emitted|delivered|collected|confirmed)",
    f"(?:reach|reaches|arrive in|arrives in) {THE} {SINKS}",
)
SERVICE = _one_of(
    "service, api, application, app, system, server, backend, petsage",
    "petsage service, petsage api, petsage application",
)
RUN = _one_of(
    "runs, is running, is up, is up and running, works, is working, is alive",
)
WRITE = _one_of(
    "logs, can log, is logging",
    *(
        f"{verb} {_maybe(THE)}{LOGS}"
        for verb in (
            "(?:can )?(?:write|produce|emit|deliver)",
            "(?:writes|produces|emits|delivers)",
        )
    ),
)
ADD = _one_of(
    "add, build, create, make, provide, we need, i need, we want, i want, give us",
)
PROBE = _one_of(
    "endpoint, route, probe, check, test, smoke test, health check, healthcheck",
    "simple health check, simple endpoint",
)

SUBJECT = f"{_maybe(THE)}{LOGS}"
STATEMENT = (
    f"(?:{SUBJECT} {_maybe(MANNER)}{WORK}(?: {MANNER})?"
    f"|{_maybe(THE)}{SERVICE} (?:{RUN} and (?:it )?)?{WRITE}(?: {MANNER})?)"
)
OBJECT = (
    f"(?:{SUBJECT}(?: {MANNER})?|{THAT} {STATEMENT}|{SUBJECT} {WORK}(?: {MANNER})?)"
)
# Whoever shows logs does not prove anything; whoever shows that they work does.
SHOWN = f"{SHOW} {THAT} {STATEMENT}"
PURPOSE = f"(?:{WHICH} {VERIFIES}|to {VERIFY}|for {VERIFYING})"
NOUN = (
    f"{_maybe(THE)}(?:{PROBE} {PURPOSE} {OBJECT}|{PROBE} (?:{WHICH}|to) {SHOWN}"
    f"|{PROBE} (?:of|for) {SUBJECT}(?: {MANNER})?"
    f"|{LOGS} (?:verification|{PROBE}))"
)
COMMAND = f"(?:{VERIFY}|{VERIFIES}|{VERIFYING}) {OBJECT}"
SENTENCE = re.compile(
    f"{_maybe(PLEASE)}(?:{COMMAND}|{SHOWN}|{_maybe(ADD)}{NOUN})", re.ASCII
)
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?|\S")
VOCABULARY = frozenset(re.findall("[a-z]+", SENTENCE.pattern))


def refuse_unless_about_logs(description: str) -> None:
    """Return if `description` asks for a log probe, else raise `RefusedError`."""
    if not SENTENCE.fullmatch(_normal(description)):
        raise RefusedError([_problem(description)])


def _normal(description: str) -> str:
    """Return the words alone: no capitals, no full stop, hyphens as spaces."""
    text = description.strip().removesuffix(".").removesuffix("!").lower()
    return " ".join(re.sub(r"(?<=\w)-(?=\w)", " ", text).split())


def _problem(description: str) -> Problem:
    unknown = list(_unknown(description))
    if unknown:
        shown = ", ".join(f"'{printable(word)[:40]}'" for word in unknown[:NAMED])
        more = f" and {len(unknown) - NAMED} more" if len(unknown) > NAMED else ""
        at = description.find(unknown[0]) + 1
        what = f"has words that are not understood: {shown}{more} (character {at})"
    elif understood := _understood_part(description):
        what = f"says more than {understood!r}, and the rest is not understood"
    else:
        what = "does not say what to prove of the logs"
    return Problem("description", what, ACCEPTED, _nearest(description))


def _unknown(description: str) -> Iterator[str]:
    text = description.strip().removesuffix(".").removesuffix("!")
    for word in WORD.findall(text):
        if word.lower() not in VOCABULARY and word != "-":
            yield word


def _understood_part(description: str) -> str:
    words = _normal(description).split()
    for count in range(len(words) - 1, 0, -1):
        if SENTENCE.fullmatch(part := " ".join(words[:count])):
            return part
    return ""


def _nearest(description: str) -> str:
    """Return the sentence that it is when misspelled words are spelled right."""
    words = []
    for word in WORD.findall(_normal(description)):
        if word not in VOCABULARY:
            near = process.extractOne(
                word, VOCABULARY, scorer=fuzz.ratio, score_cutoff=CUTOFF
            )
            if near is None:
                return ""
            word = near[0]  # noqa: PLW2901
        words.append(word)
    corrected = " ".join(words)
    return corrected if SENTENCE.fullmatch(corrected) else ""

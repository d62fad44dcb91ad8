"""Steps of a walkthrough as commands, to be pasted into a shell as they are."""

import json
import re
import shlex
from collections.abc import Iterable, Iterator

from petsage_builder.decode import JsonValue
from petsage_builder.plan.answers import some_id
from petsage_builder.plan.steps import Body, Id, Step, Value
from petsage_builder.solver import FromNow, FromToday, Person

HOST = "http://localhost:8000"
AUTHORIZED = '-H "Authorization: Bearer $TOKEN"'
WIDEST = 80
# What a shell would see as the end of a quoted text and a variable.
REFERENCE = re.compile(r'"\x00([^\x00]*)\x00"')
KEEP = (
    "| tee /dev/stderr "
    """| python3 -c 'import json, sys; print(json.load(sys.stdin)%s["id"])'"""
)
FIRST_ITEM = '["items"][0]'
# One moment for all: what is equal in the samples must be equal in the commands.
NOW = "NOW=$(python3 -c 'import time; print(int(time.time()))')"
CLOCK = """%s() {
  python3 -c 'import sys; from datetime import *
now, by = map(int, sys.argv[1:])
print((datetime.fromtimestamp(now, timezone.utc) + timedelta(%s))%s)' "$NOW" "$1"
}"""
DAY = CLOCK % ("day", "by", ".date()")
MOMENT = CLOCK % ("moment", "seconds=by", '.isoformat().replace("+00:00", "Z")')


def clocks(steps: Iterable[Step]) -> Iterator[str]:
    """Give the functions that the commands of `steps` need to say when something is."""
    values = [v for step in steps for v in (step.body or {}).values()]
    days = any(isinstance(value, FromToday) for value in values)
    moments = any(isinstance(value, FromNow) for value in values)
    if days or moments:
        yield NOW
    yield from [DAY] * days
    yield from [MOMENT] * moments


def command(step: Step) -> str:
    """Return the command that makes a step, and keeps the id if it is needed later."""
    address = re.sub(r"\{(\w+)\}", lambda name: f"${name[1].upper()}", step.path)
    target = f'"{HOST}{address}"' if "$" in address else f"{HOST}{address}"
    options = [target, AUTHORIZED]
    implied = "POST" if step.body is not None else "GET"
    if step.method != implied:
        options.insert(0, f"-X {step.method}")
    words = f"curl -s {' '.join(options)}"
    if step.body is not None:
        words += f" \\\n  --json {quoted(step.body)}"
    if step.keeps:
        keep = KEEP % (FIRST_ITEM if step.endpoint.operation == "list" else "")
        return f"{step.keeps.upper()}=$({words} \\\n  {keep})"
    return words


def quoted(body: Body) -> str:
    """Return a body as one word of a shell, which fills in the ids that it knows."""
    values = {name: _marked(value) for name, value in body.items()}
    text = json.dumps(values, ensure_ascii=False)
    if len(text) > WIDEST:
        text = json.dumps(values, ensure_ascii=False, indent=2).replace("\n", "\n  ")
    text = text.replace("\\u0000", "\0")
    whole = shlex.quote(text) if "'" in text else f"'{text}'"
    return REFERENCE.sub(lambda found: f'"\'"{found[1]}"\'"', whole)


def _marked(value: Value) -> JsonValue:
    """Return a value in which NUL stands around what the shell has to fill in."""
    match value:
        case Id():
            return f"\0${value.name.upper()}\0"
        case FromToday():
            return f"\0$(day {value.days})\0"
        case Person():
            return some_id(value.name)
        case FromNow():
            return f"\0$(moment {round(value.delta.total_seconds())})\0"
        case list():
            return [_marked(item) for item in value]
        case _:
            return value

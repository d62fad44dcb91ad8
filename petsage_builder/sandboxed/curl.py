"""Stand in for curl: send the request that a README shows, and keep the answer.

`-X`, `-H`, `-d`, `--json`, `-s` and an address are understood, nothing else. The
environment says where the API is served (PORT), which example this is (EXAMPLE), and
the file that gets a line for each answer (ANSWERS).
"""

import http.client
import json
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

SECONDS = 30


def main() -> None:
    """Send it, print the body, keep it."""
    method, target, headers, body = _read(sys.argv[1:])
    address = "127.0.0.1", int(os.environ["PORT"])
    connection = http.client.HTTPConnection(*address, timeout=SECONDS)
    connection.request(method, target, body=body, headers=headers)
    response = connection.getresponse()
    text = response.read().decode()
    found = {
        "example": int(os.environ["EXAMPLE"]),
        "request": f"{method} {target}",
        "status": response.status,
        "body": text,
    }
    with Path(os.environ["ANSWERS"]).open("a", encoding="utf-8") as answers:
        answers.write(json.dumps(found) + "\n")
    print(text)


def _read(words: list[str]) -> tuple[str, str, dict[str, str], bytes | None]:
    """Return method, target, headers and body."""
    method, target = "", ""
    headers: dict[str, str] = {}
    data: list[str] = []
    given = iter(words)
    for word in given:
        if word in {"-X", "--request"}:
            method = next(given)
        elif word in {"-H", "--header"}:
            name, _, value = next(given).partition(":")
            headers[name.strip().lower()] = value.strip()
        elif word in {"-d", "--data", "--json"}:
            data.append(next(given))
            kind = "json" if word == "--json" else "x-www-form-urlencoded"
            headers.setdefault("content-type", f"application/{kind}")
        elif not word.startswith("-"):
            address = urlsplit(word)
            target = address.path + (f"?{address.query}" if address.query else "")
        elif word != "-s":
            sys.exit(f"{word} is not understood")
    body = "&".join(data).encode() if data else None
    return method or ("POST" if data else "GET"), target, headers, body


main()

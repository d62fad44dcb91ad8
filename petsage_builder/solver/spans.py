"""Spans of time as the API writes them: `app.core.spans` does it just so."""

from datetime import timedelta


def written_duration(span: timedelta) -> str:
    """Return a span of time in ISO 8601, in days and less: no calendar is needed."""
    if span < timedelta():
        return f"-{written_duration(-span)}"
    minutes, seconds = divmod(span.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{span.microseconds:06}".rstrip("0").rstrip(".")
    units = {"H": str(hours), "M": str(minutes), "S": f"{seconds}{fraction}"}
    time = "".join(count + unit for unit, count in units.items() if count != "0")
    days = f"{span.days}D" if span.days else ""
    if not days and not time:
        return "PT0S"
    return f"P{days}T{time}" if time else f"P{days}"

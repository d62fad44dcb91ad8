"""What is counted."""

from prometheus_client import Counter, Histogram, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call]

REQUESTS = Counter(
    "petsage_http_requests",
    "Requests answered.",
    ["method", "route", "status"],
)
SECONDS = Histogram(
    "petsage_http_request_duration_seconds",
    "Time until a request was answered.",
    ["method", "route"],
)
DROPPED_LINES = Counter(
    "petsage_log_lines_dropped",
    "Log lines that a sink did not take.",
    ["sink"],
)

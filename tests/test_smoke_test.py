"""Tests of the smoke test feature."""

import logging
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

SERVICE = "app.features.smoke_test.service"
MESSAGE = "PetSage smoke test endpoint executed successfully. Logging verified."


def test_answers_that_service_and_logging_run(client: TestClient) -> None:
    response = client.get("/smoke-test/")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "message": "PetSage service is running and logging is active.",
    }


def test_logs_exactly_one_info_line(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/smoke-test/")

    assert [
        record
        for record in caplog.record_tuples
        if record[0].startswith("app.features")
    ] == [(SERVICE, logging.INFO, MESSAGE)]


def test_the_line_is_in_the_log_file_when_the_answer_is_ok(
    client: TestClient, log_file: Path
) -> None:
    response = client.get("/smoke-test/")

    request_id = response.headers["X-Request-ID"]
    line = f"INFO:{SERVICE}:{MESSAGE} request_id={request_id}"
    assert log_file.read_text().splitlines().count(line) == 1


def test_a_sink_that_does_not_confirm_is_named(
    client: TestClient, log_file: Path
) -> None:
    client.get("/smoke-test/")
    log_file.unlink()

    response = client.get("/smoke-test/")

    reason = "it was deleted or replaced; the next lines go to a new file"
    assert response.status_code == 503
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": f"Not confirmed by these log sinks: file ({reason}).",
        "sinks": [{"sink": "file", "reason": reason}],
    }


def test_the_line_of_another_call_confirms_nothing(
    client: TestClient, log_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.get("/smoke-test/").status_code == 200
    caplog.set_level(logging.WARNING, SERVICE)

    response = client.get("/smoke-test/")

    assert response.status_code == 503
    assert [sink["sink"] for sink in response.json()["sinks"]] == ["stream", "file"]
    assert log_file.read_text().count(MESSAGE) == 1


def test_openapi_describes_the_endpoint(client: TestClient) -> None:
    document = client.get("/openapi.json").json()

    operation = document["paths"]["/smoke-test/"]["get"]
    assert operation["tags"] == ["Health & Status"]
    assert operation["summary"] == "Perform a system smoke test"
    assert operation["description"] == (
        "This endpoint verifies that the PetSage service is running and can produce "
        "logs. It's a simple health check to ensure basic functionality and "
        "observability."
    )
    assert {
        status: [
            (kind, content["schema"]["$ref"].rpartition("/")[2])
            for kind, content in response["content"].items()
        ]
        for status, response in operation["responses"].items()
    } == {
        "200": [("application/json", "SmokeTestResponse")],
        "503": [("application/problem+json", "LogDeliveryProblem")],
    }
    schema = document["components"]["schemas"]["SmokeTestResponse"]
    assert {
        name: field["examples"] for name, field in schema["properties"].items()
    } == {
        "status": ["ok"],
        "message": ["PetSage service is running and logging is active."],
    }

"""Tests of the log file: what it confirms can be read there."""

import os
from pathlib import Path

import pytest

from app.core.file_sink import FileSink
from app.core.formats import TextFormatter
from app.core.logging import drain_logging, use_sinks
from tests.conftest import LogTo
from tests.delivery import PATIENCE, failures, logger, settings

MOVED = "it was deleted or replaced; the next lines go to a new file"


def test_a_file_that_was_deleted_does_not_confirm_once(
    log_to: LogTo, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    log_to(settings(log))
    assert failures() == {}
    log.unlink()

    assert failures() == {"file": MOVED}
    assert failures() == {}
    assert log.read_text() == "INFO:app.test:line\n"


def test_a_file_that_was_replaced_is_told_by_the_next_call(
    log_to: LogTo, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    log_to(settings(log))
    assert failures() == {}
    log.rename(tmp_path / "log.1")
    log.touch()

    logger.info("unconfirmed")
    logger.info("next")
    assert failures() == {"file": MOVED}
    assert failures() == {}
    assert (tmp_path / "log.1").read_text().endswith("unconfirmed\n")
    assert log.read_text().startswith("INFO:app.test:next\n")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/dev/full", "No space left on device"),
        ("/dev/null", "it is not a regular file, so that nothing can be read back"),
        ("/", "Is a directory"),
        ("/nowhere/log", "No such file or directory"),
    ],
)
def test_a_file_that_cannot_keep_the_line_does_not_confirm(
    log_to: LogTo, path: str, reason: str
) -> None:
    log_to(settings(Path(path)))

    assert failures() == {"file": reason}


def test_a_file_that_loses_the_line_does_not_confirm(
    log_to: LogTo, tmp_path: Path
) -> None:
    class LosingSink(FileSink):
        def _append(self, content: bytes) -> int | None:
            end = super()._append(content)
            os.truncate(tmp_path / "log", 0)
            return end

    use_sinks(LosingSink(TextFormatter(), tmp_path / "log"), seconds=PATIENCE)

    assert failures() == {"file": "the line is not where it was written"}
    log_to(settings())


def test_a_file_that_failed_is_looked_for_anew(
    log_to: LogTo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise OSError(5, "Input/output error")

    log = tmp_path / "log"
    use_sinks(FileSink(TextFormatter(), log), seconds=PATIENCE)
    assert failures() == {}
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", fail)
        assert failures() == {"file": "Input/output error"}
    log.rename(tmp_path / "log.1")

    assert failures() == {}
    assert log.read_text() == "INFO:app.test:line\n"
    log_to(settings())


def test_a_pipe_that_nobody_reads_may_be_replaced_by_a_file(
    log_to: LogTo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.core.sinks.WAITING_SECONDS", 0.1)
    log = tmp_path / "log"
    os.mkfifo(log)
    reader = os.open(log, os.O_RDONLY | os.O_NONBLOCK)
    log_to(settings(log))
    logger.info("x" * 100_000)
    drain_logging(0.1)

    log.unlink()

    assert failures() == {}
    assert log.read_text() == "INFO:app.test:line\n"
    os.close(reader)


def test_a_line_after_one_that_was_cut_off_starts_anew(
    log_to: LogTo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write

    def write_half(fd: int, content: bytes) -> int:
        monkeypatch.setattr(os, "write", fail)
        return write(fd, content[:7])

    def fail(*_: object) -> int:
        monkeypatch.setattr(os, "write", write)
        raise OSError(28, "No space left on device")

    use_sinks(FileSink(TextFormatter(), tmp_path / "log"), seconds=PATIENCE)
    monkeypatch.setattr(os, "write", write_half)

    assert failures() == {"file": "No space left on device"}
    assert failures() == {}
    assert (tmp_path / "log").read_text() == "INFO:ap\nINFO:app.test:line\n"
    log_to(settings())

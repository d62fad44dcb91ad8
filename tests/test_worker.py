"""Tests of what waits for a thread, and of the threads."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from app.core import backlog
from app.core.backlog import Backlog
from app.core.worker import Worker

SECONDS = 30.0


def test_a_backlog_is_bounded_by_number() -> None:
    texts: Backlog[str] = Backlog(2, len)

    assert [texts.add(text) for text in ("a", "b", "c")] == [True, True, False]


def test_a_backlog_is_bounded_by_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "BYTES", 10)
    texts: Backlog[str] = Backlog(100, len)

    assert [texts.add(text) for text in ("a" * 6, "b" * 5, "c" * 4)] == [
        True,
        False,
        True,
    ]
    assert texts.take(1) == ["a" * 6]
    assert texts.add("d" * 6)


def test_one_item_may_be_larger_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "BYTES", 10)
    texts: Backlog[str] = Backlog(100, len)

    assert texts.add("a" * 11)
    assert not texts.add("b")


@pytest.mark.parametrize(("newest_first", "order"), [(False, "abc"), (True, "cba")])
def test_a_backlog_has_an_order(*, newest_first: bool, order: str) -> None:
    texts: Backlog[str] = Backlog(3, len, newest_first=newest_first)
    for text in "abc":
        texts.add(text)

    assert texts.take(2) + texts.take(2) == list(order)


def test_a_closed_backlog_takes_nothing_and_ends() -> None:
    texts: Backlog[str] = Backlog(2, len)
    texts.add("a")
    texts.close()

    assert not texts.add("b")
    assert texts.take(2) == ["a"]
    assert texts.take(2) == []


class Diary:
    """Work that waits until it may go on, and what was done."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.go_on = Event()

    @contextmanager
    def shift(self) -> Generator[Callable[[list[str]], None]]:
        """Open a shift."""
        yield self.work

    def work(self, items: list[str]) -> None:
        """Write the items down, but fail on a bad one."""
        assert self.go_on.wait(SECONDS)
        if "bad" in items:
            raise ValueError
        self.done += items


def worker(diary: Diary, threads: int = 1) -> Worker[str]:
    return Worker(diary.shift, lambda: Backlog(100, len), threads=threads)


def test_an_item_that_fails_does_not_keep_the_next_from_its_turn() -> None:
    diary = Diary()
    diary.go_on.set()
    texts = worker(diary)

    assert [texts.submit(item) for item in ("bad", "good")] == [None, None]
    assert texts.close(SECONDS) == 0
    assert diary.done == ["good"]


def test_what_is_not_begun_when_the_time_is_over_is_never_done() -> None:
    diary = Diary()
    texts = worker(diary)
    for item in ("first", "second", "third"):
        texts.submit(item)

    left = texts.close(0.1)
    diary.go_on.set()
    texts.drain(SECONDS)

    assert left >= 2
    assert diary.done == ["first"][: 3 - left]
    assert texts.submit("late")


def test_threads_start_when_they_are_needed() -> None:
    diary = Diary()
    diary.go_on.set()
    texts = worker(diary, threads=3)
    for item in "abcdef":
        texts.submit(item)
        texts.drain(SECONDS)

    assert diary.done == list("abcdef")
    texts.close(SECONDS)


def test_a_thread_that_cannot_be_started_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: Thread) -> None:
        raise RuntimeError("can't start new thread")

    diary = Diary()
    diary.go_on.set()
    texts = worker(diary)

    with monkeypatch.context() as patch:
        patch.setattr(Thread, "start", fail)
        assert texts.submit("a") == "no thread can be started for it"
    assert texts.submit("b") is None

    assert texts.close(SECONDS) == 0
    assert diary.done == ["b"]

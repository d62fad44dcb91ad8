"""Receipts: what a sink says about each line of one block, and of that block only."""

import asyncio
from collections.abc import Iterable
from concurrent.futures import Future
from contextvars import ContextVar
from dataclasses import dataclass, field

# Resolved by the sink's thread: with None when the line arrived, else with the reason.
Receipt = Future[str | None]


@dataclass(frozen=True, slots=True)
class Probe:
    """The receipts for what is logged while this is active."""

    receipts: list[tuple[str, Receipt]] = field(default_factory=list)

    async def missing(self, sinks: Iterable[str], seconds: float) -> dict[str, str]:
        """Wait for the receipts, and return why a sink gave none, by sink."""
        await self._settle(seconds)
        reasons = {}
        for sink in sinks:
            outcomes = [_outcome(r, seconds) for s, r in self.receipts if s == sink]
            outcomes = outcomes or ["nothing reached it: the log level leaves it out"]
            if failed := [outcome for outcome in outcomes if outcome]:
                reasons[sink] = failed[0]
        return reasons

    async def _settle(self, seconds: float) -> None:
        waiting = [asyncio.wrap_future(receipt) for _, receipt in self.receipts]
        try:
            if waiting:
                await asyncio.wait(waiting, timeout=seconds)
        finally:
            for future in waiting:
                future.cancel()
            for _, receipt in self.receipts:
                receipt.cancel()


def _outcome(receipt: Receipt, seconds: float) -> str | None:
    if receipt.done() and not receipt.cancelled():
        return receipt.result()
    return f"it did not confirm within {seconds:g} s"


active_probe: ContextVar[Probe | None] = ContextVar("active_probe", default=None)


def expect_receipt(sink: str) -> Receipt | None:
    """Promise one from `sink`, if somebody waits for it."""
    if (probe := active_probe.get()) is None:
        return None
    receipt: Receipt = Future()
    probe.receipts.append((sink, receipt))
    return receipt


def give(receipt: Receipt | None, reason: str | None) -> None:
    """Resolve a receipt, unless nobody waits for it any more."""
    if receipt is not None and receipt.set_running_or_notify_cancel():
        receipt.set_result(reason)

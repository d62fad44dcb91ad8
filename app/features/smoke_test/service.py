"""The smoke test: log one line, and see it arrive."""

import logging

from app.core.logging import confirmed_delivery

from . import models

logger = logging.getLogger(__name__)


async def perform_smoke_test() -> models.SmokeTestResponse:
    """Log one line to every sink, or raise `LogDeliveryError`."""
    async with confirmed_delivery():
        logger.info(
            "PetSage smoke test endpoint executed successfully. Logging verified."
        )
    return models.SmokeTestResponse(
        status="ok",
        message="PetSage service is running and logging is active.",
    )

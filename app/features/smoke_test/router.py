"""The HTTP endpoint of the smoke test."""

from fastapi import APIRouter, status

from app.core.problems import LogDeliveryProblem

from . import models, service

router = APIRouter(prefix="/smoke-test", tags=["Health & Status"])


@router.get(
    "/",
    summary="Perform a system smoke test",
    description=(
        "This endpoint verifies that the PetSage service is running and can produce "
        "logs. It's a simple health check to ensure basic functionality and "
        "observability."
    ),
    responses={status.HTTP_503_SERVICE_UNAVAILABLE: {"model": LogDeliveryProblem}},
)
async def run_smoke_test() -> models.SmokeTestResponse:
    """Answer once every log sink has confirmed the line."""
    return await service.perform_smoke_test()

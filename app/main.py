"""The PetSage API."""

from fastapi import FastAPI

from app.core.application import install
from app.core.config import settings
from app.core.logging import configure_logging
from app.features.accounts.router import router as accounts_router
from app.features.smoke_test.router import router as smoke_test_router

configure_logging(settings)

app = FastAPI(
    title="PetSage API",
    description="The official backend API for the PetSage application.",
    version="1.0.0",
)
app.include_router(accounts_router)
app.include_router(smoke_test_router)
install(app, settings)


@app.get("/", tags=["Root"])
async def read_root() -> dict[str, str]:
    """Welcome the caller to the PetSage API."""
    return {"message": "Welcome to the PetSage API!"}

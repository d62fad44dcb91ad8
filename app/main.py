"""The PetSage API."""

from fastapi import FastAPI

from app.core.application import install
from app.core.config import settings
from app.core.logging import configure_logging
from app.features.accounts.router import router as accounts_router
from app.features.appointments.router import router as appointments_router
from app.features.health_records.router import router as health_records_router
from app.features.pet_management.router import router as pet_management_router
from app.features.smoke_test.router import router as smoke_test_router
from app.features.user_profile.router import router as user_profile_router
from app.features.vet_directory.router import router as vet_directory_router

configure_logging(settings)

app = FastAPI(
    title="PetSage API",
    description="The official backend API for the PetSage application.",
    version="1.0.0",
)
app.include_router(accounts_router)
app.include_router(appointments_router)
app.include_router(health_records_router)
app.include_router(pet_management_router)
app.include_router(smoke_test_router)
app.include_router(user_profile_router)
app.include_router(vet_directory_router)
install(app, settings)


@app.get("/", tags=["Root"])
async def read_root() -> dict[str, str]:
    """Welcome the caller to the PetSage API."""
    return {"message": "Welcome to the PetSage API!"}

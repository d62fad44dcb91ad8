"""What the smoke test answers."""

from pydantic import BaseModel, Field


class SmokeTestResponse(BaseModel):
    """The answer of a service that runs and whose log lines arrive."""

    status: str = Field(
        description="The operational status of the service.",
        examples=["ok"],
    )
    message: str = Field(
        description="A descriptive message indicating the test result.",
        examples=["PetSage service is running and logging is active."],
    )

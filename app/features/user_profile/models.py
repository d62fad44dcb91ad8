"""What the API accepts and returns for user profiles."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from app.core.models import (
    UNCHANGED,
    Flag,
    Input,
    Line,
    Output,
    Patch,
    Phone,
    Text,
    WebAddress,
)


class UserProfileLanguage(StrEnum):
    """What the language of a user profile can be."""

    EN = "en"
    DE = "de"
    DA = "da"


UserProfileDisplayName = Annotated[Line, Field(max_length=60, examples=["Kim Larsen"])]
UserProfileAbout = Annotated[Text, Field(min_length=1, max_length=1000)]


class UserProfileCreate(Input):
    """A new user profile."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "display_name": "Kim Larsen",
                    "about": "Lives with two cats.",
                    "phone": "+4915112345678",
                    "website": "https://miso.example/about",
                    "language": "en",
                    "newsletter": False,
                }
            ]
        }
    )

    display_name: UserProfileDisplayName
    about: UserProfileAbout | None = None
    phone: Phone | None = None
    website: WebAddress | None = None
    language: UserProfileLanguage = UserProfileLanguage.EN
    newsletter: Flag = False


class UserProfilePatch(Patch):
    """Changes to a user profile."""

    display_name: UserProfileDisplayName = UNCHANGED
    about: UserProfileAbout | None = UNCHANGED
    phone: Phone | None = UNCHANGED
    website: WebAddress | None = UNCHANGED
    language: UserProfileLanguage = UNCHANGED
    newsletter: Flag = UNCHANGED


class UserProfileResponse(Output):
    """Who a user is to others in PetSage."""

    id: UUID
    owner_id: UUID
    display_name: str
    about: str | None
    phone: str | None
    website: str | None
    language: UserProfileLanguage
    newsletter: bool
    created_at: datetime
    updated_at: datetime

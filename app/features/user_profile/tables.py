"""How user profiles are stored."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Record

from .models import UserProfileLanguage


class UserProfile(Record):
    """Who a user is to others in PetSage."""

    __tablename__ = "user_profiles"
    __table_args__ = (
        sa.UniqueConstraint(
            "owner_id", info={"conflict": "You have a user profile already."}
        ),
    )

    owner_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="CASCADE")
    )
    display_name: Mapped[str] = mapped_column(sa.String(60))
    about: Mapped[str | None] = mapped_column(sa.Text)
    phone: Mapped[str | None] = mapped_column(sa.String(16))
    website: Mapped[str | None] = mapped_column(sa.String(2000))
    language: Mapped[UserProfileLanguage]
    newsletter: Mapped[bool]

"""How accounts, their roles and their sign-ins are stored."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.security import USER
from app.core.tables import Base, Record


class Role(Base):
    """What an account may be, beyond a user. A feature's migration may add some."""

    __tablename__ = "roles"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)


class Grant(Base):
    """A role that an account has."""

    __tablename__ = "grants"

    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(
        String(40), ForeignKey("roles.name", ondelete="RESTRICT"), primary_key=True
    )


class Account(Record):
    """Somebody who can sign in."""

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("email", info={"conflict": "This email has an account."}),
        Index(None, "created_at", "id"),
    )

    email: Mapped[str] = mapped_column(String(254))
    password_hash: Mapped[str] = mapped_column(String(255))
    grants: Mapped[list[Grant]] = relationship(lazy="selectin", passive_deletes=True)

    @property
    def roles(self) -> list[str]:
        """Return every role of this account, sorted."""
        return sorted({USER, *(grant.role for grant in self.grants)})


class SignIn(Record):
    """A chain of refresh tokens, of which only the last one is worth anything."""

    __tablename__ = "sign_ins"

    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]

"""The peer's tables."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    """Tables of the service that stores."""


class Partnership(Base):
    """A partnership that feedback can be about."""

    __tablename__ = "partnerships"

    id: Mapped[UUID] = mapped_column(primary_key=True)


class Feedback(Base):
    """What somebody said."""

    __tablename__ = "feedback"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    partnership: Mapped[UUID] = mapped_column(ForeignKey(Partnership.id))
    kind: Mapped[str]
    relation: Mapped[str]
    anonymity: Mapped[str]
    channel: Mapped[str]
    text: Mapped[str]
    rating: Mapped[int | None]
    received: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC).replace(tzinfo=None))


class ReportingBase(DeclarativeBase):
    """Tables of the service that listens."""


class Inbox(ReportingBase):
    """What the listener has heard of."""

    __tablename__ = "inbox"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership: Mapped[UUID]
    kind: Mapped[str]


def set_up(url: str, partnership: UUID) -> None:
    """Create the tables in an empty database, and one partnership."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg2://"))
    for base in (Base, ReportingBase):
        base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Partnership(id=partnership))
        session.commit()
    engine.dispose()

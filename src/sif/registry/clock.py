"""Read the server's clock in the legal zone; nobody types a registration date."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def legal_zone() -> ZoneInfo:
    """Return the time zone in which terms run."""
    return ZoneInfo(settings.TIME_ZONE)


def now() -> datetime:
    """Return the present instant, aware, in the legal zone."""
    return (_moment.get() or timezone.now()).astimezone(legal_zone())


def today() -> date:
    """Return the present legal day."""
    return now().date()


def legal_day(moment: datetime) -> date:
    """Return the legal day of an instant."""
    return moment.astimezone(legal_zone()).date()


def end_of_term(due: datetime) -> tuple[date, str]:
    """Return the last legal day of a term and its hour: midnight and 23:59 are both of the day that ends, at 24:00."""
    local = due.astimezone(legal_zone())
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return local.date() - timedelta(days=1), "24:00"
    return local.date(), "24:00" if (local.hour, local.minute) == (23, 59) else f"{local:%H:%M}"


def last_ended(moment: datetime | None = None) -> datetime:
    """Return the latest end of the terms over at an instant (now unless told): a term is over where it ends by then.

    A term that ends at 23:59:59 keeps that second whole, up to midnight.
    """
    local = (moment or now()).astimezone(legal_zone())
    if (local.hour, local.minute, local.second) == (23, 59, 59):
        return local.replace(microsecond=0) - timedelta(microseconds=1)
    return local


def has_ended(due: datetime, moment: datetime | None = None) -> bool:
    """Return whether a term that ends at an instant is over, now unless told."""
    return due <= last_ended(moment)


def midnight(day: date) -> datetime:
    """Return the instant in which a legal day begins; the one before ends then."""
    return datetime.combine(day, time.min, legal_zone())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Live another instant: only the demonstration, which replays months, and tests do."""
    if moment.tzinfo is None:
        raise ValueError(f"El instante {moment} no dice su zona horaria.")
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)

"""Format and parse the legal hour of a cadena, always in the legal zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

LEGAL_ZONE = ZoneInfo("America/Mexico_City")


def legal_hour(at: datetime) -> str:
    """ISO 8601 to the second, in the legal zone: 2024-05-31T23:59:59-06:00. Raises ValueError if naive."""
    if at.tzinfo is None:
        raise ValueError(f"La hora {at.isoformat()} no dice su zona; una hora que se firma la lleva.")
    return at.astimezone(LEGAL_ZONE).isoformat(timespec="seconds")


def legal_day(at: datetime) -> str:
    """Return the day of an aware instant in the legal zone, ISO 8601."""
    return legal_hour(at)[:10]


def read_hour(text: str) -> datetime:
    """Return the aware instant that `legal_hour` wrote. Raises ValueError on another writing."""
    at = datetime.fromisoformat(text)
    if legal_hour(at) != text:
        raise ValueError(f"«{text}» no es una hora legal con su diferencia, como 2024-05-31T23:59:59-06:00.")
    return at

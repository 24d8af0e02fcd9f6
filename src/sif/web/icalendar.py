"""Write terms as an iCalendar file (RFC 5545), each an event that ends with its term."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.http import HttpResponse

from sif.registry import clock


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """A term for other people's calendars: a key that never changes, its last day, a title and a description."""

    uid: str
    day: date
    title: str
    description: str


def end_of(day: date) -> datetime:
    """The instant a legal day ends."""
    return clock.midnight(day + timedelta(days=1))


def icalendar_response(events: Iterable[CalendarEvent], name: str, file: str) -> HttpResponse:
    """Answer some terms as a file."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//SIF//{_escaped(name)}//ES",
        "CALSCALE:GREGORIAN",
        *_events(events),
        "END:VCALENDAR",
    ]
    text = "".join(f"{folded(line)}\r\n" for line in lines)
    response = HttpResponse(text.encode(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def _events(events: Iterable[CalendarEvent]) -> Iterator[str]:
    stamp = _utc(clock.now())
    for event in events:
        end = end_of(event.day)
        yield from (
            "BEGIN:VEVENT",
            f"UID:{event.uid}@sif",
            f"DTSTAMP:{stamp}",
            f"DTSTART:{_utc(end - timedelta(hours=1))}",
            f"DTEND:{_utc(end)}",
            f"SUMMARY:{_escaped(event.title)}",
            f"DESCRIPTION:{_escaped(event.description)}",
            "END:VEVENT",
        )


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    """Return the text as one line of the file: what any reader takes for an end of line, people type too."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(plain.splitlines())


def folded(line: str) -> str:
    """Lines of at most 75 octets, continued by a space, as RFC 5545 3.1 asks; no letter is cut in two."""
    parts: list[str] = []
    current = ""
    for letter in line:
        if len((current + letter).encode()) > (75 if not parts else 74):
            parts.append(current)
            current = ""
        current += letter
    return "\r\n ".join([*parts, current])

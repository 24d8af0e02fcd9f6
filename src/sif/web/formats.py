"""Format amounts, shares, days and hours for readers in Spanish and English."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from sif.registry import clock
from sif.registry.spoken_names import named
from sif.values import Money
from sif.values.words import MONTHS

MINUS = "−"
NO_BREAK = " "

_MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS_ES = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ZONES = {
    "America/Mexico_City": ("hora del centro", "Central Mexico time"),
    "America/Cancun": ("hora del sureste", "Southeast Mexico time"),
    "America/Hermosillo": ("hora del Pacífico", "Pacific Mexico time"),
    "America/Mazatlan": ("hora del Pacífico", "Pacific Mexico time"),
    "America/Tijuana": ("hora del noroeste", "Northwest Mexico time"),
}


def in_english() -> bool:
    """True when the reader chose English."""
    return (get_language() or "es").startswith("en")


_PREPOSITIONS = {"a": "on", "de": "of", "por": "for"}


def subject_words(nombre: str, before: str) -> str:
    """Return the name of a subject after «a», «de» or «por» in the language of the reader; articles are of Spanish."""
    if in_english():
        return f"{_PREPOSITIONS[before]} {nombre}"
    return named(nombre, before)


def legal_zone() -> ZoneInfo:
    """Return the zone in which terms run: the jurisdiction's, named in settings.TIME_ZONE."""
    return ZoneInfo(settings.TIME_ZONE)


def as_money(value: Money | int) -> Money:
    """Return a Money as it is; an int is taken as centavos, as tables keep it."""
    return value if isinstance(value, Money) else Money(value)


def plain_amount(value: Money | int) -> str:
    """For cells of a table: 1,234.50 or −817,273.91, without currency."""
    return str(as_money(value))


def currency_amount(value: Money | int) -> str:
    """For totals and prose: $1,234.50 and −$1,234.50; in English MXN 1,234.50."""
    amount = as_money(value)
    sign = MINUS if amount.centavos < 0 else ""
    mark = f"MXN{NO_BREAK}" if in_english() else "$"
    return f"{sign}{mark}{str(amount).lstrip(MINUS)}"


def percent(basis_points: int) -> str:
    """Return a rate in basis points with no needless zeros: 5 %, 2.5 %, 101.4 %; in English 5%."""
    sign, points = (MINUS if basis_points < 0 else ""), abs(basis_points)
    digits = f"{points // 100}.{points % 100:02d}".rstrip("0").rstrip(".")
    return f"{sign}{digits}{'' if in_english() else NO_BREAK}%"


def share_digits(part: int, whole: int) -> str:
    """part of whole as a percentage that never rounds across 100: one decimal, more where one would lie (100.03)."""
    for decimals in range(1, 9):
        scale = 10**decimals
        scaled = (2 * abs(part) * 100 * scale + whole) // (2 * whole)
        if (scaled == 100 * scale) == (part == whole):
            break
    else:
        return "> 100" if part > whole else "< 100"
    sign = MINUS if part < 0 else ""
    return f"{sign}{scaled // scale}.{scaled % scale:0{decimals}d}"


def share(part: Money | int, whole: Money | int) -> str:
    """part of whole for people: 95.4 %, 100.03 %; empty whole has no share and gives ''."""
    over = as_money(whole).centavos
    if over <= 0:
        return ""
    return f"{share_digits(as_money(part).centavos, over)}{'' if in_english() else NO_BREAK}%"


def whole_number(value: int) -> str:
    """1284 as 1,284, with the true minus sign."""
    return f"{value:,}".replace("-", MINUS)


def local(moment: datetime) -> datetime:
    """Return the moment on the legal clock. A moment without zone is refused: it could be any hour."""
    if timezone.is_naive(moment):
        raise ValueError(f"La hora {moment.isoformat()} no dice su zona. Use una fecha con zona.")
    return moment.astimezone(legal_zone())


def long_day(day: date, *, weekday: bool = False, year: bool = True) -> str:
    """4 de junio de 2026, jueves 4 de junio de 2026; in English 4 June 2026."""
    if in_english():
        words = f"{day.day} {_MONTHS_EN[day.month - 1]}" + (f" {day.year}" if year else "")
        return f"{_DAYS_EN[day.weekday()]} {words}" if weekday else words
    words = f"{day.day} de {MONTHS[day.month - 1]}" + (f" de {day.year}" if year else "")
    return f"{_DAYS_ES[day.weekday()]} {words}" if weekday else words


def short_day(day: date, *, weekday: bool = False, year: bool = False) -> str:
    """4 jun, sáb 6 jun, 4 jun 2026; in English 4 Jun."""
    months, days = (_MONTHS_EN, _DAYS_EN) if in_english() else (MONTHS, _DAYS_ES)
    words = f"{day.day} {months[day.month - 1][:3]}" + (f" {day.year}" if year else "")
    return f"{days[day.weekday()][:3]} {words}" if weekday else words


def long_month(day: date) -> str:
    """Junio de 2026, with a small letter; in English June 2026."""
    return f"{_MONTHS_EN[day.month - 1]} {day.year}" if in_english() else f"{MONTHS[day.month - 1]} de {day.year}"


def short_month(day: date) -> str:
    """jun 2026; in English Jun 2026."""
    return f"{(_MONTHS_EN if in_english() else MONTHS)[day.month - 1][:3]} {day.year}"


def zone_words() -> str:
    """Return the legal zone by the name people use: hora del centro."""
    key = settings.TIME_ZONE
    return _ZONES.get(key, (key, key))[1 if in_english() else 0]


def hour_words(hour: str) -> str:
    """09:48 h; in English 09:48."""
    return hour if in_english() else f"{hour}{NO_BREAK}h"


def moment_words(moment: datetime, *, zone: bool = False, seconds: bool = False) -> str:
    """Return a date and time in words: 4 de junio de 2026, 09:48 h, with seconds and zone if asked."""
    when = local(moment)
    hour = when.strftime("%H:%M:%S" if seconds else "%H:%M")
    words = f"{long_day(when.date())}, {hour_words(hour)}"
    return f"{words} ({zone_words()})" if zone else words


def due_words(due: datetime, *, weekday: bool = False) -> str:
    """Return the end of a term in words: 4 de junio de 2026, 24:00 h (hora del centro)."""
    day, hour = clock.end_of_term(due)
    return f"{long_day(day, weekday=weekday)}, {hour_words(hour)} ({zone_words()})"


def due_text(due: datetime) -> str:
    """Return the end of a term in a table: jue 26 nov 2026, 24:00 h, by the day that ends."""
    day, hour = clock.end_of_term(due)
    return f"{short_day(day, weekday=True, year=True)}, {hour_words(hour)}"


def due_short(due: datetime) -> str:
    """For the context bar: sáb 6 jun, 24:00."""
    day, hour = clock.end_of_term(due)
    return f"{short_day(day, weekday=True)}, {hour}"


def digest_groups(digest: str | bytes) -> str:
    """Return a digest in groups of four: 9f3a 2c41 b07d."""
    text = digest.hex() if isinstance(digest, bytes | bytearray | memoryview) else digest
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser(agent: str) -> str:
    """Name the browser and the system of a User-Agent, or its first forty characters when it names neither."""
    found = [next((name for mark, name in known if mark in agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(name for name in found if name) or agent[:40]

"""Seal each day of the log that ended, over its bytes and the day before, and name a day that was changed."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from sif.availability.reading import UNREADABLE
from sif.registry.files import write_whole
from sif.signing.cadena import build
from sif.signing.chain import sha256_hex
from sif.signing.efirma import sign, verify_with_key
from sif.signing.hours import legal_hour

FORMAT = "sif-disponibilidad/1"
MOST_BYTES = 64_000
"""Of a seal: a longer file is none."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """The seal of a day: lines and SHA-256 of its file, digest of the day before (or empty), cadena and sello."""

    dia: date
    renglones: int
    sha256: str
    anterior: str
    cadena: str
    sello: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A day that does not hold, and why.

    Its file: alterado, sin_archivo or archivo_ilegible. Its seal: sello_ilegible, sello_de_otro_dia (of another day,
    under its name), sello_invalido (of another key), no_sigue, otro_sello or sin_sello.
    """

    dia: date
    codigo: str


def seal_ended(folder: Path, key: RSAPrivateKey, now: datetime) -> list[Sealed]:
    """Seal every day (UTC) of a log that ended before an aware instant and has no seal, in order; returns them.

    One that `unread_days` names stays without seal until what stands in its place is removed, and stops no other.
    """
    made, today = [], now.astimezone(UTC).date()
    for day, file in _days(folder, ".jsonl"):
        data = _read(file) if day < today and not _path(folder, day).exists() else None
        if data is not None:
            made.append(_seal(folder, day, data, _before(folder, day, key.public_key()), key, now))
    return made


def _before(folder: Path, day: date, key: RSAPublicKey) -> str:
    """Return the digest that a day follows: of the last one before it with a seal, or empty where there is none."""
    found = (_digest(folder, at, each, key) for at, each in reversed(_seals(folder)) if at < day)
    return next((digest for digest in found if digest is not None), "")


def _digest(folder: Path, day: date, found: Sealed | Fault, key: RSAPublicKey) -> str | None:
    """Return what its own seal says of a day; where another thing stands in its place, what the file of the day says.

    So the days that follow it hold when its seal is brought back, and when it is removed and the day is sealed.
    """
    if isinstance(found, Sealed) and is_own(folder.name, found, key):
        return found.sha256
    data = _read(folder / f"{day.isoformat()}.jsonl")
    return None if data is None else sha256_hex(data)


def is_own(log: str, sealed: Sealed, key: RSAPublicKey) -> bool:
    """Return whether a seal is of that log and day, says what its cadena says, and the key made it."""
    told = [log, sealed.dia.isoformat(), str(sealed.renglones), sealed.sha256, sealed.anterior]
    return sealed.cadena.split("|")[4:9] == told and verify_with_key(sealed.cadena, sealed.sello, key)


def _path(folder: Path, day: date) -> Path:
    return folder / f"{day.isoformat()}.sello.json"


def _seal(folder: Path, day: date, data: bytes, before: str, key: RSAPrivateKey, now: datetime) -> Sealed:
    lines, digest = data.count(b"\n"), sha256_hex(data)
    cadena = build("DISPONIBILIDAD", [folder.name, day.isoformat(), str(lines), digest, before, legal_hour(now)])
    made = Sealed(day, lines, digest, before, cadena, sign(cadena, key))
    said = {"formato": FORMAT, **{name: getattr(made, name) for name in ("renglones", "sha256", "anterior")}}
    said |= {"dia": day.isoformat(), "cadena": cadena, "sello": made.sello}
    write_whole(_path(folder, day), (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode(), once=True)
    return made


def sealed_days(folder: Path) -> list[Sealed]:
    """Return the seals of a log, by day, without those that `unread_days` names."""
    return [each for _day, each in _seals(folder) if isinstance(each, Sealed)]


def unread_days(folder: Path) -> list[Fault]:
    """Return the days of a log that cannot be sealed, by day: sello_ilegible, sello_de_otro_dia or archivo_ilegible."""
    sealed = dict(_seals(folder))
    found = {day: each for day, each in sealed.items() if isinstance(each, Fault)}
    for day, file in _days(folder, ".jsonl"):
        if day not in sealed and _read(file) is None:
            found[day] = Fault(day, "archivo_ilegible")
    return [found[day] for day in sorted(found)]


def _seals(folder: Path) -> list[tuple[date, Sealed | Fault]]:
    """Return what the name of each seal says that its day is, and the seal, or why it is not the seal of that day."""
    return [(day, _sealed(day, path)) for day, path in _days(folder, ".sello.json")]


def _days(folder: Path, end: str) -> list[tuple[date, Path]]:
    """Return the days that name a file with an end, and the file; one of another name is nobody's day."""
    found = []
    for path in sorted(folder.glob(f"????-??-??{end}")):
        with suppress(ValueError):
            found.append((date.fromisoformat(path.name.removesuffix(end)), path))
    return found


def _sealed(day: date, path: Path) -> Sealed | Fault:
    data = _read(path, MOST_BYTES)
    try:
        said: dict[str, Any] = json.loads(data or b"")
        texts = (str(said[name]) for name in ("sha256", "anterior", "cadena", "sello"))
        found = Sealed(date.fromisoformat(said["dia"]), int(said["renglones"]), *texts)
    except UNREADABLE:
        return Fault(day, "sello_ilegible")
    return found if found.dia == day else Fault(day, "sello_de_otro_dia")


def _read(path: Path, most: int = -1) -> bytes | None:
    """Return what a file holds, `most` bytes at most; None for what is no file or does not let itself be read."""
    with suppress(OSError):
        if path.is_file():
            with path.open("rb") as file:
                return file.read(most)
    return None


def verify_days(folder: Path, key: RSAPublicKey, since: date = date.min) -> list[Fault]:
    """Return the days that are not as they were sealed, do not follow the one before, or whose seal is not theirs.

    since: the first day whose file is read; of those before, the seals alone.
    """
    faults: list[Fault] = []
    before = ""
    for day, each in _seals(folder):
        if isinstance(each, Fault):
            faults.append(each)
        else:
            faults += _faults_of(folder, each, before, key, since)
        before = _digest(folder, day, each, key) or before
    return [*faults, *(each for each in unread_days(folder) if each not in faults)]


def _faults_of(folder: Path, sealed: Sealed, before: str, key: RSAPublicKey, since: date) -> Iterator[Fault]:
    """Yield why the file of a day is not what was sealed, and why its seal does not hold."""
    path = folder / f"{sealed.dia.isoformat()}.jsonl"
    if sealed.dia >= since:
        data = _read(path)
        if data is None:
            yield Fault(sealed.dia, "archivo_ilegible" if path.exists() else "sin_archivo")
        elif sha256_hex(data) != sealed.sha256:
            yield Fault(sealed.dia, "alterado")
    if not is_own(folder.name, sealed, key):
        yield Fault(sealed.dia, "sello_invalido")
    elif sealed.anterior != before:
        yield Fault(sealed.dia, "no_sigue")

"""Seal each day of the log that ended, over its bytes and the day before, and name a day that was changed."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from sif.registry.files import write_whole
from sif.signing.cadena import build
from sif.signing.chain import sha256_hex
from sif.signing.efirma import sign, verify_with_key
from sif.signing.hours import legal_hour

FORMAT = "sif-disponibilidad/1"


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
    """A day that does not hold, and why: alterado, sin_archivo, sello_invalido, no_sigue, otro_sello or sin_sello."""

    dia: date
    codigo: str


def seal_ended(folder: Path, key: RSAPrivateKey, now: datetime) -> list[Sealed]:
    """Seal every day (UTC) of a log that ended before an aware instant and has no seal, in order; returns them."""
    made, today = [], now.astimezone(UTC).date()
    for day, _file in _days(folder, ".jsonl"):
        if day >= today or _path(folder, day).exists():
            continue
        before = [
            each for each in sealed_days(folder) if each.dia < day and is_own(folder.name, each, key.public_key())
        ]
        made.append(_seal(folder, day, before[-1].sha256 if before else "", key, now))
    return made


def is_own(log: str, sealed: Sealed, key: RSAPublicKey) -> bool:
    """Return whether a seal is of that log and day, says what its cadena says, and the key made it."""
    told = [log, sealed.dia.isoformat(), str(sealed.renglones), sealed.sha256, sealed.anterior]
    return sealed.cadena.split("|")[4:9] == told and verify_with_key(sealed.cadena, sealed.sello, key)


def _path(folder: Path, day: date) -> Path:
    return folder / f"{day.isoformat()}.sello.json"


def _seal(folder: Path, day: date, before: str, key: RSAPrivateKey, now: datetime) -> Sealed:
    data = (folder / f"{day.isoformat()}.jsonl").read_bytes()
    lines, digest = data.count(b"\n"), sha256_hex(data)
    cadena = build("DISPONIBILIDAD", [folder.name, day.isoformat(), str(lines), digest, before, legal_hour(now)])
    made = Sealed(day, lines, digest, before, cadena, sign(cadena, key))
    said = {"formato": FORMAT, **{name: getattr(made, name) for name in ("renglones", "sha256", "anterior")}}
    said |= {"dia": day.isoformat(), "cadena": cadena, "sello": made.sello}
    write_whole(_path(folder, day), (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode(), once=True)
    return made


def sealed_days(folder: Path) -> list[Sealed]:
    """Return the seals of a log, by day. Raises ValueError naming a seal that cannot be read."""
    return [_read(path) for _day, path in _days(folder, ".sello.json")]


def _days(folder: Path, end: str) -> list[tuple[date, Path]]:
    """Return the days that name a file with an end, and the file; one of another name is nobody's day."""
    found = []
    for path in sorted(folder.glob(f"????-??-??{end}")):
        with suppress(ValueError):
            found.append((date.fromisoformat(path.name.removesuffix(end)), path))
    return found


def _read(path: Path) -> Sealed:
    try:
        said: dict[str, Any] = json.loads(path.read_bytes())
        day = date.fromisoformat(said["dia"])
        texts = (str(said[name]) for name in ("sha256", "anterior", "cadena", "sello"))
        return Sealed(day, int(said["renglones"]), *texts)
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path.name} no es el sello de un día: {error}. Recupérelo del respaldo.") from error


def verify_days(folder: Path, key: RSAPublicKey, since: date = date.min) -> list[Fault]:
    """Return the days that are not as they were sealed, do not follow the one before, or whose seal is of another.

    since: the first day whose file is read; of those before, the seals alone.
    """
    faults: list[Fault] = []
    before = ""
    for each in sealed_days(folder):
        path = folder / f"{each.dia.isoformat()}.jsonl"
        if each.dia >= since:
            faults += _faults_of(path, each)
        if not is_own(folder.name, each, key):
            faults.append(Fault(each.dia, "sello_invalido"))
            continue
        if each.anterior != before:
            faults.append(Fault(each.dia, "no_sigue"))
        before = each.sha256
    return faults


def _faults_of(path: Path, sealed: Sealed) -> Iterator[Fault]:
    """Yield why the file of a day is not what was sealed."""
    if not path.exists():
        yield Fault(sealed.dia, "sin_archivo")
    elif sha256_hex(path.read_bytes()) != sealed.sha256:
        yield Fault(sealed.dia, "alterado")

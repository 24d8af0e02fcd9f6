"""Repeat a hallazgo: evaluate the version of its rule over the snapshot in which it was found."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sif.audit import duck
from sif.audit.engine import Snapshot, open_tables, tables_of
from sif.audit.models import Hallazgo, ReglaCorrida
from sif.audit.results import Asked, Progress
from sif.audit.services import folder_of, kept_row
from sif.audit.versions import RuleVersion, thaw


class CannotRepeat(ValueError):
    """The run did not keep what repeating asks for; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """Both tellings of a hallazgo as canonical JSON: what was kept, and what the same version says today ('' if it
    says nothing of that key); with the digest of the version, of the snapshot, and the engines of then and now."""

    hallazgo: Hallazgo
    guardado: bytes
    repetido: bytes
    version: str
    instantanea: str
    motor: str
    motor_hoy: str

    @property
    def is_same(self) -> bool:
        """Return whether the kept and the repeated result are equal, byte by byte."""
        return self.guardado == self.repetido


def repeat(hallazgo: Hallazgo) -> Repeated:
    """Run again what found it. Only the tables its rule reads are opened, each checked against the digest kept.

    Raises SnapshotRefused naming the table that changed, CannotRepeat when the run kept no version of the rule, and
    RunFailed.
    """
    ran = (
        ReglaCorrida.objects.select_related("version", "corrida__instantanea")
        .filter(corrida=hallazgo.corrida_id, regla=hallazgo.regla)
        .first()
    )
    if ran is None:
        raise CannotRepeat(
            f"La corrida {hallazgo.corrida_id} no guardó la versión de {hallazgo.regla} con que halló: es anterior a "
            "que se guardaran. Corra la regla de nuevo sobre la instantánea."
        )
    version = thaw(ran.version.compilada)
    if version.digest != ran.version.digest:
        raise CannotRepeat(f"La versión guardada de {hallazgo.regla} no corresponde a su resumen digital.")
    frozen = ran.corrida.instantanea
    snapshot = open_tables(folder_of(frozen), tables_of(version.rule), frozen.digest)
    found = _ask(snapshot, version, hallazgo)
    return Repeated(
        hallazgo,
        canonical(_kept(hallazgo), frozen.digest),
        b"" if found is None else canonical(found, frozen.digest),
        version.digest,
        frozen.digest,
        ran.motor,
        duck.VERSION,
    )


def _ask(snapshot: Snapshot, version: RuleVersion, hallazgo: Hallazgo) -> dict[str, object] | None:
    """Run a rule version again and return its row for the key of a hallazgo, or None when it no longer finds the key.

    A rule whose reach is one accounting runs on that accounting alone.
    """
    only = hallazgo.contabilidad_id if version.rule.reach == "contabilidad" else None
    with tempfile.TemporaryDirectory(prefix="sif-repetir-") as work:
        judging = duck.judge(snapshot, [version], Path(work), Asked(contabilidad=only), _quiet)
        try:
            judged = next(judging)
            return next(
                (kept_row(version.rule, finding) for finding in judged.findings() if finding.key == hallazgo.clave),
                None,
            )
        finally:
            judging.close()


def _quiet(_: Progress) -> None:
    """Nobody waits for the derived tables of one rule."""


def _kept(hallazgo: Hallazgo) -> dict[str, object]:
    names = (
        "regla",
        "regla_digest",
        "clave",
        "grupo",
        "contabilidad_id",
        "estado",
        "resultado",
        "dia",
        "monto",
        "fila",
        "mensaje",
        "parametros",
    )
    return {name: getattr(hallazgo, name) for name in names}


def canonical(row: dict[str, object], snapshot: str) -> bytes:
    """Return the bytes of a hallazgo: JSON with sorted keys, days as ISO text, and the digest of its snapshot."""
    return json.dumps({**row, "instantanea": snapshot}, ensure_ascii=False, sort_keys=True, default=str).encode()

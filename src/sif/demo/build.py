"""Build the whole demonstration from a seed, from its world to its publication and answer key."""

import time
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import connection

from sif.books.models import Comprobante, Evidencia, Poliza
from sif.books.services import load_catalogs
from sif.demo import marker
from sif.demo.agenda import record_campaigns
from sif.demo.bancos import load_banks
from sif.demo.beforehand import live_beforehand
from sif.demo.builder import build_election
from sif.demo.captura import show_capture
from sif.demo.chain import Outcome, audit_stages, publish, resolve
from sif.demo.emblems import draw_emblems
from sif.demo.inbox import fill_inbox
from sif.demo.lotes import load_lots
from sif.demo.operations import Say
from sif.demo.ordinary import audit_ordinary_year, live_ordinary_year
from sif.demo.people import keep_people
from sif.demo.reports import Presented, present_finished, present_running
from sif.demo.truth import Score, score, write_json, write_planted
from sif.demo.world import build_world, key_pool
from sif.filing.services import demonstration_authority
from sif.registry.models import Contabilidad
from sif.registry.scope import WHOEVER_SIGNS, everything
from sif.registry.selectors import appointments_kept

KEYS = 6


def build(seed: int, say: Say, *, percent: int = 100) -> dict[str, object]:
    """Build everything and return its report; what was planted is written down before anybody looks for it.

    The same seed gives the same people, amounts and folios fiscales; `percent` of the ordinary operations is enough to
    try the chain. The campaign in course is dated from today.
    """
    begun = time.monotonic()

    def tell(text: str) -> None:
        say(f"[{time.monotonic() - begun:5.1f} s] {text}")

    marker.begin(seed)
    _hurry()
    with everything(WHOEVER_SIGNS), appointments_kept():
        load_catalogs(settings.JURISDICTION)
        world = build_world(seed, replace(demonstration_authority(), keys=key_pool(KEYS)), percent)
        tell("catálogos, sujetos, personas, proveedores y sus certificados")
        tell(f"{draw_emblems(world)} emblemas registrados")
        built = build_election(world, tell)
        tell(f"{load_banks(world, built, seed)} estados de cuenta cargados")
        tell(f"{keep_people(world, built, seed)} aportaciones con recibo en PDF; catálogos de personas y cuentas")
        tell(f"{record_campaigns(world, built, seed)} eventos; casas, avisos, kárdex, recibos y deudas")
        tell(f"{fill_inbox(world, built, seed)} comprobantes en la bandeja de una candidatura en curso")
        tell(f"{load_lots(built.en_curso)} lotes cargados")
        tell(f"{live_beforehand(world, built.terminada.proceso, seed)} informes de precampaña, apoyo y observación")
        year = live_ordinary_year(world, seed)
        tell(f"{year.informes} informes de un ejercicio ordinario")
        write_json("personas.json", world.personas)
        reports = present_finished(world, built.terminada)
        running = present_running(world, built.en_curso)
        built.plantadas += [*reports.plantadas, *year.plantadas]
        write_planted(built.plantadas)
        tell(f"{reports.presentados + running.presentados} informes firmados y presentados")
        outcome = audit_stages(built.terminada, built.en_curso, tell)
        annual = audit_ordinary_year(year)
        truth = score(built.plantadas, [*outcome.corridas, *annual.corridas])
        resolve(world, built.terminada, outcome, tell)
        resolve(world, year.etapa, annual, tell)
        tell(f"plantillas, cuenta del proceso y una corrección: {show_capture(world, built)}")
        publish(world, built.en_curso, without_vote=True)
        tell("etapa en curso publicada")
        report: dict[str, object] = {
            "semilla": seed,
            "segundos": round(time.monotonic() - begun, 1),
            "construido": _summary(reports, outcome) | {"informes de un ejercicio ordinario": year.informes},
            "verdad": truth.as_dict(),
        }
    _settle()
    marker.finish(report)
    return report


def is_exact(report: dict[str, Any]) -> bool:
    """Return whether everything planted was found and nothing else."""
    return bool(report["verdad"]["exacto"])


def _summary(reports: Presented, outcome: Outcome) -> dict[str, int | str]:
    return {
        "contabilidades": Contabilidad.objects.count(),
        "pólizas": Poliza.objects.count(),
        "comprobantes fiscales sellados": Comprobante.objects.count(),
        "evidencias": Evidencia.objects.count(),
        "informes presentados": reports.presentados,
        "de ellos, tarde": reports.tarde,
        "de ellos, sin movimientos": reports.sin_movimientos,
        "informes omitidos": reports.omisos,
        "observaciones": outcome.observaciones,
        "hallazgos descartados con motivo": outcome.descartes,
        "oficios": outcome.oficios,
        "observaciones corregidas en los libros": outcome.corregidas,
        "conclusiones": outcome.conclusiones,
        "resoluciones votadas": outcome.resoluciones,
        "sanciones": str(outcome.sanciones),
    }


def _hurry() -> None:
    """Do not wait for the disk at each commit: a build that is lost half-way is begun again anyway."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")


def _settle() -> None:
    """Wait for the disk once: this commit carries all those before it."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO on")
        cursor.execute("SELECT pg_current_wal_flush_lsn(), txid_current()")


__all__ = ["Score", "build", "is_exact"]

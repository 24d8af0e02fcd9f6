"""Sign and present the campaign reports: most on time, some late, one nil, some missing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.conf import settings
from django.db.models import F, Sum

from sif.books.models import Movimiento, Poliza
from sif.demo.faults import Planted
from sif.demo.operations import at
from sif.demo.world import World, certificates_folder
from sif.filing.owed import reports_of
from sif.filing.services import cadena_of, commit, complete, prepare_informe, present, publish_head
from sif.filing.signers import second_of
from sif.law.parameters import value_on
from sif.registry import clock
from sif.registry.models import Contabilidad, Etapa, Periodo, Usuario
from sif.signing.efirma import open_key, sign

LATE_DAYS = 2


@dataclass(frozen=True, slots=True)
class Efirma:
    """The e.firma of a Responsable de Finanzas, opened: its certificate (DER) and its key."""

    cer: bytes
    key: RSAPrivateKey


@dataclass(slots=True)
class Presented:
    """The counts of reports presented, late, nil and omitted, with the findings to expect from them."""

    presentados: int = 0
    tarde: int = 0
    sin_movimientos: int = 0
    omisos: int = 0
    plantadas: list[Planted] = field(default_factory=list)


def open_efirma(rfc: str) -> Efirma:
    """Return the e.firma that the demonstration minted for that RFC, from its folder of certificates."""
    folder = certificates_folder() / "efirmas"
    password = (folder / f"{rfc}.contrasena").read_text(encoding="utf-8").strip()
    return Efirma((folder / f"{rfc}.cer").read_bytes(), open_key((folder / f"{rfc}.key").read_bytes(), password))


def present_finished(world: World, etapa: Etapa) -> Presented:
    """Return the reports of both periods of a campaign that ended, and the head of the tree after each term.

    Of every eleven, one comes two days late; the independent candidacy never presents its last one.
    """
    done = Presented()
    signatures = _signatures(world)
    for period in etapa.periodos.order_by("numero"):
        due = period.hasta + timedelta(days=value_on("plazo_informe_campana_dias", period.hasta, settings.JURISDICTION))
        is_last = period.hasta == etapa.termina_el
        for place, books in enumerate(_owing(etapa)):
            if is_last and books.sujeto.tipo == "independiente":
                done.omisos += 1
                done.plantadas.append(_fault(books, period, _spent(books, period), "el informe nunca se presentó"))
                continue
            is_late = place % 11 == 3 + period.numero
            day = due + timedelta(days=LATE_DAYS) if is_late else period.hasta + timedelta(days=1 + place % 3)
            if is_late:
                done.tarde += 1
                done.plantadas.append(_fault(books, period, 0, f"el informe se presentó {LATE_DAYS} días tarde"))
            _present(world, books, period, (day, 9 + place % 9), signatures, done)
        with clock.at(at(due + timedelta(days=LATE_DAYS), 23)):
            publish_head()
    return done


def _fault(books: Contabilidad, period: Periodo, amount: int, why: str) -> Planted:
    return Planted("IN001", f"contabilidad_id={books.pk};periodo_id={period.pk}", books.pk, amount, why)


def _spent(books: Contabilidad, period: Periodo) -> int:
    rows = Movimiento.objects.filter(contabilidad=books, poliza__periodo=period, cuenta__es_gasto=True)
    return int(rows.aggregate(gasto=Sum(F("cargo") - F("abono")))["gasto"] or 0)


def present_running(world: World, etapa: Etapa) -> Presented:
    """The reports of the period that ended yesterday: half are presented already, the others are still in time."""
    done = Presented()
    period = etapa.periodos.order_by("numero")[0]
    signatures = _signatures(world)
    for place, books in enumerate(_owing(etapa)):
        if place % 2:
            _present(world, books, period, None, signatures, done)
    publish_head()
    return done


def file_all(books: Contabilidad, signers: Sequence[Usuario], days: int, whole: int) -> int:
    """Sign and present each report of some books so many days after its last one, `whole` those of all the stage.

    signers: the Responsable, and who signs beside them what takes two.
    """
    efirmas, reports = {person.pk: open_efirma(person.rfc) for person in signers}, reports_of(books)
    for report in reports:
        day = report.hasta + timedelta(days=whole if report.is_whole else days)
        with clock.at(at(day, 11)):
            informe = prepare_informe(books, report.periodo, signers[0], tipo=report.tipo)
            for person in signers if second_of(informe) else signers[:1]:
                own = efirmas[person.pk]
                kept = commit(informe, own.cer, sign(cadena_of(informe, own.cer), own.key), person)
            complete(kept)
    publish_head()
    return len(reports)


def _owing(etapa: Etapa) -> Collection[Contabilidad]:
    rows = Contabilidad.objects.filter(etapa=etapa, clase=Contabilidad.Clase.CANDIDATURA)
    return list(rows.select_related("sujeto", "etapa__proceso").order_by("pk"))


def _signatures(world: World) -> dict[str, Efirma]:
    return {siglas: open_efirma(head.rfc) for siglas, head in world.heads.items()}


def _present(
    world: World,
    books: Contabilidad,
    period: Periodo,
    when: tuple[date, int] | None,
    signatures: dict[str, Efirma],
    done: Presented,
) -> None:
    """Prepare, sign and present one report at a day and hour, or now."""
    siglas = books.sujeto.siglas
    head, efirma = world.heads[siglas], signatures[siglas]
    with clock.at(at(*when) if when else clock.now()):
        is_nil = not Poliza.objects.filter(contabilidad=books, periodo=period).exists()
        informe = prepare_informe(books, period, head, sin_movimientos=is_nil)
        present(informe, efirma.cer, sign(cadena_of(informe, efirma.cer), efirma.key), head)
    done.presentados += 1
    done.sin_movimientos += is_nil

"""Query the reports that books owe, their state and versions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from sif.filing.figures import TIPO
from sif.filing.models import Informe, Presentacion
from sif.law.cuts import Cut
from sif.law.duties import owed_by_books
from sif.registry import clock
from sif.registry.models import Contabilidad, Etapa, Periodo, Ventana


@dataclass(frozen=True, slots=True)
class Obligation:
    """A report that some books owe for a period, and how it stands now.

    vence_el: the first instant outside the term. estado: sin_generar, generado, presentado, extemporaneo or omiso.
    recibida_el: of the first presentation, which is what meets the term. informe_id, version, etapa_captura,
    sin_movimientos and the amounts (centavos of the period): of the last presented version; before any, informe_id,
    version and sin_movimientos are those of the last prepared and the amounts are None.
    """

    contabilidad_id: int
    periodo: Periodo
    vence_el: datetime
    estado: str
    informe_id: int | None
    version: int
    etapa_captura: str
    sin_movimientos: bool
    recibida_el: datetime | None
    ingresos: int | None
    egresos: int | None

    @property
    def periodo_id(self) -> int:
        """The number of the row of its period."""
        return self.periodo.pk


def obligations(books: Etapa | Contabilidad | Iterable[Contabilidad]) -> list[Obligation]:
    """The reports owed by a stage, or by some books of one stage, by books and period; three queries.

    Only books of a candidacy owe a campaign report, one for each [LGPP 79.1.b.I]: of the periods in which they had a
    day, from their opening to their end, as `law.duties.owed_by_books` says for duties too. The law asks what the
    subject and the candidate «hayan realizado» in each period [LGPP 79.1.b.I, III]; who was not yet a candidate did
    nothing in it. What they presented of another period is told all the same. The term is the normal window of the
    period, which closes with it [LGPP 79.1.b.III].
    """
    rows = _books(books)
    if not rows:
        return []
    windows = list(
        Ventana.objects.filter(
            periodo__etapa__in={row.etapa_id for row in rows}, tipo=Ventana.Tipo.NORMAL, sujeto__isnull=True
        ).select_related("periodo").order_by("periodo__numero")
    )  # fmt: skip
    versions = _versions([row.pk for row in rows])
    moment = clock.now()
    return [
        _obligation(row, window, found, moment)
        for row in rows
        for window in windows
        if window.periodo.etapa_id == row.etapa_id
        for found in [versions.get((row.pk, window.periodo_id), [])]
        if _lived(row, window.periodo) or any(version.recibida_el is not None for version in found)
    ]


def _books(books: Etapa | Contabilidad | Iterable[Contabilidad]) -> list[Contabilidad]:
    if isinstance(books, Etapa):
        found = Contabilidad.objects.filter(etapa=books, clase=Contabilidad.Clase.CANDIDATURA)
        return list(found.select_related("cancelacion", "candidatura__fin").order_by("pk"))
    rows = [books] if isinstance(books, Contabilidad) else list(books)
    return [row for row in rows if row.clase == Contabilidad.Clase.CANDIDATURA]


def _lived_days(books: Contabilidad) -> tuple[date, date | None]:
    """The legal day on which some books were opened, and the last one on which they contended or recorded, if any."""
    ended, left = books.cancelada_el, books.dejo_el
    last = [clock.legal_day(ended)] if ended else []
    last += [left - timedelta(days=1)] if left else []
    return clock.legal_day(books.habilitada_el), min(last, default=None)


def _lived(books: Contabilidad, periodo: Periodo) -> bool:
    opened, ended = _lived_days(books)
    return owed_by_books(Cut(periodo.numero, periodo.desde, periodo.hasta), opened, ended) is not None


@dataclass(frozen=True, slots=True)
class _Version:
    pk: int
    numero: int
    etapa_captura: str
    ingresos: int
    egresos: int
    sin_movimientos: bool
    recibida_el: datetime | None


def _versions(books: list[int]) -> dict[tuple[int, int], list[_Version]]:
    rows = Informe.objects.filter(contabilidad__in=books, tipo=TIPO).order_by("version").values_list(
        "contabilidad_id", "periodo_id", "pk", "version", "etapa_captura", "ingresos", "egresos",
        "contenido__sin_movimientos", "presentacion__recibida_el",
    )  # fmt: skip
    found: dict[tuple[int, int], list[_Version]] = {}
    for contabilidad_id, periodo_id, *rest in rows:
        found.setdefault((contabilidad_id, periodo_id), []).append(_Version(*rest))
    return found


def _obligation(books: Contabilidad, window: Ventana, versions: list[_Version], moment: datetime) -> Obligation:
    presented = [version for version in versions if version.recibida_el is not None]
    first = min((version.recibida_el for version in presented if version.recibida_el), default=None)
    shown = presented[-1] if presented else versions[-1] if versions else None
    return Obligation(
        contabilidad_id=books.pk,
        periodo=window.periodo,
        vence_el=window.cierra_el,
        estado=_state(first, window.cierra_el, bool(versions), moment),
        informe_id=shown.pk if shown else None,
        version=shown.numero if shown else 0,
        etapa_captura=shown.etapa_captura if shown else "",
        sin_movimientos=bool(shown and shown.sin_movimientos),
        recibida_el=first,
        ingresos=shown.ingresos if presented and shown else None,
        egresos=shown.egresos if presented and shown else None,
    )


def _state(first: datetime | None, due: datetime, is_prepared: bool, moment: datetime) -> str:
    if first is not None:
        return "extemporaneo" if first >= due else "presentado"
    if moment >= due:
        return "omiso"
    return "generado" if is_prepared else "sin_generar"


def is_late(presentacion: Presentacion) -> bool:
    """Whether a presentation came after the term of its period; a correction in its window is never late by itself."""
    informe = presentacion.informe
    before = Presentacion.objects.filter(
        informe__contabilidad=informe.contabilidad_id, informe__periodo=informe.periodo_id,
        recibida_el__lt=presentacion.recibida_el,
    )  # fmt: skip
    if informe.etapa_captura == "correccion" and before.exists():
        return False
    due = due_of(informe.periodo)
    return due is not None and presentacion.recibida_el >= due


def due_of(periodo: Periodo) -> datetime | None:
    """The first instant outside the term of a period's report; None where the period has no normal window."""
    window = window_of(periodo)
    return window.cierra_el if window else None


def window_of(periodo: Periodo) -> Ventana | None:
    """The normal window of a period, which closes with the term of its report and says what fixes it."""
    return periodo.ventanas.filter(tipo=Ventana.Tipo.NORMAL, sujeto__isnull=True).first()


def informes_of(contabilidad: Contabilidad, periodo: Periodo | None = None) -> QuerySet[Informe]:
    """The versions of the reports of some books, the last first, with their presentation where there is one."""
    rows = Informe.objects.filter(contabilidad=contabilidad.pk, tipo=TIPO).select_related(
        "contabilidad__sujeto", "contabilidad__etapa__proceso", "periodo", "presentacion"
    )
    if periodo is not None:
        rows = rows.filter(periodo=periodo)
    return rows.order_by("-periodo__numero", "-version")

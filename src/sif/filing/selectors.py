"""Query the reports that books owe, their state and versions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from sif.filing.models import Compromiso, Informe, Presentacion
from sif.filing.owed import ReportOwed, report_of, reports_asked
from sif.filing.signers import SECOND, second_of
from sif.law.cuts import Cut
from sif.law.duties import owed_by_books
from sif.registry import clock
from sif.registry.leaving_models import with_ends
from sif.registry.models import Contabilidad, Etapa, Periodo, SujetoObligado
from sif.registry.windows import normal_windows


@dataclass(frozen=True, slots=True)
class Obligation:
    """A report that some books owe for a period, and how it stands now.

    tipo: its kind (IC, IT, IA); desde, hasta: the days it covers, of its period or of the whole stage. base: what fixes
    its term. vence_el: the first instant outside the term. estado: sin_generar, generado, presentado, extemporaneo or
    omiso. recibida_el: of the first presentation, or signature that arrived, which is what meets the term.
    informe_id, version, etapa_captura, sin_movimientos and the amounts (centavos of the period): of the last presented
    version; before any, the first three are those of the last prepared and the amounts are None.
    """

    contabilidad_id: int
    tipo: str
    periodo: Periodo
    desde: date
    hasta: date
    base: str
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
    """Return the reports owed by a stage, or by some books, by books and period; four queries.

    Which kinds, of which books and for which days is what the law says (`owed`); each by the books that lived a day of
    it, from `Contabilidad.empezo_el` to their end, as `law.duties.owed_by_books` says for duties too. The law asks what
    the subject and the candidate «hayan realizado» in each period [LGPP 79.1.b.I, III]; who was not yet a candidate did
    nothing in it. What they presented of another period is told all the same. The term is the normal window of the
    period, which closes with it [LGPP 79.1.b.III].
    """
    rows = _books(books)
    if not rows:
        return []
    windows = normal_windows(sorted({row.etapa_id for row in rows}))
    kinds = dict(SujetoObligado.objects.filter(pk__in={row.sujeto_id for row in rows}).values_list("pk", "tipo"))
    versions, moment = _versions([row.pk for row in rows]), clock.now()
    asked: dict[tuple[int, str, str], list[ReportOwed]] = {}
    found = []
    for row in rows:
        key = (row.etapa_id, kinds[row.sujeto_id], row.clase)
        if key not in asked:
            mine = windows.get(row.etapa_id, [])
            asked[key] = reports_asked(mine[0].periodo.etapa, mine, *key[1:]) if mine else []
        for report in asked[key]:
            made = versions.get((row.pk, report.periodo.pk, report.tipo), [])
            if _lived(row, report) or any(version.recibida_el is not None for version in made):
                found.append(_obligation(row, report, made, moment))
    return found


def _books(books: Etapa | Contabilidad | Iterable[Contabilidad]) -> list[Contabilidad]:
    if isinstance(books, Etapa):
        found = Contabilidad.objects.filter(etapa=books)
        return list(with_ends(found.select_related("cancelacion", "candidatura")).order_by("pk"))
    return [books] if isinstance(books, Contabilidad) else list(books)


def _lived_days(books: Contabilidad) -> tuple[date, date | None]:
    """The first day whose reports some books owe, and the last one on which they contended or recorded, if any."""
    ended, left = books.cancelada_el, books.dejo_el
    last = [clock.legal_day(ended)] if ended else []
    last += [left - timedelta(days=1)] if left else []
    return books.empezo_el, min(last, default=None)


def _lived(books: Contabilidad, report: ReportOwed) -> bool:
    opened, ended = _lived_days(books)
    return owed_by_books(Cut(report.periodo.numero, report.desde, report.hasta), opened, ended) is not None


@dataclass(frozen=True, slots=True)
class _Version:
    pk: int
    numero: int
    etapa_captura: str
    ingresos: int
    egresos: int
    sin_movimientos: bool
    recibida_el: datetime | None


def arrived() -> QuerySet[Compromiso]:
    """Return the commitments in force of who presents a version (the outer row), in the order of arrival."""
    rows = Compromiso.objects.filter(informe=OuterRef("pk"), sin_efecto__isnull=True)
    return rows.exclude(papel__in=SECOND).order_by("recibido_el", "pk")


def signed_whole(rows: QuerySet[Compromiso]) -> QuerySet[Compromiso]:
    """Keep the signatures with which a version has all that the law asks: the only one, or the last to arrive."""
    before = Q(recibido_el__lt=OuterRef("recibido_el")) | Q(recibido_el=OuterRef("recibido_el"), pk__lt=OuterRef("pk"))
    others = Compromiso.objects.filter(
        before, informe=OuterRef("informe"), sin_efecto__isnull=True, papel__isnull=False
    )
    other = others.exclude(papel=OuterRef("papel")).exclude(rfc=OuterRef("rfc"))
    return rows.filter(Q(papel__isnull=True) | Exists(other))


def of_report(contabilidad: int, periodo: int, tipo: str) -> QuerySet[Compromiso]:
    """Return the commitments in scope that wait of any version of one report, in the order of arrival."""
    return waiting().filter(informe__contabilidad=contabilidad, informe__periodo=periodo, informe__tipo=tipo)


def waiting() -> QuerySet[Compromiso]:
    """Return the commitments in scope that are neither presented nor without effect, in the order of arrival."""
    rows = Compromiso.objects.filter(informe__presentacion__isnull=True, sin_efecto__isnull=True)
    related = ("informe__contabilidad__sujeto", "informe__contabilidad__etapa", "recibido_de")
    return rows.select_related(*related).order_by("recibido_el", "pk")


def half_signed(contabilidades: Iterable[Contabilidad]) -> dict[int, Compromiso]:
    """Return the versions of some books that wait for the second of their two signatures, each with the first."""
    books = [each.pk for each in contabilidades if each.clase == Contabilidad.Clase.ORDINARIA]
    if not books:  # the law asks two signatures of reports of such books alone
        return {}
    rows = waiting().filter(informe__contabilidad__in=books, papel__isnull=False).select_related("informe__periodo")
    whole = set(signed_whole(rows).values_list("informe", flat=True))
    found: dict[int, Compromiso] = {}
    for one in rows:
        if one.informe_id not in whole:
            found.setdefault(one.informe_id, one)
    return found


def ready() -> QuerySet[Compromiso]:
    """Return those that wait for nobody's signature: for the worker alone, to be presented."""
    return signed_whole(waiting())


def _versions(books: list[int]) -> dict[tuple[int, int, str], list[_Version]]:
    rows = (
        Informe.objects.filter(contabilidad__in=books)
        .annotate(llegada=Coalesce("presentacion__recibida_el", Subquery(arrived().values("recibido_el")[:1])))
        .order_by("version")
        .values_list(
            "contabilidad_id",
            "periodo_id",
            "tipo",
            "pk",
            "version",
            "etapa_captura",
            "ingresos",
            "egresos",
            "contenido__sin_movimientos",
            "llegada",
        )
    )
    found: dict[tuple[int, int, str], list[_Version]] = {}
    for contabilidad_id, periodo_id, tipo, *rest in rows:
        found.setdefault((contabilidad_id, periodo_id, tipo), []).append(_Version(*rest))
    return found


def _obligation(books: Contabilidad, report: ReportOwed, versions: list[_Version], moment: datetime) -> Obligation:
    presented = [version for version in versions if version.recibida_el is not None]
    first = min((version.recibida_el for version in presented if version.recibida_el), default=None)
    shown = presented[-1] if presented else versions[-1] if versions else None
    return Obligation(
        contabilidad_id=books.pk,
        tipo=report.tipo,
        periodo=report.periodo,
        desde=report.desde,
        hasta=report.hasta,
        base=report.base,
        vence_el=report.vence_el,
        estado=_state(first, report.vence_el, bool(versions), moment),
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
    """Return whether a presentation came after the term of its period.

    A correction, in its window, of an earlier presentation is never late.
    """
    informe = presentacion.informe
    before = Presentacion.objects.filter(
        informe__contabilidad=informe.contabilidad_id,
        informe__periodo=informe.periodo_id,
        informe__tipo=informe.tipo,
        recibida_el__lt=presentacion.recibida_el,
    )
    if informe.etapa_captura == "correccion" and before.exists():
        return False
    report = term_of(informe)
    return report is not None and presentacion.recibida_el >= report.vence_el


def term_of(informe: Informe) -> ReportOwed | None:
    """Return the days and term that the law sets for the report of a version; None when no longer required."""
    return report_of(informe.contabilidad, informe.periodo, informe.tipo)


def before_of(informe: Informe) -> Informe | None:
    """The version presented before this one of the same report, which it corrects; None where it is the first."""
    rows = Informe.objects.filter(
        contabilidad=informe.contabilidad_id,
        periodo=informe.periodo_id,
        tipo=informe.tipo,
        version__lt=informe.version,
        presentacion__isnull=False,
    )
    return rows.order_by("-version").first()


def informes_named(contabilidades: Iterable[int], folios: Iterable[str]) -> list[Informe]:
    """Return the versions of some books with these folios, as they are presented."""
    rows = Informe.objects.filter(contabilidad__in=contabilidades, folio__in=folios)
    return list(rows.select_related("contabilidad__sujeto", "contabilidad__etapa__proceso", "periodo").order_by("pk"))


def ready_informes(contabilidades: Iterable[Contabilidad], capacity: str = "") -> list[Informe]:
    """Return the last version of each report of some books that waits to be signed, of the periods that ended.

    capacity: as what they would be signed, by the word of the law, where it is not by who presents them.
    """
    ones = Informe.objects.filter(contabilidad__in=[books.pk for books in contabilidades])
    key = ("contabilidad_id", "periodo_id", "tipo")
    last = ones.order_by(*key, "-version").distinct(*key).values("pk")
    signed = Compromiso.objects.filter(informe=OuterRef("pk"), sin_efecto__isnull=True)
    signed = signed.filter(papel=capacity) if capacity else signed.exclude(papel__in=SECOND)
    waiting = Informe.objects.filter(~Exists(signed), pk__in=last, presentacion__isnull=True)
    waiting = waiting.filter(periodo__hasta__lt=clock.today())
    related = ("contabilidad__sujeto", "contabilidad__etapa__proceso", "periodo")
    found = list(waiting.select_related(*related).order_by(*key))
    return [each for each in found if second_of(each) == capacity] if capacity else found


def informes_of(contabilidad: Contabilidad, periodo: Periodo | None = None, tipo: str = "") -> QuerySet[Informe]:
    """Return the versions of the reports of some books, the last first, with their presentation where there is one."""
    rows = Informe.objects.filter(contabilidad=contabilidad.pk).select_related(
        "contabilidad__sujeto", "contabilidad__etapa__proceso", "periodo", "presentacion"
    )
    if periodo is not None:
        rows = rows.filter(periodo=periodo)
    if tipo:
        rows = rows.filter(tipo=tipo)
    return rows.order_by("-periodo__numero", "tipo", "-version")

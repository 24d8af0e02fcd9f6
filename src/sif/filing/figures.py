"""Compute the figures of a report from its form, and serialize them canonically."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import connection

from sif.books.models import Poliza
from sif.books.selectors import account_balances, balances_carrying, every_account
from sif.filing.models import Informe
from sif.filing.owed import ReportOwed
from sif.law.chart import Account
from sif.law.duties import load_duties
from sif.law.forms import Balances, Form, ReportForm, fill_form, report_form
from sif.law.parameters import value_on
from sif.registry.models import Contabilidad

FORMAT = "sif-informe/2"
"""Of a content with its annexes; one of `sif-informe/1` has none."""
HEADS = {
    3: (("anterior", "Periodos anteriores"), ("periodo", "Este periodo"), ("acumulado", "Total")),
    1: (("periodo", "Importe"),),
}
"""The amounts that a form of so many columns shows on paper and in a workbook, each with its head."""
_HEADS = {"libros": None, "hojas": None}


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """A line of the form with its basis and its three amounts in centavos: what came before, these days, and both."""

    linea: str
    titulo: str
    anterior: int
    periodo: int
    acumulado: int
    base: str


def form_of(tipo: str, sujeto: str = "") -> tuple[Form, ReportForm]:
    """Return the form of a kind of report: that of a kind of subject where the law has one. Raises LawDataError."""
    variants = load_duties(settings.JURISDICTION)[tipo].variantes
    return report_form(variants.get(sujeto, tipo), settings.JURISDICTION)


def form_of_books(contabilidad: Contabilidad, tipo: str) -> tuple[Form, ReportForm]:
    """Return the form on which some books make a report of a kind."""
    return form_of(tipo, contabilidad.sujeto.tipo)


def form_frozen(informe: Informe) -> tuple[Form, ReportForm]:
    """Return the form that a version froze, told by its basis: a form that its subject got later changes no version."""
    variants = load_duties(settings.JURISDICTION)[informe.tipo].variantes
    forms = [report_form(clave, settings.JURISDICTION) for clave in (informe.tipo, *variants.values())]
    frozen = informe.contenido.get("formulario")
    return next((form for form in forms if form[0].base == frozen), forms[0])


def lines_of(
    contabilidad: Contabilidad, report: ReportOwed, sums: "Sums | None" = None
) -> tuple[list[LineAmounts], bool]:
    """Return the lines of a report of some books, and whether its days moved any account.

    Each account enters with the sign of its own nature, as `law.forms` says. What a póliza of opening or closing moves
    is no operation: of it, only what there was to begin with. sums: its balances, where a page asks more of them.
    """
    form = form_of_books(contabilidad, report.tipo)[0]
    sums = sums or sums_of(contabilidad, report)
    figures = {
        line.parametro: value_on(line.parametro, report.hasta, settings.JURISDICTION) for line in form if line.parametro
    }
    before, within, both = (fill_form(form, balances) for balances in sums.columns(figures))
    lines = [
        LineAmounts(line.linea, line.titulo, before[line.linea], within[line.linea], both[line.linea], line.base)
        for line in form
    ]
    return lines, bool(sums.within)


class Sums:
    """The account balances of some books for the days of a report and for the days before, each read once, if asked."""

    def __init__(self, books: int, report: ReportOwed, patrimonio: tuple[str, ...]) -> None:
        self.books, self.patrimonio = books, patrimonio
        self.first, self.last = report.desde, report.hasta
        self.eve = report.desde - timedelta(days=1)

    @cached_property
    def chart(self) -> dict[str, Account]:
        """Every account, by which each balance takes its sign."""
        return every_account()

    @cached_property
    def before(self) -> dict[str, int]:
        """The balances of the days before."""
        return account_balances(self.books, hasta=self.eve, chart=self.chart)

    @cached_property
    def within(self) -> dict[str, int]:
        """The balances of the days of the report."""
        return account_balances(self.books, desde=self.first, hasta=self.last, chart=self.chart)

    @cached_property
    def opened_before(self) -> dict[str, int]:
        """The balances that pólizas of opening and closing carried before."""
        return balances_carrying(self.books, self.patrimonio, hasta=self.eve, chart=self.chart)

    @cached_property
    def opened_within(self) -> dict[str, int]:
        """The balances that they carried in the days of the report."""
        return balances_carrying(self.books, self.patrimonio, desde=self.first, hasta=self.last, chart=self.chart)

    def columns(self, figures: Mapping[str, int]) -> tuple[Balances, Balances, Balances]:
        """Return the balances of each column: the days before, the days of the report, and both."""
        moved_before, moved_within = _less(self.before, self.opened_before), _less(self.within, self.opened_within)
        end = _plus(self.before, self.within)
        return (
            Balances(moved_before, self.opened_before, self.before, figures),
            Balances(moved_within, _plus(self.before, self.opened_within), end, figures),
            Balances(_plus(moved_before, moved_within), _plus(self.opened_before, self.opened_within), end, figures),
        )


def _plus(one: Mapping[str, int], other: Mapping[str, int], sign: int = 1) -> dict[str, int]:
    return {code: one.get(code, 0) + sign * other.get(code, 0) for code in {**one, **other}}


def _less(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return _plus(one, other, -1)


def sums_of(contabilidad: Contabilidad, report: ReportOwed) -> Sums:
    """Return the balances of some books of which a report is made."""
    return Sums(contabilidad.pk, report, form_of_books(contabilidad, report.tipo)[1].patrimonio)


def outside_form(contabilidad: Contabilidad, report: ReportOwed, sums: Sums | None = None) -> dict[str, int]:
    """Return the income and spending of the days of a report in accounts that its form has no line for, by account."""
    form = form_of_books(contabilidad, report.tipo)[0]
    sums = sums or sums_of(contabilidad, report)
    moved = _less(sums.within, sums.opened_within)
    return {
        code: amount
        for code, amount in sorted(moved.items())
        if amount and code[0] in RESULTS and not any(line.takes(code) for line in form)
    }


RESULTS = frozenset("45")
"""Classes of accounts that say what came in and what was spent."""


def freeze_content(
    contabilidad: Contabilidad, report: ReportOwed, lines: list[LineAmounts], etapa_captura: str, *, nil: bool
) -> dict[str, object]:
    """Build the content of a version of a report, ready for canonical JSON: text, whole centavos and truth values."""
    last = Poliza.objects.filter(contabilidad=contabilidad.pk).order_by("-eslabon").first()
    return {
        "formato": FORMAT,
        "tipo": report.tipo,
        "formulario": form_of_books(contabilidad, report.tipo)[0].base,
        "proceso": contabilidad.etapa.proceso.clave,
        "sujeto": contabilidad.sujeto.siglas,
        "contabilidad": contabilidad.pk,
        "periodo": {
            "numero": report.periodo.numero,
            "desde": report.desde.isoformat(),
            "hasta": report.hasta.isoformat(),
        },
        "etapa_captura": etapa_captura,
        "sin_movimientos": nil,
        "tope": contabilidad.tope,
        "lineas": [asdict(line) for line in lines],
        "libros": {"eslabon": last.eslabon if last else 0, "huella": bytes(last.huella).hex() if last else ""},
        "hojas": _leaves_of(contabilidad),
    }


def days_of(content: Mapping[str, Any]) -> tuple[date, date]:
    """Return the first and the last day that a frozen content reports."""
    days = content["periodo"]
    return date.fromisoformat(days["desde"]), date.fromisoformat(days["hasta"])


LEAVES = """SELECT coalesce(max(h.id), 0),
        encode(sha256(coalesce(string_agg(h.huella, ''::bytea ORDER BY h.id), '')), 'hex')
    FROM public.registry_hoja h WHERE h.contabilidad_id = {contabilidad} AND h.tabla LIKE 'books\\_%%'"""
"""Last leaf and digest of all the leaves of some books, in order: pólizas, evidence, contracts, receipts. Who writes
them holds the row of the contabilidad, so none can appear later with a lower number."""


def _leaves_of(contabilidad: Contabilidad) -> dict[str, object]:
    with connection.cursor() as cursor:
        cursor.execute(LEAVES.format(contabilidad="%s"), [contabilidad.pk])
        last, digest = cursor.fetchone()
    return {"hasta": last, "huella": digest}


def same_figures(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Return whether two contents are equal, apart from the heads of the books, which grow with other periods too."""
    return {**one, **_HEADS} == {**other, **_HEADS}


def amount_of(content: Mapping[str, Any], linea: str, column: str = "periodo") -> int:
    """Return an amount of a frozen content (centavos): column is anterior, periodo or acumulado. Raises KeyError."""
    for line in content["lineas"]:
        if line["linea"] == linea:
            return int(line[column])
    raise KeyError(linea)


@dataclass(frozen=True, slots=True)
class LineDifference:
    """A line of the form whose amount is one in a report and another in what is set beside it, in centavos."""

    linea: str
    titulo: str
    informe: int
    libros: int

    @property
    def diferencia(self) -> int:
        """Return the compared amount minus the amount of the report."""
        return self.libros - self.informe


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[LineDifference]:
    """The lines whose amount of these days is another afterwards, in the order of the form; both as a version says."""
    said = {row["linea"]: int(row["periodo"]) for row in before["lineas"]}
    found = (
        LineDifference(row["linea"], row["titulo"], said.get(row["linea"], 0), int(row["periodo"]))
        for row in after["lineas"]
    )
    return [each for each in found if each.diferencia]

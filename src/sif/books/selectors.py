"""Query pólizas, derived balances, missing evidence and the state of the chain."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Concat, ExtractYear

from sif.books.accounts import accounts_of as accounts_of
from sif.books.accounts import every_account as every_account
from sif.books.accounts import process_accounts as process_accounts
from sif.books.board import MISSING_EACH, MISSING_OF, board, rows_of
from sif.books.content import CONTENT, FORMAT, content_of
from sif.books.models import Apertura, Borrador, Movimiento, PartidaPresupuesto, Poliza, Recepcion, UsoComprobante
from sif.law.chart import Account
from sif.ledger import Balance, NewLine, parse_reference, reference, trial_balance
from sif.ledger.reference import LETTERS, MONTHS
from sif.registry.models import Contabilidad
from sif.signing.chain import link_digest
from sif.signing.chain import verify_chain as first_broken
from sif.values import Money

_SUBSTITUTES = re.compile(r"^Sustituye a (?P<cited>P[NCAJ]\d+/[A-Z]{2}-\d+/[A-Z]{3}-\d{4}; ID \d+)\.")


@dataclass(frozen=True, slots=True)
class SpentAgainstCap:
    """Income and spending of some books beside their cap (None where they have none)."""

    contabilidad_id: int
    ingresos: Money
    egresos: Money
    tope: Money | None


@dataclass(frozen=True, slots=True)
class MissingEvidence:
    """A class of evidence that a póliza must carry and does not, and the account that asks for it."""

    poliza_id: int
    referencia: str
    clase: str
    cuenta: str
    monto: Money


def presupuesto(contabilidades: Iterable[int]) -> QuerySet[PartidaPresupuesto]:
    """Return every line of the budgets of some books, those that others amended too, the last first."""
    return PartidaPresupuesto.objects.filter(contabilidad__in=list(contabilidades)).order_by("-pk")


def polizas(contabilidades: Iterable[int]) -> QuerySet[Poliza]:
    """Return the pólizas of some books with what a list shows, the last first."""
    return (
        Poliza.objects.filter(contabilidad__in=list(contabilidades))
        .select_related("contabilidad", "periodo", "registrada_por")
        .order_by("-registrada_el", "-pk")
    )


_COUNTED = """
SELECT coalesce(sum(ultimo.eslabon), 0)::bigint FROM unnest(%(libros)s::bigint[]) AS c CROSS JOIN LATERAL (
    SELECT eslabon FROM books_poliza WHERE contabilidad_id = c ORDER BY eslabon DESC LIMIT 1) ultimo
"""


def count_of(contabilidades: Iterable[int]) -> int:
    """Count the pólizas of some books by the last link of each chain, whose links run from 1 without gaps."""
    ((total,),) = rows_of(_COUNTED, libros=list(contabilidades))
    return int(total)


def reference_of(poliza: Poliza) -> str:
    """Return the short reference of a posted póliza."""
    return reference(
        poliza.tipo,
        poliza.periodo.numero,
        poliza.subtipo,
        poliza.numero,
        poliza.fecha_operacion,
        poliza.contabilidad_id,
    )


def reference_text(path: str = "") -> Concat:
    """Return the expression of the reference that `reference_of` writes, to search it. path: to the póliza, or ''."""
    at = f"{path}__" if path else ""
    letters = [When(**{f"{at}tipo": kind, "then": Value(letter)}) for kind, letter in LETTERS.items()]
    months = [When(**{f"{at}fecha_operacion__month": n, "then": Value(name)}) for n, name in enumerate(MONTHS, 1)]
    return Concat(
        Value("P"),
        Case(*letters, output_field=CharField()),
        f"{at}periodo__numero",
        Value("/"),
        f"{at}subtipo",
        Value("-"),
        f"{at}numero",
        Value("/"),
        Case(*months, output_field=CharField()),
        Value("-"),
        ExtractYear(f"{at}fecha_operacion"),
        Value("; ID "),
        f"{at}contabilidad_id",
        output_field=CharField(),
    )


def substitution_words(poliza: Poliza) -> str:
    """Return the first words of the concept of a substitute póliza, which cite the original.

    The digest of the substitute covers the citation.
    """
    return f"Sustituye a {reference_of(poliza)}."


def substitute_of(poliza: Poliza) -> Poliza | None:
    """Return the póliza that took the place of this one after it was reversed, or None."""
    reversal = Poliza.objects.filter(revierte_a=poliza).first()
    if reversal is None:
        return None
    later = Poliza.objects.filter(contabilidad=poliza.contabilidad_id, eslabon__gt=reversal.eslabon)
    found = later.filter(concepto__startswith=substitution_words(poliza), revierte_a__isnull=True)
    return found.select_related("periodo").order_by("eslabon").first()


def substituted_by(poliza: Poliza) -> Poliza | None:
    """Return the póliza whose place this one took, or None."""
    match = _SUBSTITUTES.match(poliza.concepto)
    if match is None:
        return None
    cited = parse_reference(match["cited"])
    return (
        Poliza.objects.filter(
            contabilidad=poliza.contabilidad_id,
            tipo=cited.tipo,
            periodo__numero=cited.periodo,
            subtipo=cited.subtipo,
            numero=cited.numero,
            reversion__isnull=False,
            eslabon__lt=poliza.eslabon,
        )
        .select_related("periodo")
        .first()
    )


def lines_of(poliza: Poliza) -> tuple[NewLine, ...]:
    """Return the lines of a posted póliza, in order."""
    return tuple(
        NewLine(m.cuenta_id, Money(m.cargo), Money(m.abono), m.concepto, m.auxiliar_tipo, m.auxiliar_id)
        for m in poliza.movimientos.order_by("linea")
    )


def _lines(contabilidad_id: int, desde: date | None, hasta: date | None) -> QuerySet[Movimiento]:
    when = Q()
    if desde:
        when &= Q(poliza__fecha_operacion__gte=desde)
    if hasta:
        when &= Q(poliza__fecha_operacion__lte=hasta)
    return Movimiento.objects.filter(when, contabilidad=contabilidad_id)


def balanza(
    contabilidad_id: int,
    *,
    desde: date | None = None,
    hasta: date | None = None,
    chart: Mapping[str, Account] | None = None,
) -> list[Balance]:
    """Return the trial balance of some books between two days of operation, both included.

    chart: `every_account()`, where whoever asks for several read it.
    """
    sums = (
        _lines(contabilidad_id, desde, hasta)
        .values("cuenta_id")
        .annotate(cargos=Sum("cargo"), abonos=Sum("abono"))
        .values_list("cuenta_id", "cargos", "abonos")
    )
    return trial_balance(sums, every_account() if chart is None else chart)


def account_balances(
    contabilidad_id: int, *, hasta: date, desde: date | None = None, chart: Mapping[str, Account] | None = None
) -> dict[str, int]:
    """Balance by account code in centavos, positive when it agrees with the nature of the account."""
    return {row.cuenta: row.saldo.centavos for row in balanza(contabilidad_id, desde=desde, hasta=hasta, chart=chart)}


def balances_carrying(
    contabilidad_id: int,
    accounts: tuple[str, ...],
    *,
    hasta: date,
    desde: date | None = None,
    chart: Mapping[str, Account] | None = None,
) -> dict[str, int]:
    """As account_balances, of the pólizas alone that carry some account that begins so, or that open the books."""
    carried = Q()
    for beginning in accounts:
        carried |= Q(cuenta__codigo__startswith=beginning)
    if not carried:
        return {}
    lines = _lines(contabilidad_id, desde, hasta)
    opened = Apertura.objects.filter(contabilidad=contabilidad_id).values("poliza")
    rows = lines.filter(Q(poliza__in=lines.filter(carried).values("poliza")) | Q(poliza__in=opened))
    sums = rows.values("cuenta_id").annotate(cargos=Sum("cargo"), abonos=Sum("abono"))
    found = trial_balance(
        sums.values_list("cuenta_id", "cargos", "abonos"), every_account() if chart is None else chart
    )
    return {row.cuenta: row.saldo.centavos for row in found}


def saldo_de(contabilidad_id: int, cuenta: str, al: date) -> Money:
    """Return the balance of one account on a day, by its nature."""
    return next((row.saldo for row in balanza(contabilidad_id, hasta=al) if row.cuenta == cuenta), Money(0))


def spent_against_cap(contabilidades: Iterable[Contabilidad]) -> dict[int, SpentAgainstCap]:
    """Income, spending and cap of many books, by number."""
    return {
        number: SpentAgainstCap(number, row.ingresos, row.egresos, row.tope)
        for number, row in board(list(contabilidades)).items()
    }


def missing_evidence(contabilidades: Iterable[int]) -> list[MissingEvidence]:
    """Return the evidence that each póliza lacks, of all required by its accounts and the table of its day."""
    return _missing(rows_of(MISSING_EACH, libros=list(contabilidades)))


def missing_of(polizas: Iterable[int]) -> list[MissingEvidence]:
    """Return the same of some pólizas, by their numbers, without reading the rest of their books."""
    return _missing(rows_of(MISSING_OF, polizas=list(polizas)))


def _missing(rows: Iterable[tuple[Any, ...]]) -> list[MissingEvidence]:
    return [
        MissingEvidence(poliza, reference(*named), clase, cuenta, Money(total))
        for poliza, clase, cuenta, total, *named in rows
    ]


def inbox(contabilidades: Iterable[int]) -> QuerySet[Recepcion]:
    """Invoices received and not yet used in their books nor set aside, the last first."""
    used = UsoComprobante.objects.filter(comprobante=OuterRef("comprobante"), contabilidad=OuterRef("contabilidad"))
    return (
        Recepcion.objects.filter(~Exists(used), contabilidad__in=list(contabilidades), descartada_el__isnull=True)
        .select_related("comprobante", "contabilidad__sujeto", "contabilidad__etapa")
        .order_by("-recibida_el", "-pk")
    )


def borradores(contabilidades: Iterable[int]) -> QuerySet[Borrador]:
    """Drafts of some books, the last saved first."""
    rows = Borrador.objects.filter(contabilidad__in=list(contabilidades))
    return rows.select_related("contabilidad", "guardado_por", "comprobante").order_by("-guardado_el")


def verify_chain(contabilidad_id: int) -> int | None:
    """Return the first link of some books whose digest does not follow from those before, or None if all do."""
    links = _links(contabilidad_id, 1, None)
    broken = first_broken((content, kept) for _place, content, kept in links)
    return None if broken is None else links[broken][0]


def verify_neighbours(poliza: Poliza) -> int | None:
    """Return the first link that does not follow, of a póliza and those beside it; None if all do.

    The links before them are taken at their word: `verify_chain` asks all of them, and the audit of the record too.
    """
    first = max(1, poliza.eslabon - 1)
    links = _links(poliza.contabilidad_id, max(1, first - 1), poliza.eslabon + 1)
    places = range(max(1, first - 1), links[-1][0] + 1)
    if [place for place, _content, _kept in links] != list(places):
        return first
    before = links.pop(0)[2] if first > 1 else None
    for place, content, kept in links:
        if link_digest(before, content) != kept:
            return place
        before = kept
    return None


def _links(contabilidad_id: int, first: int, last: int | None) -> list[tuple[int, bytes, bytes]]:
    """Return the links of some books from one place to another: place, content, digest kept."""
    rows = Poliza.objects.filter(contabilidad=contabilidad_id, eslabon__gte=first).order_by("eslabon")
    rows = rows if last is None else rows.filter(eslabon__lte=last)
    old = {row.pk: row for row in rows.filter(formato=1).prefetch_related("movimientos")}
    with connection.cursor() as cursor:
        cursor.execute(_LINKS, [contabilidad_id, first, last, last])
        links = cursor.fetchall()
    return [
        (int(place), bytes(content) if formato == FORMAT else content_of(old[pk], _fetched_lines(old[pk])), bytes(kept))
        for pk, place, formato, kept, content in links
    ]


_LINKS = (
    f"SELECT p.id, p.eslabon, p.formato, p.huella, {CONTENT} FROM books_poliza p "
    "WHERE p.contabilidad_id = %s AND p.eslabon >= %s AND (%s::bigint IS NULL OR p.eslabon <= %s) ORDER BY p.eslabon"
)


def _fetched_lines(poliza: Poliza) -> list[NewLine]:
    rows = sorted(poliza.movimientos.all(), key=lambda m: m.linea)
    return [
        NewLine(m.cuenta_id, Money(m.cargo), Money(m.abono), m.concepto, m.auxiliar_tipo, m.auxiliar_id) for m in rows
    ]

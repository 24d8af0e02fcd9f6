"""Compute what some books leave at the end of a year: each balance, and each unpaid charge with its own day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Sum

from sif.books.accounts import account_for_role, every_account
from sif.books.models import Movimiento, PartidaApertura, Poliza
from sif.books.references import CATALOGUES
from sif.ledger import reference
from sif.registry.models import Contabilidad
from sif.registry.versions import Version

RESULTS = frozenset("45")
"""Classes of account that a year ends with: income and spending, whose difference goes to equity."""
Auxiliary = tuple[str, str, int | None]
"""An account with the kind and the number of its auxiliary."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A balance that one year leaves to the next, in centavos, debits positive.

    fecha: the day since which it is owed, of what ages; then `referencia` is that of the póliza or document.
    """

    cuenta: str
    auxiliar_tipo: str
    auxiliar_id: int | None
    neto: int
    fecha: date | None = None
    referencia: str = ""
    concepto: str = ""

    @property
    def key(self) -> tuple[str, str, int | None, date | None, str]:
        """Return what tells it from another balance."""
        return self.cuenta, self.auxiliar_tipo, self.auxiliar_id, self.fecha, self.referencia


@dataclass(slots=True)
class _Aged:
    """The parts of a balance that ages: each charge with its day and reference, and all that was paid."""

    charges: dict[tuple[date, str], list[int]] = field(default_factory=dict)
    paid: int = 0

    def add(self, day: date, referencia: str, link: int, amount: int) -> None:
        kept = self.charges.setdefault((day, referencia), [link, 0])
        kept[1] += amount

    def left(self) -> Iterator[tuple[int, date | None, str]]:
        """Yield what is unpaid of each charge, the first that entered being the first paid; then what was overpaid."""
        left = self.paid - sum(min(amount, 0) for _link, amount in self.charges.values())
        for (day, referencia), (_link, amount) in sorted(self.charges.items(), key=lambda each: (each[0][0], each[1])):
            used = min(left, max(amount, 0))
            left -= used
            if amount - used > 0:
                yield amount - used, day, referencia
        if left:
            yield -left, None, ""


def balances_left(books: Contabilidad) -> tuple[list[Carried], int]:
    """Return what some books leave to the next year, in order of account, and the result of their year in centavos.

    Accounts of income and spending leave their difference, as one balance of equity. Debits equal credits.
    """
    chart = every_account()
    ages = {code for code, account in chart.items() if account.es_por_cobrar or account.es_por_pagar}
    plain: dict[Auxiliary, int] = defaultdict(int)
    result = 0
    sums = Movimiento.objects.filter(contabilidad=books).exclude(cuenta__in=ages)
    nets = sums.values("cuenta_id", "auxiliar_tipo", "auxiliar_id").annotate(neto=Sum(F("cargo") - F("abono")))
    rows = list(nets.values_list("cuenta_id", "auxiliar_tipo", "auxiliar_id", "neto"))
    standing = _standing((kind, number) for _code, kind, number, _net in rows)
    for code, kind, number, net in rows:
        if code[0] in RESULTS:
            result -= net
        else:
            plain[code, kind, standing.get((kind, number), number)] += net
    found = [Carried(*key, net) for key, net in plain.items() if net]
    for key, aged in _aged(books, ages).items():
        sign = 1 if chart[key[0]].es_por_cobrar else -1
        found += [Carried(*key, sign * amount, day, cited) for amount, day, cited in aged.left()]
    if result:
        words = f"Resultado del ejercicio {books.etapa.proceso.anio}"
        found.append(Carried(account_for_role("resultados"), "", None, -result, concepto=words))
    return sorted(found, key=_order), result


def _order(each: Carried) -> tuple[object, ...]:
    return each.cuenta, each.auxiliar_tipo, each.auxiliar_id or 0, each.fecha or date.min, each.referencia


def _aged(books: Contabilidad, ages: set[str]) -> dict[Auxiliary, _Aged]:
    """Return what makes each balance that ages; a reversal is one with the póliza that it reverses."""
    lines = Movimiento.objects.filter(contabilidad=books, cuenta__in=ages).order_by("poliza", "linea")
    rows = list(lines.values_list(*_LINE))
    brought = {
        (poliza, line): (day, cited)
        for poliza, line, day, cited in PartidaApertura.objects.filter(contabilidad=books).values_list(
            "apertura__poliza_id", "linea", "fecha", "referencia"
        )
    }
    own = {row.pk: row for row in Poliza.objects.filter(contabilidad=books).select_related("periodo").only(*_CITED)}
    standing = _standing((row[2], row[3]) for row in rows)
    found: dict[Auxiliary, _Aged] = defaultdict(_Aged)
    for code, receivable, kind, number, debit, credit, poliza, line, undoes in rows:
        aged = found[code, kind, standing.get((kind, number), number)]
        grows, falls = (debit, credit) if receivable else (credit, debit)
        origin = own[undoes or poliza]
        aged.paid += falls
        if (poliza, line) in brought:
            day, cited = brought[poliza, line]
            aged.add(day, cited, origin.eslabon, grows - falls)
            aged.paid -= falls
        elif grows:
            cited = reference(
                origin.tipo,
                origin.periodo.numero,
                origin.subtipo,
                origin.numero,
                origin.fecha_operacion,
                origin.contabilidad_id,
            )
            aged.add(origin.fecha_operacion, cited, origin.eslabon, grows)
    return found


_LINE = (
    "cuenta_id",
    "cuenta__es_por_cobrar",
    "auxiliar_tipo",
    "auxiliar_id",
    "cargo",
    "abono",
    "poliza_id",
    "linea",
    "poliza__revierte_a_id",
)
_CITED = ("tipo", "subtipo", "numero", "fecha_operacion", "eslabon", "contabilidad_id", "periodo__numero")


def _standing(named: Iterable[tuple[str, int | None]]) -> dict[tuple[str, int | None], int]:
    """Return the row in force of each auxiliary that was cited by a version of before."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, number in named:
        if number is not None and kind in CATALOGUES and issubclass(CATALOGUES[kind], Version):
            wanted[kind].add(number)
    found: dict[tuple[str, int | None], int] = {}
    for kind, numbers in wanted.items():
        rows = CATALOGUES[kind]._default_manager
        cited = dict(rows.filter(pk__in=numbers).values_list("pk", "identidad"))
        last = dict(rows.filter(identidad__in=cited.values(), reemplazada_por=None).values_list("identidad", "pk"))
        found |= {(kind, number): last[identity] for number, identity in cited.items() if identity in last}
    return found

"""Compute the financial statements [LGPP 60.1.j].

Each is a form of law filled from the balances of the accounts; nothing is kept.
"""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db.models import Sum

from sif.books.accounts import beginning_for_role, cash_beginnings
from sif.books.models import Movimiento
from sif.law.forms import Balances, Form, FormLine, fill_form, load_form
from sif.registry.models import Contabilidad
from sif.statements.asked import Asked, cash_lines
from sif.statements.ledgers import accounts, sums_by_account
from sif.statements.report import Drill, Line, ListRows
from sif.values import Money

_CREDIT_CLASSES = frozenset("234")
"""Classes of account whose balance is credits less debits: pasivo, patrimonio, ingresos."""
DIFFERENCE = "Diferencia: cuentas de orden sin su contracuenta o cuentas fuera del formato"


def by_class(code: str, debits: int, credits: int) -> int:
    """Return the balance of an account with the sign of its class, in centavos."""
    return credits - debits if code[0] in _CREDIT_CLASSES else debits - credits


def situacion_financiera(asked: Asked) -> ListRows:
    """Compute assets, liabilities and equity on the last day asked for, beside the balances before the first day."""
    sums = sums_by_account(asked)
    form = load_form("esf", settings.JURISDICTION)
    before = fill_form(form, Balances({code: by_class(code, row[0], row[1]) for code, row in sums.items()}))
    whole = {code: by_class(code, row[0] + row[2], row[1] + row[3]) for code, row in sums.items()}
    now = fill_form(form, Balances(whole))
    lines = [
        _line(line, {"anterior": before[line.linea], "importe": now[line.linea]}, _to_balance(asked, line))
        for line in form
    ]
    off = {"anterior": before["A"] - before["PC"], "importe": now["A"] - now["PC"]}
    if any(off.values()):
        lines.append(_made("X", DIFFERENCE, off))
    return ListRows(lines)


def actividades(asked: Asked) -> ListRows:
    """Income and spending of the days asked for, and since the books began.

    What opens the books or closes their results is neither, as in the reports (`law.forms`).
    """
    asked = asked.but(operaciones=True)
    sums = sums_by_account(asked)
    form = load_form("ea", settings.JURISDICTION)
    within = fill_form(form, Balances({code: by_class(code, row[2], row[3]) for code, row in sums.items()}))
    whole = {code: by_class(code, row[0] + row[2], row[1] + row[3]) for code, row in sums.items()}
    since = fill_form(form, Balances(whole))
    return ListRows(
        [
            _line(line, {"importe": within[line.linea], "acumulado": since[line.linea]}, _to_balance(asked, line))
            for line in form
        ]
    )


def flujo(asked: Asked) -> ListRows:
    """Compute the cash flow from the other lines of each póliza that touches caja or bancos.

    The statement starts from the earlier balance of caja and bancos and ends with their last balance. Both are read
    from the accounts, so a difference with the flow is a line of its own.
    """
    cash = sums_by_account(asked.but(cuentas=cash_beginnings()))
    start = sum(row[0] - row[1] for row in cash.values())
    end = start + sum(row[2] - row[3] for row in cash.values())
    form = load_form("efe", settings.JURISDICTION)
    amounts = fill_form(form, Balances(_other_sides(asked)))
    lines = [_line(line, {"importe": amounts[line.linea]}, _to_diary(asked, line)) for line in form]
    lines.append(_made("S.1", "Efectivo al inicio", {"importe": start}))
    lines.append(_made("S", "Efectivo al final", {"importe": end}, Drill("balanza", _cash_of(asked))))
    if off := end - start - amounts["N"]:
        lines.append(_made("X", DIFFERENCE, {"importe": off}))
    return ListRows(lines)


def _cash_of(asked: Asked) -> dict[str, str]:
    return {**asked.as_query(), "cuenta": ",".join(cash_beginnings())}


def _other_sides(asked: Asked) -> dict[str, int]:
    lines = Movimiento.objects.filter(asked.of_lines() & asked.within(), poliza__in=asked.cash_polizas())
    lines = lines.exclude(cash_lines())
    if (opened := asked.opening()) is not None:
        lines = lines.exclude(opened)
    found = lines.values("cuenta_id").annotate(cargos=Sum("cargo"), abonos=Sum("abono"))
    return {code: credits - debits for code, debits, credits in found.values_list("cuenta_id", "cargos", "abonos")}


def _to_balance(asked: Asked, line: FormLine) -> Drill | None:
    return Drill("balanza", {**asked.as_query(), "cuenta": ",".join(line.cuentas)}) if line.cuentas else None


def _to_diary(asked: Asked, line: FormLine) -> Drill | None:
    if not line.cuentas:
        return None
    return Drill("diario", {**asked.as_query(), "cuenta": ",".join(line.cuentas), "efectivo": "1"})


def _line(line: FormLine, amounts: Mapping[str, int], drill: Drill | None) -> Line:
    return _made(line.linea, line.titulo, amounts, drill, "suma" if line.suma_de else "")


def _made(linea: str, titulo: str, amounts: Mapping[str, int], drill: Drill | None = None, clase: str = "suma") -> Line:
    cells: dict[str, object] = {"linea": linea, "concepto": titulo}
    cells |= {key: Money(value) for key, value in amounts.items()}
    return Line(cells, dict.fromkeys(amounts, drill) if drill else {}, clase)


def estado_de_cuenta(asked: Asked) -> ListRows:
    """For each set of books: income and spending by public head, what is left of the cap, money and debts."""
    books = Contabilidad.objects.filter(pk__in=asked.contabilidades).order_by("pk")
    lines: list[Line] = []
    for each in books:
        mine = asked.but(contabilidades=(each.pk,))
        lines += _statement_of(each, mine, sums_by_account(mine))
    return ListRows(lines)


def _statement_of(books: Contabilidad, asked: Asked, sums: Mapping[str, tuple[int, int, int, int]]) -> list[Line]:
    whole = {code: by_class(code, row[0] + row[2], row[1] + row[3]) for code, row in sums.items()}
    income = _by_head(whole, is_income=True)
    spending = _by_head(whole, is_income=False)
    total_in, total_out = sum(income.values()), sum(spending.values())
    mine = _Account(str(books.pk), asked)
    lines = [mine.line("I", "Ingreso", head, amount) for head, amount in sorted(income.items())]
    lines.append(mine.line("I", "Ingreso", "Total de ingresos", total_in, (beginning_for_role("ingresos"),), "suma"))
    lines += [mine.line("G", "Gasto", head, amount) for head, amount in sorted(spending.items())]
    lines.append(mine.line("G", "Gasto", "Total de gastos que cuentan para el tope", total_out, (), "suma"))
    if books.tope is not None:
        lines.append(mine.line("T", "Tope", "Tope de gastos", books.tope, (), "suma"))
        lines.append(mine.line("T", "Tope", "Queda del tope", books.tope - total_out, (), "suma"))
    for title, roles in _STANDING.items():
        beginnings = tuple(beginning_for_role(role) for role in roles)
        amount = sum(value for code, value in whole.items() if code.startswith(beginnings))
        lines.append(mine.line("S", "Saldo", title, amount, beginnings))
    return lines


_STANDING: dict[str, tuple[str, ...]] = {
    "Caja": ("caja",),
    "Bancos": ("bancos",),
    "Por cobrar y anticipos": ("por_cobrar", "anticipos"),
    "Por pagar": ("corto_plazo",),
}


def _by_head(balances: Mapping[str, int], *, is_income: bool) -> dict[str, int]:
    known = accounts()
    found: dict[str, int] = {}
    for code, amount in balances.items():
        account = known[code]
        if account.es_ingreso if is_income else account.es_gasto:
            head = account.rubro or account.nombre
            found[head] = found.get(head, 0) + amount
    return found


class _Account:
    """Writes the lines of the account of some books."""

    def __init__(self, number: str, asked: Asked) -> None:
        self.number, self.asked = number, asked

    def line(
        self, seccion: str, tipo: str, concepto: str, amount: int, beginnings: Iterable[str] = (), clase: str = ""
    ) -> Line:
        """Return a line; its amount opens the balance of the accounts that begin so, or of all those of these books."""
        filters = {**self.asked.as_query(), "contabilidad": self.number, "cuenta": ",".join(beginnings)}
        if not filters["cuenta"]:
            role = {"I": "ingresos", "G": "gastos"}.get(seccion)
            filters["cuenta"] = beginning_for_role(role) if role else ""
        drill = Drill("balanza", filters) if filters["cuenta"] else None
        cells = {"contabilidad": self.number, "seccion": tipo, "concepto": concepto, "importe": Money(amount)}
        return Line(cells, {"importe": drill} if drill else {}, clase)


def forms() -> tuple[Form, ...]:
    """Return the forms of the statements of this jurisdiction."""
    return tuple(load_form(key, settings.JURISDICTION) for key in ("esf", "ea", "efe"))

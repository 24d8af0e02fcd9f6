"""Record what a party's organ approves to spend, amend it, and move an amount from one line to another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sif.books.accounts import accounts_of
from sif.books.models import PartidaPresupuesto
from sif.books.services.registros import lock_books
from sif.catalogs.models import Proyecto
from sif.catalogs.services.campaign_refusals import check_words, refuse
from sif.law.chart import Account, prefix_of
from sif.registry import clock
from sif.registry.models import Contabilidad, Usuario
from sif.registry.scope import acting
from sif.values import Money, Problem

_ROOM = {"acuerdo": 160}


@dataclass(frozen=True, slots=True)
class NewPartida:
    """A line of a budget as captured; `proyecto_id`: None for what is of no project; `acuerdo`: who approved it."""

    cuenta: str
    monto: Money
    aprobada_el: date
    acuerdo: str
    proyecto_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewTraspaso:
    """An amount that moves between two lines of a budget; `origen_id`: any of the rows of the line that gives it.

    cuenta, proyecto_id: the line that receives it, which may be new.
    """

    origen_id: int
    cuenta: str
    monto: Money
    aprobada_el: date
    acuerdo: str
    proyecto_id: int | None = None


def record_partida(contabilidad: Contabilidad, new: NewPartida, by: Usuario) -> PartidaPresupuesto:
    """Record an amount to spend in an account, or amend the one that the account and its project have.

    Raises Refused cuenta, proyecto, importe, fecha, falta, largo, repetido or traslape, all that apply.
    """
    with acting():
        contabilidad = lock_books(contabilidad, by)
        earlier = list(PartidaPresupuesto.objects.filter(contabilidad=contabilidad).order_by("pk"))
        own = _own(earlier, new.cuenta, new.proyecto_id)
        refuse(
            [
                *_line_problems(new, contabilidad, earlier),
                *_amount_problems(new.monto, amends=bool(own)),
                *_same_problems(new, own),
                *_day_problems(new.aprobada_el, own),
                *check_words({"acuerdo": new.acuerdo}, _ROOM),
            ]
        )
        return _write(contabilidad, new, by)


def transfer_partida(contabilidad: Contabilidad, new: NewTraspaso, by: Usuario) -> tuple[PartidaPresupuesto, ...]:
    """Take an amount from a line of a budget and add it to another, by one agreement; the rows of both, or none.

    What is approved in all stays as it was: a line that begins by it was approved at zero and is amended. Raises
    Refused origen, cuenta, proyecto, importe, fecha, falta, largo, repetido or traslape, all that apply.
    """
    with acting():
        contabilidad = lock_books(contabilidad, by)
        earlier = list(PartidaPresupuesto.objects.filter(contabilidad=contabilidad).order_by("pk"))
        given = next((each for each in earlier if each.pk == new.origen_id), None)
        giver = _own(earlier, given.cuenta_id, given.proyecto_id) if given else []
        taker = _own(earlier, new.cuenta, new.proyecto_id)
        refuse(
            [
                *_giver_problems(new, giver, taker),
                *_line_problems(new, contabilidad, earlier),
                *_day_problems(new.aprobada_el, sorted((*giver[-1:], *taker[-1:]), key=lambda row: row.aprobada_el)),
                *check_words({"acuerdo": new.acuerdo}, _ROOM),
            ]
        )
        amended = [(giver[-1].cuenta_id, giver[-1].proyecto_id, giver[-1].monto - new.monto.centavos)]
        amended += [] if taker else [(new.cuenta, new.proyecto_id, 0)]
        amended += [(new.cuenta, new.proyecto_id, (taker[-1].monto if taker else 0) + new.monto.centavos)]
        return tuple(
            _write(contabilidad, NewPartida(code, Money(left), new.aprobada_el, new.acuerdo, project), by)
            for code, project, left in amended
        )


def _own(earlier: list[PartidaPresupuesto], code: str, project: int | None) -> list[PartidaPresupuesto]:
    """Return the rows of one line of a budget, the first approved first."""
    return [each for each in earlier if (each.cuenta_id, each.proyecto_id) == (code, project)]


def _write(contabilidad: Contabilidad, new: NewPartida, by: Usuario) -> PartidaPresupuesto:
    return PartidaPresupuesto.objects.create(
        contabilidad=contabilidad,
        cuenta_id=new.cuenta,
        proyecto_id=new.proyecto_id,
        monto=new.monto.centavos,
        aprobada_el=new.aprobada_el,
        acuerdo=new.acuerdo.strip(),
        registrada_el=clock.now(),
        registrada_por=by,
    )


def _line_problems(
    new: NewPartida | NewTraspaso, contabilidad: Contabilidad, earlier: list[PartidaPresupuesto]
) -> Iterator[Problem]:
    chart = accounts_of(contabilidad)
    yield from _account_problems(new.cuenta, chart, earlier)
    yield from _project_problems(new.proyecto_id, chart.get(new.cuenta), contabilidad)


def _giver_problems(
    new: NewTraspaso, giver: list[PartidaPresupuesto], taker: list[PartidaPresupuesto]
) -> Iterator[Problem]:
    """Check that the line that gives is another one of these books, and has the amount."""
    if not giver:
        told = "Esa partida no es del presupuesto de esta contabilidad."
        yield Problem("origen", "origen_id", told, "Elija una partida de la contabilidad elegida.")
    elif giver == taker:
        told = "La partida que da y la que recibe son la misma."
        yield Problem("repetido", "cuenta", told, "Elija otra cuenta u otro proyecto que reciba.")
    elif new.monto.centavos > giver[-1].monto:
        told = f"La partida tiene {Money(giver[-1].monto)} y se le quitarían {new.monto}."
        yield Problem("importe", "monto", told, "Escriba un monto que la partida tenga.")
    if taker and (excess := (Money(taker[-1].monto) + new.monto).excess):
        yield excess.at("monto")
    else:
        yield from _amount_problems(new.monto, amends=False)


def spending_accounts(chart: Mapping[str, Account]) -> dict[str, Account]:
    """Return the accounts of spending of a chart, and the groups that hold any, by code in order."""
    spent = [code for code, account in chart.items() if account.es_gasto]
    return {
        code: account
        for code, account in chart.items()
        if account.es_gasto or any(each.startswith(account.prefix) for each in spent)
    }


def _account_problems(code: str, chart: Mapping[str, Account], earlier: list[PartidaPresupuesto]) -> Iterator[Problem]:
    """Check that the account is of spending, and that no partida has it within, or is within it."""
    account = chart.get(code)
    if account is None or code not in spending_accounts(chart):
        yield Problem(
            "cuenta", "cuenta", f"«{code}» no es una cuenta de gastos de estos libros.", "Elija una del catálogo."
        )
        return
    for other in sorted({each.cuenta_id for each in earlier if each.cuenta_id != code}):
        if other.startswith(account.prefix) or code.startswith(prefix_of(other)):
            yield Problem(
                "traslape",
                "cuenta",
                f"La partida de {other} ya presupuesta parte de {code}: lo gastado contaría dos veces.",
                f"Modifique la partida de {other}, o elija una cuenta que no la contenga ni esté en ella.",
            )
            return


def _project_problems(number: int | None, account: Account | None, books: Contabilidad) -> Iterator[Problem]:
    if number is None:
        return
    if account is not None and account.auxiliar != "proyecto":
        yield Problem(
            "proyecto",
            "proyecto_id",
            f"Las pólizas de {account.codigo} no nombran un proyecto.",
            "Deje el proyecto vacío, o elija una cuenta de gasto programado.",
        )
    project = Proyecto.objects.filter(pk=number, sujeto=books.sujeto_id).first()
    etapa = books.etapa
    if project is None:
        yield Problem(
            "proyecto",
            "proyecto_id",
            "Ese proyecto no es del programa anual de este sujeto.",
            "Elija uno de sus proyectos, o regístrelo antes en «Proyectos del PAT».",
        )
    elif not etapa.inicia_el.year <= project.anio <= etapa.termina_el.year:
        yield Problem(
            "proyecto",
            "proyecto_id",
            f"Ese proyecto es del programa de {project.anio}, y estos libros no.",
            f"Elija uno del programa de {etapa.termina_el.year}.",
        )


def _amount_problems(amount: Money, *, amends: bool) -> Iterator[Problem]:
    least = 0 if amends else 1
    if excess := amount.excess:
        yield excess.at("monto")
    elif amount.centavos < least:
        yield Problem(
            "importe",
            "monto",
            f"El monto es {amount}.",
            "Escriba cero o más." if amends else "Escriba más de cero: lo que no se aprobó no se presupuesta.",
        )


def _same_problems(new: NewPartida, own: list[PartidaPresupuesto]) -> Iterator[Problem]:
    """Check that what amends a partida changes something: the same one sent twice is recorded once."""
    if own and (new.monto.centavos, new.aprobada_el, new.acuerdo.strip()) == (
        own[-1].monto,
        own[-1].aprobada_el,
        own[-1].acuerdo,
    ):
        yield Problem(
            "repetido",
            "monto",
            "La partida de esa cuenta ya dice eso mismo.",
            "Si la modificaron, escriba el monto que queda y el acuerdo que lo dice.",
        )


def _day_problems(day: date, own: list[PartidaPresupuesto]) -> Iterator[Problem]:
    if day > clock.today():
        yield Problem("fecha", "aprobada_el", "Ese día todavía no llega.", "Escriba el día en que se aprobó.")
    elif own and day < own[-1].aprobada_el:
        yield Problem(
            "fecha",
            "aprobada_el",
            f"Esta partida ya se aprobó o modificó el {own[-1].aprobada_el:%d/%m/%Y}.",
            "Escriba ese día o uno posterior.",
        )

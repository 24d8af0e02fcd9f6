"""Post both mirror pólizas of a transfer, or none: between books of a subject, or from a party to its coalition."""

from dataclasses import replace
from datetime import date

from sif.books.accounts import account_for_role
from sif.books.models import LadoTransferencia, Poliza
from sif.books.services.polizas import Item, PolizaRefused, post_poliza
from sif.books.services.soporte import NewLado, NewTransfer, Support
from sif.ledger import NewLine, NewPoliza
from sif.registry.coalitions import members_on
from sif.registry.models import Contabilidad, Periodo, SujetoObligado, Usuario
from sif.registry.scope import acting
from sif.registry.selectors import windows_open
from sif.values import Problem


def transfer(new: NewTransfer, by: Usuario) -> tuple[Poliza, Poliza]:
    """Post the way out and the way in of a transfer. In cash, bank against bank; in kind, the expense line moves.

    Raises PolizaRefused: subjects that may not transfer to each other, a missing bank account or expense line, or what
    any póliza may lack.
    """
    with acting():
        # both rows are locked in order of number, so that two transfers crossing each other do not wait for ever
        rows = Contabilidad.objects.select_for_update(no_key=True, of=("self",)).select_related("etapa", "sujeto")
        found = {row.pk: row for row in rows.filter(pk__in=[new.origen_id, new.destino_id]).order_by("pk")}
        problems = _problems(new, found)
        if problems:
            raise PolizaRefused(*problems)
        origen, destino = found[new.origen_id], found[new.destino_id]
        folio = f"TR-{origen.pk}-{destino.pk}-{_count(origen, destino) + 1:04d}"
        out = _side(new, origen, "salida", folio)
        into = _side(new, destino, "entrada", folio)
        return post_poliza(out[0], by, support=out[1]), post_poliza(into[0], by, support=into[1])


def _count(origen: Contabilidad, destino: Contabilidad) -> int:
    return LadoTransferencia.objects.filter(contabilidad=origen, contraparte=destino, lado="salida").count()


def _problems(new: NewTransfer, found: dict[int, Contabilidad]) -> list[Problem]:
    if len(found) < 2:
        return [_unlike("Falta una de las dos contabilidades.")]
    origen, destino = found[new.origen_id], found[new.destino_id]
    if origen.sujeto_id != destino.sujeto_id and not contributes(origen, destino, new.fecha):
        seen = (
            f"La contabilidad {origen.pk} es de {origen.sujeto.siglas} y la {destino.pk}, de {destino.sujeto.siglas}."
        )
        return [_unlike(seen)]
    problems = []
    if new.monto.centavos <= 0:
        problems.append(Problem("importe", "monto", f"El monto es {new.monto}.", "Escriba un importe mayor a cero."))
    if new.forma == "especie" and new.gasto is None:
        problems.append(Problem("gasto", "gasto", "Falta qué gasto se transfiere en especie.", "Elija su cuenta."))
    for row in found.values():
        if _period(row, new) is None:
            problems.append(
                Problem(
                    "fecha",
                    f"contabilidad {row.pk}",
                    f"El {new.fecha:%d/%m/%Y} no cae en ningún periodo.",
                    "Corrija la fecha.",
                )
            )
        if new.forma == "efectivo" and not row.cuentas_bancarias.exists():
            problems.append(
                Problem("banco", f"contabilidad {row.pk}", "No tiene cuenta bancaria.", "Dé de alta su cuenta.")
            )
    return problems


def _unlike(seen: str) -> Problem:
    cure = "Elija dos del mismo sujeto o, de un partido, la de una coalición que integre ese día."
    return Problem("transferencia", "contabilidades", seen, cure)


def contributes(origen: Contabilidad, destino: Contabilidad, day: date) -> bool:
    """Return whether what goes from some books to others is a party's contribution to its coalition [LGPP 91.2].

    The agreement says how much each party contributes to the campaigns, so it goes from who is a member that day to
    books of the coalition; what would come back is none.
    """
    return destino.sujeto.tipo == SujetoObligado.Tipo.COALICION and origen.sujeto_id in {
        each.sujeto_id for each in members_on(destino.sujeto, day)
    }


def _period(row: Contabilidad, new: NewTransfer) -> Periodo | None:
    return row.etapa.periodos.filter(desde__lte=new.fecha, hasta__gte=new.fecha).first()


def _kind(books: Contabilidad, period: Periodo | None) -> str:
    """Return the kind of window that is open for the period; normal where none is, which posting will refuse."""
    kinds = [window.tipo for window in windows_open(books) if period and window.periodo_id == period.pk]
    return "normal" if "normal" in kinds or not kinds else kinds[0]


def _side(new: NewTransfer, books: Contabilidad, lado: str, folio: str) -> Item:
    other = new.destino_id if lado == "salida" else new.origen_id
    own = NewLine(account_for_role(f"{lado}_{new.forma}"), auxiliar_tipo="contabilidad", auxiliar_id=other)
    if new.gasto is not None and new.forma == "especie":
        against = replace(new.gasto, cargo=NewLine("").cargo, abono=NewLine("").abono)
    else:
        bank = books.cuentas_bancarias.order_by("pk").first()
        number = bank.pk if bank else None
        against = NewLine(account_for_role("bancos"), auxiliar_tipo="cuenta_bancaria", auxiliar_id=number)
    debit, credit = (own, against) if lado == "salida" else (against, own)
    lines = (replace(debit, cargo=new.monto), replace(credit, abono=new.monto))
    period = _period(books, new)
    words = f"Transferencia {folio} " + (
        f"a la contabilidad {other}" if lado == "salida" else f"de la contabilidad {other}"
    )
    poliza = NewPoliza(
        books.pk,
        period.pk if period else 0,
        _kind(books, period),
        "EG" if lado == "salida" else "IG",
        new.fecha,
        words,
        lines,
        clase="transferencia",
    )
    return poliza, Support(lados=(NewLado(folio, lado, other, new.forma, new.fecha, new.monto),))

"""Record a contribution with its receipt in one act, and cancel a folio."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from sif.books.accounts import account_for_role
from sif.books.models import Archivo, Poliza
from sif.books.services import Handed, NewAportacion, NewEvidencia, Support, post_poliza, store_file
from sif.catalogs.models import FolioCancelado, SerieRecibos
from sif.catalogs.services.refusal import Check, refuse_stranger
from sif.counterparties.folios import SerieControl, folio_control, folio_text, folios_of, next_folio, parse_folio
from sif.counterparties.receipt import Receipt, receipt_pdf
from sif.law.chart import load_chart
from sif.law.receipts import ReceiptFormat, format_for
from sif.ledger import NewLine, NewPoliza
from sif.registry import clock
from sif.registry.models import Aportante, Contabilidad, CuentaBancaria, Proveedor, Usuario
from sif.registry.scope import acting
from sif.values import Money, Problem, Refused

RECEIPT = "recibo_aportacion"
QUALITIES = ("militante", "simpatizante", "candidatura")
WAYS = ("transferencia", "cheque", "efectivo", "especie")
File = tuple[str, str, bytes]
"""A file of evidence: its class, its name, its bytes."""


@dataclass(frozen=True, slots=True)
class NewContribution:
    """A contribution to record with its receipt.

    folio: '' proposes the next of its series. In money, `cuenta_bancaria_id` received it; in kind, `bien` says what was
    given, `valuacion` by what criterion it is worth that, `cuenta` the account it is charged to and `proveedor_id` who
    sold it, where that account asks for a supplier.
    """

    contabilidad_id: int
    periodo_id: int
    tipo: str
    aportante_id: int
    calidad: str
    medio: str
    fecha: date
    monto: Money
    lugar: str
    folio: str = ""
    cuenta_bancaria_id: int | None = None
    bien: str = ""
    valuacion: str = ""
    cuenta: str = ""
    proveedor_id: int | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The result of recording a contribution: its póliza, its folio, and its receipt as kept."""

    poliza: Poliza
    folio: str
    recibo: Archivo


def record_aportacion(new: NewContribution, by: Usuario, *, files: Sequence[File] = ()) -> Recorded:
    """Post a contribution, use its folio and attach its receipt in PDF: all or nothing.

    Raises Refused with the fields of NewContribution as places. The series is locked: two people recording at
    once take different folios.
    """
    books = Contabilidad.objects.select_related("sujeto", "candidatura__persona").get(pk=new.contabilidad_id)
    refuse_stranger(by, books=books)
    check = Check()
    donor = Aportante.objects.filter(pk=new.aportante_id, sujeto=books.sujeto).first()
    form = format_for(new.calidad, new.medio == "especie", settings.JURISDICTION)
    _look(check, new, donor, form)
    check.done()
    assert donor is not None and form is not None
    debit, account = _debit(check, new, books)
    check.done()
    with acting():
        folio = _take_folio(check, books, form, new.folio)
        check.done()
        receipt = Receipt(
            folio,
            form,
            books,
            donor,
            new.medio,
            new.fecha,
            new.lugar.strip(),
            new.monto,
            account,
            new.bien.strip(),
            new.valuacion.strip(),
        )
        return _post(new, receipt, debit, by, files)


def _look(check: Check, new: NewContribution, donor: Aportante | None, form: ReceiptFormat | None) -> None:
    if donor is None:
        check.say("aportante", "aportante_id", "El aportante no es de este sujeto.", "Elíjalo de la lista.")
    if new.calidad not in QUALITIES:
        check.say("calidad", "calidad", f"La calidad «{new.calidad}» no existe.", f"Use: {', '.join(QUALITIES)}.")
    elif new.medio not in WAYS:
        check.say("medio", "medio", f"El medio «{new.medio}» no existe.", f"Use: {', '.join(WAYS)}.")
    elif form is None:
        check.say("formato", "medio", "No hay formato de recibo para esa calidad y ese medio.", "Elija otros.")
    if new.monto.centavos <= 0:
        check.say("importe", "monto", f"El monto es {new.monto}.", "Escriba un importe mayor a cero.")
    check.text("lugar", new.lugar, 80, what="el lugar en que se expide el recibo")
    if new.medio == "especie":
        check.text("bien", new.bien, 200, what="qué bien o servicio se aporta")
        check.text("valuacion", new.valuacion, 300, what="el criterio con que se valuó")


def _debit(check: Check, new: NewContribution, books: Contabilidad) -> tuple[NewLine, CuentaBancaria | None]:
    if new.medio != "especie":
        account = CuentaBancaria.objects.filter(pk=new.cuenta_bancaria_id or 0, contabilidad=books).first()
        if account is None:
            check.say(
                "cuenta_bancaria",
                "cuenta_bancaria_id",
                "Falta en qué cuenta de esta contabilidad entró el dinero.",
                "Elíjala, o dé de alta la cuenta.",
            )
        elif account.cancelada_el and account.cancelada_el < new.fecha:
            check.say(
                "cancelada",
                "cuenta_bancaria_id",
                f"Esa cuenta se canceló el {account.cancelada_el:%d/%m/%Y}.",
                "Elija la que recibió el dinero.",
            )
        bank = account.pk if account else None
        return NewLine(account_for_role("bancos"), new.monto, Money(0), "", "cuenta_bancaria", bank), account
    chart = load_chart(settings.JURISDICTION).get(new.cuenta)
    if chart is None or not chart.capturable or chart.auxiliar not in ("", "proveedor"):
        check.say("cuenta", "cuenta", "Falta la cuenta a la que se carga lo aportado.", "Elíjala de la lista.")
        return NewLine(new.cuenta, new.monto), None
    if chart.auxiliar and not Proveedor.objects.filter(pk=new.proveedor_id or 0).exists():
        check.say("proveedor", "proveedor_id", f"«{chart.nombre}» pide al proveedor del bien.", "Elíjalo de la lista.")
    number = new.proveedor_id if chart.auxiliar else None
    return NewLine(new.cuenta, new.monto, Money(0), new.bien.strip(), chart.auxiliar, number), None


def _take_folio(check: Check, books: Contabilidad, form: ReceiptFormat, asked: str) -> str:
    """Return the folio to use, with its series locked until the póliza is posted."""
    series = SerieRecibos.objects.select_for_update().filter(sujeto=books.sujeto, clave__startswith=form.clave)
    list(series.order_by("pk"))
    controls = [row for row in folio_control(books.sujeto) if row.formato == form]
    if not asked.strip():
        free = next_folio(controls, form, books.pk)
        if not free:
            cure = "Autorice una serie en «Folios»."
            check.say("sin_folios", "folio", f"No hay folios {form.clave} por usar.", cure)
        return free
    return _asked_folio(check, controls, form, asked)


def _asked_folio(check: Check, controls: Sequence[SerieControl], form: ReceiptFormat, asked: str) -> str:
    parsed = parse_folio(asked)
    serie = _series_holding(controls, parsed)
    if parsed is None or serie is None:
        check.say(
            "folio",
            "folio",
            f"«{asked.strip()}» no es un folio autorizado de {form.clave}.",
            "Use el propuesto o autorice su serie en «Folios».",
        )
        return ""
    taken = next((row for row in folios_of(serie, numero=parsed[1]) if row.estado != "pendiente"), None)
    if taken is not None:
        why = "está cancelado" if taken.estado == "cancelado" else f"ya se usó con {taken.aportante}"
        check.say("folio", "folio", f"El folio {taken.folio} {why}.", "Use el siguiente; un folio se usa una vez.")
    return folio_text(*parsed)


def _series_holding(controls: Sequence[SerieControl], parsed: tuple[str, int] | None) -> SerieRecibos | None:
    if parsed is None:
        return None
    clave, number = parsed
    rows = (row.serie for row in controls if row.serie.clave == clave)
    return next((serie for serie in rows if serie.desde <= number <= serie.hasta), None)


def _post(new: NewContribution, receipt: Receipt, debit: NewLine, by: Usuario, files: Sequence[File]) -> Recorded:
    income = receipt.formato.account(receipt.contabilidad.sujeto.tipo == "independiente")
    credit = NewLine(income, Money(0), new.monto, "", "aportante", new.aportante_id)
    what = f"{receipt.bien}, en especie" if receipt.bien and receipt.formato.especie else f"en {new.medio}"
    words = f"Aportación de {new.calidad}, {what}, recibo {receipt.folio}"
    poliza = NewPoliza(new.contabilidad_id, new.periodo_id, new.tipo, "IG", new.fecha, words[:500], (debit, credit))
    try:
        handed = Handed(receipt.contabilidad, by)
        kept = store_file(receipt_pdf(receipt), handed)
        others = [NewEvidencia(clase, name, store_file(data, handed).sha256) for clase, name, data in files]
        support = Support(
            aportaciones=(
                NewAportacion(new.aportante_id, new.calidad, new.medio, new.fecha, receipt.folio, new.monto),
            ),
            evidencias=(NewEvidencia(RECEIPT, f"{receipt.folio}.pdf", kept.sha256), *others),
        )
        posted = post_poliza(poliza, by, support=support)
    except Refused as refused:
        raise Refused(*(_placed(problem) for problem in refused.problems)) from refused
    return Recorded(posted, receipt.folio, kept)


_PLACES = {"fecha de operación": "fecha", "periodo": "periodo_id", "tipo": "tipo", "evidencia": "archivo"}


def _placed(problem: Problem) -> Problem:
    """The same problem of a póliza at the field of the contribution it comes from."""
    return Problem(problem.codigo, _PLACES.get(problem.donde, problem.donde), problem.mensaje, problem.cura)


def cancel_folio(serie: SerieRecibos, numero: int, motivo: str, by: Usuario) -> FolioCancelado:
    """Cancel a folio that no standing contribution cites; it stays in the control. Raises Refused."""
    refuse_stranger(by, sujeto=serie.sujeto)
    check = Check()
    reason = check.text("motivo", motivo, 200, what="el motivo")
    if not serie.desde <= numero <= serie.hasta:
        check.say(
            "fuera", "numero", f"La serie {serie.clave} va de {serie.desde} a {serie.hasta}.", "Corrija el número."
        )
    with acting():
        SerieRecibos.objects.select_for_update().get(pk=serie.pk)
        row = next(iter(folios_of(serie, numero=numero)), None)
        if row is not None and row.estado == "cancelado":
            check.say("cancelado", "numero", f"El folio {row.folio} ya está cancelado: {row.motivo}", "No hace falta.")
        if row is not None and row.estado in ("usado", "repetido"):
            check.say(
                "usado",
                "numero",
                f"El folio {row.folio} ampara una aportación de {row.aportante} por {row.monto}.",
                "Corrija primero su póliza con otra; después cancele el folio.",
            )
        check.done()
        return FolioCancelado.objects.create(
            serie=serie, numero=numero, motivo=reason, cancelado_el=clock.now(), cancelado_por=by
        )

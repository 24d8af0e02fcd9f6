"""Answer each oficio in a different way, with some books corrected."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from django.conf import settings

from sif.audit.models import Hallazgo, Observacion
from sif.books.models import Aportacion, Movimiento, Poliza
from sif.books.selectors import lines_of, reference_of
from sif.books.services import (
    NewAportacion,
    NewEvidencia,
    NewLado,
    Support,
    attach_evidencia,
    post_poliza,
    reverse_poliza,
    store_file,
)
from sif.demo.bancos import slips
from sif.demo.operations import at
from sif.demo.papers import paper
from sif.demo.world import World
from sif.law.chart import evidence_for
from sif.ledger import NewLine, NewPoliza
from sif.proceedings.models import Oficio
from sif.proceedings.services import answer
from sif.registry import clock
from sif.registry.models import Contabilidad, Usuario
from sif.values import Money

BANKS, FROM_POOL = "1-1-02-00-0000", "4-5-01-03-0000"
TWO_ZEROS = 100
SILENT = "CI"  # this subject lets its term run without a word
THOROUGH = ("PJ",)  # these correct everything their books admit; the others, only the first fact of each observation
WORDS = {
    "TO001": "El gasto señalado incluye propaganda de alcance genérico; se solicita descontarlo del tope.",
    "RE001": "El registro se hizo después por la carga de la última semana; su documentación la acredita.",
    "CF001": "Se solicitó al proveedor el archivo XML y se presentará en cuanto lo entregue.",
    "CF011": "El comprobante ampara dos entregas de un mismo pedido.",
    "CF012": "El proveedor omitió el dato del complemento; la operación sí corresponde a esta campaña.",
    "EV003": "La muestra es de un mismo diseño entregado en dos partidas; se aclara que son compras distintas.",
}
OTHERWISE = "Se aclara con la documentación que obra en la contabilidad y se solicita tenerla por atendida."


def hear(world: World, oficios: Sequence[Oficio], first: date, last: date) -> set[int]:
    """Answer every oficio but one between two days; returns the numbers of the observaciones corrected in the books."""
    corrected: set[int] = set()
    span = (last - first).days + 1
    for oficio in oficios:
        siglas = oficio.sujeto.siglas
        if siglas == SILENT:
            continue
        for place, observacion in enumerate(oficio.observaciones.order_by("numero")):
            with clock.at(at(first + timedelta(days=place % span), 10 + place % 8)):
                if _answer(world.heads[siglas], oficio, observacion, thorough=siglas in THOROUGH):
                    corrected.add(observacion.pk)
    return corrected


def _answer(head: Usuario, oficio: Oficio, observacion: Observacion, *, thorough: bool) -> bool:
    """Answer one observation; says whether every fact of it was corrected first."""
    facts = list(observacion.hallazgos.select_related("contabilidad").order_by("clave"))
    cure = CURES.get(observacion.regla)
    cured = facts if thorough else facts[:1]
    by_fact = [cure(fact, head) for fact in cured] if cure else []
    cited = [poliza for mended in by_fact for poliza in mended]
    text = WORDS.get(observacion.regla, OTHERWISE)
    if cited:
        text = "Se corrigió en " + "; ".join(reference_of(poliza) for poliza in cited) + "."
    answer(oficio, observacion, text, cited, head)
    return len(by_fact) == len(facts) and all(by_fact)


def _bring_papers(fact: Hallazgo, head: Usuario) -> list[Poliza]:
    """Attach to a póliza the evidence that its accounts ask for."""
    poliza = _poliza(fact)
    accounts = frozenset(line.cuenta for line in lines_of(poliza))
    asked = [
        clase
        for clase, needed in evidence_for(accounts, poliza.fecha_operacion, settings.JURISDICTION).items()
        if needed
    ]
    for clase in [clase for clase in asked if clase != "xml"] or ["otra"]:
        file = store_file(paper(clase.replace("_", " ").title(), f"Entregado en respuesta. {reference_of(poliza)}"))
        attach_evidencia(poliza, clase, f"{clase}-respuesta.pdf", file, head)
    return [poliza]


def _reverse_contrary(fact: Hallazgo, head: Usuario) -> list[Poliza]:
    """Reverse what left an account contrary to its nature."""
    lines = Movimiento.objects.filter(
        contabilidad=fact.contabilidad, cuenta=fact.fila["cuenta"], poliza__revierte_a__isnull=True
    )
    wrong = lines.filter(poliza__reversion__isnull=True).select_related("poliza__periodo", "poliza__contabilidad")
    return [reverse_poliza(line.poliza, head, concepto="Corrige el saldo observado.") for line in wrong.order_by("pk")]


def _undo_typed(fact: Hallazgo, head: Usuario) -> list[Poliza]:
    """Reverse the contribution that was typed with zeros too many, which no bank saw, and record what was given."""
    gifts = slips(fact.contabilidad_id).select_related("poliza__periodo", "poliza__contabilidad")
    typed = gifts.filter(poliza=fact.fila["poliza_id"]).first()
    if typed is None:
        return []
    undone = reverse_poliza(typed.poliza, head, concepto="Se capturó con dos ceros de más.")
    return [undone, post_poliza(_without_zeros(typed), head, support=_receipt_of(typed))]


def _without_zeros(typed: Aportacion) -> NewPoliza:
    """Return the póliza of a contribution as it should have been typed."""
    amount = Money(typed.monto // TWO_ZEROS)
    debit, credit = lines_of(typed.poliza)
    return NewPoliza(
        typed.contabilidad_id,
        typed.poliza.periodo_id,
        "correccion",
        "IG",
        typed.fecha,
        typed.poliza.concepto,
        (replace(debit, cargo=amount), replace(credit, abono=amount)),
    )


def _receipt_of(typed: Aportacion) -> Support:
    """Return the contribution with its receipt, which keeps its folio: the reversed one no longer stands."""
    amount = Money(typed.monto // TWO_ZEROS)
    file = store_file(paper("Recibo de aportación", typed.folio, f"{amount}"))
    gift = NewAportacion(typed.aportante_id, typed.calidad, typed.medio, typed.fecha, typed.folio, amount)
    return Support(aportaciones=(gift,), evidencias=(NewEvidencia("recibo_aportacion", "recibo.pdf", file.sha256),))


def _record_arrival(fact: Hallazgo, head: Usuario) -> list[Poliza]:
    """Record the side of a transfer that was missing, with its receipt."""
    if fact.resultado != "sin_entrada":
        return []
    fila, amount = fact.fila, Money(fact.monto)
    books = Contabilidad.objects.select_related("etapa").get(pk=fila["destino"])
    day = date.fromisoformat(fila["fecha"])
    bank = books.cuentas_bancarias.get()
    debit = NewLine(BANKS, amount, auxiliar_tipo="cuenta_bancaria", auxiliar_id=bank.pk)
    credit = NewLine(FROM_POOL, abono=amount, auxiliar_tipo="contabilidad", auxiliar_id=fila["origen"])
    period = books.etapa.periodos.get(desde__lte=day, hasta__gte=day)
    words = f"Transferencia {fila['folio']} de la contabilidad {fila['origen']}"
    poliza = NewPoliza(books.pk, period.pk, "correccion", "IG", day, words, (debit, credit), clase="transferencia")
    file = store_file(paper("Recibo de transferencia", words))
    support = Support(
        lados=(NewLado(fila["folio"], "entrada", fila["origen"], "efectivo", day, amount),),
        evidencias=(NewEvidencia("recibo_transferencia", "recibo.pdf", file.sha256),),
    )
    return [post_poliza(poliza, head, support=support)]


def _poliza(fact: Hallazgo) -> Poliza:
    return Poliza.objects.select_related("periodo", "contabilidad").get(pk=fact.fila["poliza_id"])


CURES: dict[str, Callable[[Hallazgo, Usuario], list[Poliza]]] = {
    "EV001": _bring_papers,
    "LI002": _reverse_contrary,
    "TR001": _record_arrival,
    "BA005": _undo_typed,
}

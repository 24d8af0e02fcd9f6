"""Check everything that a póliza must satisfy before posting, and collect every problem."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.conf import settings

from sif.books.accounts import accounts_of
from sif.books.folios import DOCUMENT, Document, Spent, charged, spent_in
from sif.books.models import Apertura, Archivo, ClaseEvidencia, Comprobante, Poliza
from sif.books.references import CATALOGUES, OWNERS, own_persons
from sif.books.selectors import lines_of, reference_of
from sif.books.services.evidencias import ALWAYS_ADMITTED
from sif.books.services.soporte import NewAportacion, NewPago, Support
from sif.law.chart import Account, evidence_for
from sif.ledger import NewLine, NewPoliza, check_poliza, reversal_of
from sif.ledger.poliza import auxiliary_word
from sif.registry.coalitions import were_ever_joined
from sif.registry.models import (
    Aportante,
    Contabilidad,
    Periodo,
    Usuario,
    Ventana,
)
from sif.registry.selectors import may, windows_open
from sif.values import Money, Problem

PAID_BY = ("efectivo", "cheque", "transferencia")
GIVEN_BY = (*PAID_BY, "especie")
GIVERS = ("militante", "simpatizante", "candidatura")


Known = dict[tuple[str, int], object]
"""Rows of catalogues by kind and number, None where there is none; desks of one act share it."""
MOST_KNOWN = 50_000  # rows; then it begins anew, so that a long stream does not hold the whole registry


@dataclass
class Desk:
    """The data for the checks of a contabilidad, read once: the capturer, the moment, and the open windows.

    like: the desk of other books of the same stage and subject in the same act, with the same windows and chart.
    replaced: pólizas that the act will reverse. spent: what expenses use of each document, with those reviewed so far.
    """

    contabilidad: Contabilidad
    by: Usuario
    moment: datetime
    known: Known = field(default_factory=dict)
    like: "Desk | None" = None
    accounts: dict[str, Account] = field(init=False)
    windows: list[Ventana] = field(init=False)
    periods: dict[int, Periodo] = field(init=False)
    allowed: bool = field(init=False)
    stored: set[str] = field(default_factory=set)
    reversed: set[int] = field(default_factory=set)
    replaced: frozenset[int] = frozenset()
    spent: dict[Document, Spent] = field(default_factory=dict)
    _admitted: dict[tuple[frozenset[str], date], frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.allowed = may(self.by, "capturar", contabilidad=self.contabilidad)
        if self.like is not None:
            self.accounts, self.windows, self.periods = self.like.accounts, self.like.windows, self.like.periods
            self._admitted = self.like._admitted
            return
        self.accounts = accounts_of(self.contabilidad)
        self.windows = windows_open(self.contabilidad, self.moment)
        self.periods = {period.pk: period for period in self.contabilidad.etapa.periodos.all()}

    def find(self, kind: str, number: int) -> object | None:
        """Return the row of a catalogue, remembered."""
        if (kind, number) not in self.known:
            self.known[kind, number] = CATALOGUES[kind]._default_manager.filter(pk=number).first()
        return self.known[kind, number]

    @cached_property
    def classes(self) -> frozenset[str]:
        """The classes of evidence that there are; read where a póliza brings any."""
        return (
            self.like.classes
            if self.like is not None
            else frozenset(ClaseEvidencia.objects.values_list("pk", flat=True))
        )

    @cached_property
    def persons(self) -> set[int]:
        """The people of the subject."""
        return self.like.persons if self.like is not None else own_persons(self.contabilidad.sujeto_id)

    def may_name(self, kind: str, number: int) -> bool:
        """Return whether an auxiliary is there for these books; what is another's is not.

        Of books, those of a coalition are for its members, and theirs for it: what they contribute names them.
        """
        found = self.find(kind, number)
        if found is None or kind == "persona":
            return found is not None and number in self.persons
        owner = OWNERS.get(kind)
        mine = {"sujeto_id": self.contabilidad.sujeto_id, "contabilidad_id": self.contabilidad.pk}
        if owner is None or getattr(found, owner) == mine[owner]:
            return True
        return isinstance(found, Contabilidad) and were_ever_joined(self.contabilidad.sujeto_id, found.sujeto_id)

    def is_of_another(self, line: NewLine) -> bool:
        """Return whether a line names books of another subject."""
        found = self.find(line.auxiliar_tipo, line.auxiliar_id or 0) if line.auxiliar_tipo == "contabilidad" else None
        return isinstance(found, Contabilidad) and found.sujeto_id != self.contabilidad.sujeto_id

    def admitted(self, cuentas: frozenset[str], fecha: date) -> frozenset[str]:
        """Return the classes of evidence that these accounts admit on a day, remembered."""
        if (cuentas, fecha) not in self._admitted:
            self._admitted[cuentas, fecha] = frozenset(evidence_for(cuentas, fecha, settings.JURISDICTION))
        return self._admitted[cuentas, fecha]


def learn(known: Known, items: Sequence[tuple[NewPoliza, Support]]) -> None:
    """Read at once every row of a catalogue that these pólizas name and are not known yet."""
    if len(known) > MOST_KNOWN:
        known.clear()
    wanted: dict[str, set[int]] = {}
    for poliza, support in items:
        named = [(line.auxiliar_tipo, line.auxiliar_id) for line in poliza.lineas]
        if support.pagos or support.aportaciones or support.comprobantes:
            named += [("proveedor", payment.proveedor_id) for payment in support.pagos]
            named += [("aportante", gift.aportante_id) for gift in support.aportaciones]
            named += [("comprobante", number) for number, _ in support.comprobantes]
        for kind, number in named:
            if number is not None and (kind, number) not in known:
                wanted.setdefault(kind, set()).add(number)
    for kind, numbers in wanted.items():
        if kind == "comprobante":
            rows = Comprobante.objects.filter(pk__in=numbers).values_list("pk", *DOCUMENT)
            invoices: dict[int, Document] = {number: tuple(document) for number, *document in rows}
            known.update(((kind, number), invoices.get(number)) for number in numbers)
        elif kind in CATALOGUES:
            found = CATALOGUES[kind]._default_manager.in_bulk(list(numbers))
            known.update(((kind, number), found.get(number)) for number in numbers)


def review(desk: Desk, poliza: NewPoliza, support: Support) -> list[Problem]:
    """Return every reason not to post, each with its place; empty when there is none."""
    if not desk.allowed or poliza.contabilidad_id != desk.contabilidad.pk:
        return [
            Problem(
                "ajena",
                "contabilidad",
                f"{desk.by.nombre} no registra en la contabilidad {poliza.contabilidad_id}.",
                "Si debe hacerlo, pídalo a su responsable de finanzas.",
            )
        ]
    return [
        *_books_open(desk, poliza),
        *_dates(desk, poliza),
        *check_poliza(poliza, desk.accounts),
        *_words(poliza),
        *_reversal(desk, poliza),
        *_auxiliaries(desk, poliza, support),
        *_invoices(desk, poliza, support),
        *_evidence(desk, poliza, support),
        *_movements_of_money(desk, support),
    ]


def _books_open(desk: Desk, poliza: NewPoliza) -> Iterator[Problem]:
    if desk.contabilidad.estatus != Contabilidad.Estatus.ACTIVA:
        yield Problem(
            "cancelada",
            "contabilidad",
            f"La contabilidad {desk.contabilidad.pk} está cancelada.",
            "Conserva sus datos y ya no registra.",
        )
    open_now = [(window.periodo_id, window.tipo) for window in desk.windows]
    if (poliza.periodo_id, poliza.tipo) not in open_now:
        period = desk.periods.get(poliza.periodo_id)
        name = f"periodo {period.numero}" if period else f"periodo {poliza.periodo_id} (ajeno a esta etapa)"
        say = ", ".join(f"{w.get_tipo_display().lower()} del periodo {w.periodo.numero}" for w in desk.windows)
        yield Problem(
            "ventana",
            "periodo",
            f"El registro {poliza.tipo} del {name} no está abierto.",
            f"Ahora está abierto: {say or 'ninguno'}. La corrección se abre con el oficio.",
        )


def _holds(period: Periodo, day: date) -> bool:
    return bool(period.desde <= day <= period.hasta)


def out_of_period(
    day: date, asked: Sequence[Periodo], periods: Iterable[Periodo], windows: Iterable[Ventana]
) -> Problem:
    """Return that a day is in none of the periods asked, at least one, with a cure that there is.

    periods: those of the stage; windows: those open now. A period is offered only where it holds the day and is open.
    """
    spans = "; ".join(
        f"periodo {each.numero}, que va del {each.desde:%d/%m/%Y} al {each.hasta:%d/%m/%Y}" for each in asked
    )
    held = next((each for each in periods if _holds(each, day)), None)
    if held is None:
        cure = (
            "Ningún periodo de la etapa tiene ese día. Si la operación ocurrió en uno, escriba el día en que ocurrió."
        )
    elif any(window.periodo_id == held.pk for window in windows):
        cure = f"Corrija la fecha o elija el periodo {held.numero}, que tiene ese día."
    else:
        cure = f"Corrija la fecha. El periodo {held.numero}, que tiene ese día, no está abierto."
    return Problem("fecha_fuera", "fecha de operación", f"El {day:%d/%m/%Y} no cae en el {spans}.", cure)


def _dates(desk: Desk, poliza: NewPoliza) -> Iterator[Problem]:
    period = desk.periods.get(poliza.periodo_id)
    if period and not _holds(period, poliza.fecha_operacion):
        yield out_of_period(poliza.fecha_operacion, [period], desk.periods.values(), desk.windows)
    left = desk.contabilidad.dejo_el
    if left is not None and poliza.fecha_operacion >= left and poliza.revierte_a is None:
        yield Problem(
            "fecha_fuera",
            "fecha de operación",
            f"La candidatura dejó de contender el {left:%d/%m/%Y}; el {poliza.fecha_operacion:%d/%m/%Y} ya no es suyo.",
            "Registre aquí lo ocurrido antes; lo demás, en la concentradora o en los libros de quien la sustituye.",
        )
    today: date = desk.moment.date()
    if poliza.fecha_operacion > today:
        yield Problem(
            "fecha_futura",
            "fecha de operación",
            f"El {poliza.fecha_operacion:%d/%m/%Y} todavía no llega.",
            "Se registra lo que ya ocurrió.",
        )


_NO_TEXT = re.compile("[\0\ud800-\udfff]")


def _words(poliza: NewPoliza) -> Iterator[Problem]:
    texts = [("concepto", poliza.concepto, 500)]
    texts += [(f"línea {n}, concepto", line.concepto, 300) for n, line in enumerate(poliza.lineas, 1)]
    for place, text, room in texts:
        if len(text.strip()) > room:
            yield Problem("largo", place, f"Tiene {len(text.strip())} caracteres y caben {room}.", "Abrévielo.")
        if _NO_TEXT.search(text):
            yield Problem("caracteres", place, "Tiene caracteres que no son texto.", "Escríbalo otra vez.")


def _reversal(desk: Desk, poliza: NewPoliza) -> Iterator[Problem]:
    if poliza.revierte_a is None:
        return
    place = "póliza que revierte"
    original = Poliza.objects.filter(pk=poliza.revierte_a, contabilidad=desk.contabilidad).first()
    if original is None or original.revierte_a_id is not None:
        yield Problem(
            "revierte", place, "No es una póliza de estos libros que se pueda revertir.", "Elíjala de la lista."
        )
        return
    cited = reference_of(original)
    if Apertura.objects.filter(poliza=original).exists():
        yield Problem("apertura", place, f"{cited} abrió estos libros.", "Registre un ajuste de la apertura.")
    other = Poliza.objects.filter(revierte_a=original).first()
    if other is not None or original.pk in desk.reversed:
        by = f" con {reference_of(other)}" if other else " aquí mismo"
        yield Problem("revertida", place, f"{cited} ya se revirtió{by}.", "No hace falta más.")
    desk.reversed.add(original.pk)
    posted = NewPoliza(
        original.contabilidad_id,
        original.periodo_id,
        original.tipo,
        original.subtipo,
        original.fecha_operacion,
        original.concepto,
        lines_of(original),
        clase=original.clase,
    )
    mirror = reversal_of(posted, original.pk, poliza.periodo_id, poliza.tipo, poliza.concepto)
    if [(n.cuenta, n.cargo, n.abono) for n in mirror.lineas] != [(n.cuenta, n.cargo, n.abono) for n in poliza.lineas]:
        yield Problem(
            "no_es_reflejo",
            "líneas",
            f"No son las de {cited} con signo negativo.",
            "Revierta la póliza completa y registre la correcta aparte.",
        )


def _auxiliaries(desk: Desk, poliza: NewPoliza, support: Support) -> Iterator[Problem]:
    told = {side.contraparte_id for side in support.lados}
    for number, line in enumerate(poliza.lineas, 1):
        if not line.auxiliar_tipo or line.auxiliar_id is None:
            continue
        place, word = f"línea {number}, auxiliar", auxiliary_word(line.auxiliar_tipo)
        if line.auxiliar_tipo not in CATALOGUES:
            yield Problem("auxiliar", place, f"Todavía no hay catálogo de «{word}».", "Use otra cuenta por ahora.")
            continue
        if not desk.may_name(line.auxiliar_tipo, line.auxiliar_id):
            yield Problem(
                "auxiliar",
                place,
                f"En estos libros no hay {word} con número {line.auxiliar_id}.",
                "Elíjalo de la lista.",
            )
        elif poliza.revierte_a is None and line.auxiliar_id not in told and desk.is_of_another(line):
            yield Problem(
                "auxiliar",
                place,
                f"La contabilidad {line.auxiliar_id} es de otro sujeto; lo que pasa entre ambas va en las dos.",
                "Un partido transfiere a su coalición; una coalición no devuelve a sus partidos.",
            )


def learn_spent(desk: Desk, items: Iterable[tuple[NewPoliza, Support]]) -> None:
    """Read at once what the books use so far of the invoices that these pólizas, of those books, cite."""
    cited = {number for _poliza, support in items for number, _part in support.comprobantes}
    found = (desk.known.get(("comprobante", number)) for number in cited)
    if fresh := {each for each in found if isinstance(each, tuple) and each not in desk.spent}:
        used = spent_in(desk.contabilidad.pk, [str(folio) for folio, *_rest in fresh], desk.replaced)
        desk.spent.update((each, used.get(each, (0, None))) for each in fresh)


def _invoices(desk: Desk, poliza: NewPoliza, support: Support) -> Iterator[Problem]:
    if not support.comprobantes:
        return
    learn(desk.known, [(poliza, support)])
    for number, part in support.comprobantes:
        document = desk.known["comprobante", number]
        if not isinstance(document, tuple):
            yield Problem("comprobante", "CFDI", f"No hay un CFDI con número {number}.", "Suéltelo en la bandeja.")
        if part.centavos < 0 or (part.centavos == 0 and (not isinstance(document, tuple) or document[-1] != 0)):
            yield Problem("comprobante", "CFDI", f"La parte usada del CFDI es {part}.", _POSITIVE)
    numbers = [number for number, _ in support.comprobantes]
    if len(set(numbers)) < len(numbers):
        yield Problem(
            "comprobante", "CFDI", "El mismo CFDI está dos veces.", "Déjelo una vez, con su importe completo."
        )
    elif charged(poliza, desk.accounts):
        yield from _spent_again(desk, poliza, support)


def _spent_again(desk: Desk, poliza: NewPoliza, support: Support) -> Iterator[Problem]:
    """Tell an invoice that serves for expenses of these books beyond its total, with those of the same act."""
    learn_spent(desk, [(poliza, support)])
    for number, part in support.comprobantes:
        document = desk.known["comprobante", number]
        if not isinstance(document, tuple):
            continue
        folio, total, (before, first) = document[0], document[-1], desk.spent[document]
        desk.spent[document] = (before + part.centavos, first)
        if before and before + part.centavos > total:
            told = f"El CFDI {folio} ya ampara {Money(before)} en {_named(first)}"
            yield Problem(
                "ya_usado",
                f"CFDI {folio}",
                f"{told}; con {part} más pasa de su total, {Money(total)}.",
                "Si es la misma operación, no la registre otra vez; si lo reparten, dé a cada póliza su parte.",
            )


def _named(poliza: int | None) -> str:
    if poliza is None:
        return "otra póliza de este mismo envío"
    return reference_of(Poliza.objects.select_related("periodo").get(pk=poliza))


_POSITIVE = "Escriba un importe mayor a cero."


def _evidence(desk: Desk, poliza: NewPoliza, support: Support) -> Iterator[Problem]:
    if not support.evidencias:
        return
    accounts = frozenset(line.cuenta for line in poliza.lineas)
    admitted = desk.admitted(accounts, poliza.fecha_operacion)
    wanted = {evidence.sha256 for evidence in support.evidencias} - desk.stored
    desk.stored.update(Archivo.objects.filter(pk__in=wanted).values_list("pk", flat=True) if wanted else ())
    for evidence in support.evidencias:
        place = f"evidencia {evidence.nombre}"
        if evidence.clase not in desk.classes:
            yield Problem("clase", place, f"La clase «{evidence.clase}» no existe.", "Elija una de la lista.")
        elif accounts and evidence.clase not in admitted and evidence.clase != ALWAYS_ADMITTED:
            yield Problem(
                "clase_no_admitida",
                place,
                f"Ninguna de sus cuentas admite evidencia de clase «{evidence.clase}».",
                f"Use una de: {', '.join(sorted({*admitted, ALWAYS_ADMITTED}))}.",
            )
        if evidence.sha256 not in desk.stored:
            yield Problem("archivo", place, "El archivo no está guardado.", "Cárguelo otra vez.")


def _movements_of_money(desk: Desk, support: Support) -> Iterator[Problem]:
    for number, payment in enumerate(support.pagos, 1):
        yield from _payment(desk, payment, f"pago {number}")
    for gift in support.aportaciones:
        yield from _gift(desk, gift, f"recibo {gift.folio}")


def _payment(desk: Desk, payment: NewPago, place: str) -> Iterator[Problem]:
    if payment.medio not in PAID_BY:
        yield Problem("medio", place, f"El medio «{payment.medio}» no existe.", f"Use uno de: {', '.join(PAID_BY)}.")
    if payment.monto.centavos <= 0:
        yield Problem("importe", place, f"El monto es {payment.monto}.", _POSITIVE)
    if payment.proveedor_id is not None and desk.find("proveedor", payment.proveedor_id) is None:
        yield Problem("proveedor", place, "Ese proveedor no está dado de alta.", "Elíjalo de la lista.")


def _gift(desk: Desk, gift: NewAportacion, place: str) -> Iterator[Problem]:
    donor = desk.find("aportante", gift.aportante_id)
    if not isinstance(donor, Aportante) or donor.sujeto_id != desk.contabilidad.sujeto_id:
        yield Problem("aportante", place, "El aportante no es de este sujeto.", "Dé de alta al aportante.")
    if gift.calidad not in GIVERS:
        yield Problem("calidad", place, f"La calidad «{gift.calidad}» no existe.", f"Use una de: {', '.join(GIVERS)}.")
    if gift.medio not in GIVEN_BY:
        yield Problem("medio", place, f"El medio «{gift.medio}» no existe.", f"Use uno de: {', '.join(GIVEN_BY)}.")
    if not 0 < len(gift.folio) <= 30:
        yield Problem("folio", place, "El recibo lleva un folio de hasta 30 caracteres.", "Escriba el de su recibo.")
    if gift.monto.centavos <= 0:
        yield Problem("importe", place, f"El monto es {gift.monto}.", _POSITIVE)

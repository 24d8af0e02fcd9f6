"""Plant faults, each recorded as the key of the hallazgo that it must produce."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.conf import settings

from sif.books.models import Aportacion, Evidencia, LadoTransferencia, Pago, Poliza
from sif.books.services import NewLado, NewPago, Support, void_evidencia
from sif.books.services.registros import NewContrato, sign_contrato
from sif.demo.campaign import SHIRTS, SPOT, Books, classes, expense, gift, gift_in_kind
from sif.demo.operations import Operation, at
from sif.demo.world import World
from sif.law.parameters import uma_on, value_on
from sif.ledger import NewLine
from sif.registry import clock, services
from sif.registry.models import Usuario
from sif.values import Money

TO_JUSTIFY = "1-1-04-02-0000"


@dataclass(frozen=True, slots=True)
class Planted:
    """A hallazgo that must be found: rule, key as the engine writes it, books, centavos, and how it was provoked."""

    regla: str
    clave: str
    contabilidad: int
    monto: int
    explica: str


Plan = list[Operation]
NOT_PLANTED = {
    "AP003": "la elección es local: el límite de una persona ahí es de la ley de su entidad, que no se ha leído",
    "AP004": "la elección es local: el límite de un partido ahí es de la ley de su entidad, que no se ha leído",
    "AP007": "la elección es local: el límite de una candidatura independiente es de la ley de su entidad, no leída",
    "PA002": "la elección es local: si una independiente paga en efectivo lo dice la ley de su entidad, no leída",
    "FO001": "los servicios numeran sin saltos bajo candado: no se puede provocar",
    "LI001": "la base de datos rechaza una póliza que no cuadra: no se puede provocar",
}
"""Rules of which the demonstration plants nothing, and why; their cases prove them."""


def plant(party: Sequence[Books], other: Sequence[Books], independent: Books) -> Plan:
    """Operations that break each rule about three times, over candidacies of two subjects and the independent one."""
    plan: Plan = []
    for place in range(3):
        books, stranger = party[place], other[place]
        plan += _late(books, 5 + 2 * place)
        plan += _late(stranger, 7 + place)
        plan += _without_papers(books)
        plan += _one_sample_twice(books)
        plan += _without_invoice(stranger)
        plan += _one_invoice_twice(books, party[place + 3] if place < 2 else stranger, same=place < 2)
        plan += _bad_complement(stranger, place)
        plan += _cash_payment(books, place)
        plan += _cash_gift(stranger)
        plan += _gift_in_kind(books)
        plan += _forbidden_donor(stranger, place)
        plan += _bad_receipt(books)
        plan += _contrary_balance(stranger)
        plan += _independent_cash(independent)
    plan += _generous_donors(party[6], other[6])
    plan.append(_typed_zeros(party[0]))
    return plan


def plant_running(books: Sequence[Books]) -> Plan:
    """A few faults in the campaign in course, for the auditor to decide: nobody has adopted or dismissed them yet."""
    first, second, third = books[:3]
    return [
        *_late(first, 6),
        *_late(third, 8),
        *_without_papers(first),
        *_without_invoice(second),
        *_cash_gift(second),
        *_one_sample_twice(third),
    ]


def _mark(operation: Operation, rule: str, why: str, amount: int | None = None) -> Operation:
    """Note the fault of an operation; its amount is that of the póliza unless told."""
    operation.planted[rule] = why
    operation.amounts[rule] = operation.poliza_nueva.cargos.centavos if amount is None else amount
    return operation


def _over(key: str, day: date, amount: int) -> int:
    """Return the excess in centavos of an amount over a limit in UMA, on a day."""
    return amount - value_on(key, day, settings.JURISDICTION) * uma_on(day, settings.JURISDICTION).centavos


def _late(books: Books, days: int) -> Iterator[Operation]:
    day = books.first + timedelta(days=books.random.randrange(3, 12))
    operation = expense(books, Money(1_234_500), day=day)
    operation.registro = day + timedelta(days=days)
    yield _mark(operation, "RE001", f"se registró {days} días después de la operación")


def _without_papers(books: Books) -> Iterator[Operation]:
    operation = expense(books, Money(2_150_000))
    operation.clases = ()
    yield _mark(operation, "EV001", "se registró sin ninguna evidencia")


def _one_sample_twice(books: Books) -> Iterator[Operation]:
    day = books.first + timedelta(days=14)
    first = expense(books, Money(880_000), day=day, what=SHIRTS)
    again = expense(books, Money(910_000), day=day + timedelta(days=6), what=SHIRTS)
    again.muestra_de = first
    yield first
    yield _mark(again, "EV003", "usa como muestra el mismo archivo que otra póliza")


def _without_invoice(books: Books) -> Iterator[Operation]:
    operation = expense(books, Money(1_780_000))
    operation.factura = None
    operation.clases = tuple(clase for clase in operation.clases if clase != "xml")
    yield _mark(operation, "CF001", "trae el PDF y ningún XML")


def _one_invoice_twice(first: Books, second: Books, *, same: bool) -> Iterator[Operation]:
    day = first.first + timedelta(days=16)
    original = expense(first, Money(1_500_000), day=day)
    copy = expense(second, Money(1_500_000), day=day + timedelta(days=4))
    copy.poliza_nueva = replace(copy.poliza_nueva, lineas=_same_amounts(copy, original))
    copy.soporte = Support()
    copy.factura, copy.reusa = None, original
    yield original
    _mark(copy, "CF011", "usa otra vez un comprobante ya usado por su total")
    whose = "otra contabilidad del mismo sujeto" if same else "una contabilidad de otro sujeto"
    _mark(copy, "CF012", f"el complemento del comprobante nombra {whose}")
    if not same:
        _mark(copy, "CF007", "el comprobante se expidió a otro sujeto")
    yield copy


def _same_amounts(copy: Operation, original: Operation) -> tuple[NewLine, ...]:
    total = original.poliza_nueva.cargos
    debit, credit = copy.poliza_nueva.lineas
    return replace(debit, cargo=total), replace(credit, abono=total)


def _bad_complement(books: Books, place: int) -> Iterator[Operation]:
    operation = expense(books, Money(990_000))
    assert operation.factura is not None
    change, why = (
        ({"proceso": "Ordinario"}, "el complemento dice Ordinario"),
        ({"nombra": None}, "la factura no trae complemento INE"),
        ({"nombra": ()}, "el complemento no dice la contabilidad"),
    )[place]
    operation.factura = replace(operation.factura, **change)
    yield _mark(operation, "CF012", why)


def _cash_payment(books: Books, place: int) -> Iterator[Operation]:
    parts = (Money(650_000), Money(640_000)) if place == 1 else (Money(1_300_000),)
    supplier = books.world.suppliers[3 + place]
    day = books.first + timedelta(days=20)
    paid = 0
    for number, subtotal in enumerate(parts, 1):
        operation = expense(books, subtotal, day=day, supplier=supplier)
        assert operation.factura is not None
        operation.factura = replace(operation.factura, forma_pago="01")
        amount = operation.poliza_nueva.cargos
        operation.soporte = Support(pagos=(NewPago(supplier.row.pk, "efectivo", day, amount),))
        paid += amount.centavos
        if number == len(parts):
            over = _over("pago_bancario_uma", day, paid)
            _mark(operation, "PA001", "pagos en efectivo del día por más de 90 UMA al mismo proveedor", over)
        yield operation


def _cash_gift(books: Books) -> Iterator[Operation]:
    donor = books.world.donors[books.contabilidad.sujeto.siglas][0]
    day = books.first + timedelta(days=9 + books.contabilidad.pk % 5)
    yield _mark(
        gift(books, "militante", Money(1_500_000), donor, medio="efectivo", day=day),
        "AP001",
        "aportación en efectivo por más de 90 UMA",
        _over("limite_efectivo_uma", day, 1_500_000),
    )


def _gift_in_kind(books: Books) -> Iterator[Operation]:
    donor = books.world.donors[books.contabilidad.sujeto.siglas][1 + books.contabilidad.pk % 7]
    yield _mark(
        gift_in_kind(books, Money(1_400_000), donor, forma_pago="01"),
        "AP002",
        "aportación en especie por más de 90 UMA que el aportante pagó en efectivo",
    )


def _forbidden_donor(books: Books, place: int) -> Iterator[Operation]:
    subject = books.contabilidad.sujeto
    name, rfc = books.world.names.company()
    tax_key = (rfc, "XEXX010101000", "")[place]
    label = (name, "Donante en el extranjero", "Aportante sin identificar")[place]
    donor = services.register_aportante(subject, label, rfc=tax_key)
    yield _mark(gift(books, "simpatizante", Money(450_000), donor), "AP005", f"aportante: {label}")


def _bad_receipt(books: Books) -> Iterator[Operation]:
    donor = books.world.donors[books.contabilidad.sujeto.siglas][9]
    day = books.first + timedelta(days=22)
    first = gift(books, "simpatizante", Money(210_000), donor, day=day)
    again = gift(books, "simpatizante", Money(220_000), donor, day=day + timedelta(days=1))
    used = first.soporte.aportaciones[0].folio
    again.soporte = Support(aportaciones=(replace(again.soporte.aportaciones[0], folio=used),))
    yield first
    yield _mark(again, "FO002", "recibo con un folio ya usado", 0)


def _contrary_balance(books: Books) -> Iterator[Operation]:
    candidatura = books.contabilidad.candidatura
    assert candidatura is not None
    amount, day = Money(400_000), books.first + timedelta(days=18)
    credit = NewLine(TO_JUSTIFY, abono=amount, auxiliar_tipo="persona", auxiliar_id=candidatura.persona_id)
    poliza = books.new("DR", day, "Comprobación de gastos sin entrega previa", books.bank_line(cargo=amount), credit)
    operation = Operation(books.contabilidad, books.session(day), poliza, clases=("ficha_deposito",))
    yield _mark(operation, "LI002", "abona gastos por comprobar que nunca se cargaron")


def _independent_cash(books: Books) -> Iterator[Operation]:
    donor = books.random.choice(books.world.donors["CI"])
    yield _mark(
        gift(books, "simpatizante", Money(120_000), donor, medio="efectivo"), "AP006", "efectivo a una independiente"
    )
    operation = expense(books, Money(150_000))
    amount, seller = operation.poliza_nueva.cargos, operation.poliza_nueva.lineas[0].auxiliar_id
    operation.soporte = Support(pagos=(NewPago(seller, "efectivo", operation.poliza_nueva.fecha_operacion, amount),))
    yield operation  # whether a local independent may pay so is of the law of its state: nobody is accused


def _generous_donors(one: Books, two: Books) -> Iterator[Operation]:
    """Three people who give to two parties more than federal books admit of one in a year: here nobody is accused."""
    for _ in range(3):
        name, rfc, curp, _sex = one.world.names.person()
        key = one.world.names.clave_elector(name)
        day = one.first + timedelta(days=8)
        for books, amount, later in ((one, 200_000_000, 0), (two, 150_000_000, 5)):
            donor = services.register_aportante(books.contabilidad.sujeto, name, rfc=rfc, curp=curp, clave_elector=key)
            yield gift(books, "simpatizante", Money(amount), donor, day=day + timedelta(days=later))


def _typed_zeros(books: Books) -> Operation:
    """Return a contribution of 36,500 pesos with two zeros too many, which no bank saw."""
    name, rfc, curp, _sex = books.world.names.person()
    key = books.world.names.clave_elector(name)
    donor = services.register_aportante(books.contabilidad.sujeto, name, rfc=rfc, curp=curp, clave_elector=key)
    operation = gift(books, "simpatizante", Money(365_000_000), donor, day=books.first + timedelta(days=10))
    operation.is_slip = True
    return operation


def plant_contracts(world: World, books: Sequence[Books], by: dict[int, Usuario]) -> Iterator[Planted]:
    """Contracts over the threshold with suppliers that never registered, and sound ones beside them."""
    for place, one in enumerate(books[:3]):
        day = one.first + timedelta(days=5)
        with clock.at(at(day + timedelta(days=1))):
            own, who = one.contabilidad, by[one.contabilidad.pk]
            sound, unknown = world.suppliers[place].row, world.suppliers[20 + place].row
            sign_contrato(own, NewContrato(sound.pk, "Publicidad exterior", day, Money(30_000_000)), who)
            bad = sign_contrato(own, NewContrato(unknown.pk, "Producción de spots", day, Money(20_000_000)), who)
        why = "contrato de 200,000 pesos con proveedor sin RNP"
        yield Planted("PR001", f"contrato_id={bad.pk}", one.contabilidad.pk, bad.monto, why)


def plant_paid_over(party: Books, other: Books) -> Iterator[Operation]:
    """A spot paid by a centavo more than its contract, and one of another subject paid by what its contract says."""
    supplier = party.world.suppliers[-1]  # nobody else buys from it, and it needs no RNP for so little
    for books, over in ((party, 1), (other, 0)):
        operation = expense(books, Money(1_900_000), day=books.first + timedelta(days=16), supplier=supplier, what=SPOT)
        operation.contratado = Money(operation.poliza_nueva.cargos.centavos - over)
        yield _mark(operation, "PA003", "se pagó un centavo más de lo contratado", over) if over else operation


def plant_one_sided(pool: Books, books: Sequence[Books]) -> Iterator[Operation]:
    """Transfers that leave and never arrive, that arrive from nowhere, and that arrive for another amount."""
    gone, come, differ = books[:3]
    amount = Money(2_500_000)
    yield _mark(_side(pool, gone, "salida", amount, "90"), "TR001", "salió de la concentradora y no entró")
    yield _mark(_side(come, pool, "entrada", amount, "91"), "TR001", "entró y nadie registró la salida")
    yield _side(pool, differ, "salida", amount, "92")
    less = Money(amount.centavos - 78_426)
    yield _mark(_side(differ, pool, "entrada", less, "92"), "TR001", "entraron 784.26 pesos menos que salieron", 78_426)


def _side(own: Books, other: Books, lado: str, amount: Money, number: str) -> Operation:
    """Return one side of a transfer in cash, recorded alone."""
    day, against = own.first + timedelta(days=12), other.contabilidad.pk
    account, subtipo, words = _SIDES[lado]
    line = NewLine(account, auxiliar_tipo="contabilidad", auxiliar_id=against)
    if lado == "salida":
        lines = replace(line, cargo=amount), own.bank_line(abono=amount)
    else:
        lines = own.bank_line(cargo=amount), replace(line, abono=amount)
    poliza = replace(own.new(subtipo, day, f"{words} {against}", *lines), clase="transferencia")
    ends = (own, other) if lado == "salida" else (other, own)
    folio = f"TR-{ends[0].contabilidad.pk}-{ends[1].contabilidad.pk}-{number}"
    side = NewLado(folio, lado, against, "efectivo", day, amount)
    return Operation(own.contabilidad, own.session(day), poliza, Support(lados=(side,)), clases=classes(poliza))


_SIDES = {
    "salida": ("5-4-01-02-0000", "EG", "Transferencia a la contabilidad"),
    "entrada": ("4-5-01-03-0000", "IG", "Transferencia de la contabilidad"),
}


def plant_voided(operation: Operation, by: Usuario) -> Planted:
    """Leave without effect all the evidence of a sound purchase, and bring no other."""
    poliza = operation.poliza
    assert poliza is not None
    with clock.at(at(operation.registro, 21)):
        for evidencia in Evidencia.objects.filter(poliza=poliza).select_related("contabilidad").order_by("pk"):
            void_evidencia(evidencia, "Se cargó en la póliza que no era.", by)
    why = "toda su evidencia quedó sin efecto y no se cargó otra"
    return Planted("EV001", f"poliza_id={poliza.pk}", poliza.contabilidad_id, poliza.total, why)


def keys_of(operation: Operation) -> Iterator[Planted]:
    """Yield the keys of the hallazgos that a posted operation must give."""
    posted = operation.poliza
    assert posted is not None
    for rule, why in operation.planted.items():
        books = _accused(operation) if rule == "TR001" else posted.contabilidad_id
        yield Planted(rule, _KEYS[rule](operation, posted), books, operation.amounts[rule], why)


def _accused(operation: Operation) -> int:
    """Return a transfer that never arrived is asked of whoever should have recorded it."""
    side = operation.soporte.lados[0]
    return side.contraparte_id if side.lado == "salida" else operation.contabilidad.pk


def _of_poliza(operation: Operation, poliza: Poliza) -> str:
    return f"poliza_id={poliza.pk}"


def _of_use(operation: Operation, poliza: Poliza) -> str:
    used = operation.reusa.comprobante if operation.reusa else operation.comprobante
    return f"cfdi_id={used.pk if used else 0};poliza_id={poliza.pk}"


def _of_missing(operation: Operation, poliza: Poliza) -> str:
    return f"poliza_id={poliza.pk};cfdi_id=0"


def _of_gift(operation: Operation, poliza: Poliza) -> str:
    return f"aportacion_id={Aportacion.objects.get(poliza=poliza).pk}"


def _of_payment(operation: Operation, poliza: Poliza) -> str:
    return f"pago_id={Pago.objects.get(poliza=poliza).pk}"


def _of_sample(operation: Operation, poliza: Poliza) -> str:
    return f"evidencia_id={Evidencia.objects.get(poliza=poliza, clase='muestra').pk}"


def _of_side(operation: Operation, poliza: Poliza) -> str:
    return f"lado_id={LadoTransferencia.objects.get(poliza=poliza).pk}"


def _of_account(operation: Operation, poliza: Poliza) -> str:
    return f"contabilidad_id={poliza.contabilidad_id};cuenta={TO_JUSTIFY}"


_KEYS: dict[str, Callable[[Operation, Poliza], str]] = {
    "RE001": _of_poliza, "EV001": _of_poliza, "EV003": _of_sample, "CF001": _of_missing, "CF011": _of_use,
    "CF007": _of_use, "CF012": _of_use, "PA001": _of_payment, "PA003": _of_payment,
    "TR001": _of_side, "AP001": _of_gift, "AP002": _of_gift, "AP005": _of_gift, "AP006": _of_gift,
    "FO002": _of_gift, "LI002": _of_account,
}  # fmt: skip

"""Plan the ordinary operations of a campaign, most of them in its last week."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from django.conf import settings

from sif.books.services import (
    NewAportacion,
    NewPago,
    NewTransfer,
    Support,
    attach_evidencia,
    reverse_poliza,
    store_file,
    transfer,
)
from sif.demo.operations import Invoice, Operation, at
from sif.demo.papers import paper
from sif.demo.world import Supplier, World
from sif.law.chart import evidence_for
from sif.ledger import NewLine, NewPoliza
from sif.registry import clock
from sif.registry.models import Aportante, Contabilidad, Periodo, Usuario
from sif.registry.services import register_aportante
from sif.values import Money

BANKS, PAYABLE, PUBLIC_MONEY = "1-1-02-00-0000", "2-1-01-01-0000", "4-1-02-01-0000"
GIFTS = {
    ("militante", False): "4-2-01-01-0000",
    ("simpatizante", False): "4-2-02-01-0000",
    ("simpatizante", True): "4-2-02-02-0000",
    ("candidatura", False): "4-2-03-01-0000",
}
GOODS = (
    ("Playera estampada de algodón", "53101800", "5-5-02-01-0000", 14),
    ("Gorra bordada", "53102500", "5-5-02-02-0000", 8),
    ("Bolsa de tela impresa", "53121600", "5-5-02-04-0000", 6),
    ("Lona impresa de 3 por 2 metros", "82121500", "5-5-01-02-0000", 12),
    ("Volante a color", "82121500", "5-5-01-03-0000", 12),
    ("Pinta de barda", "82101500", "5-5-01-01-0000", 6),
    ("Espectacular de 12 por 7 metros", "82101501", "5-5-04-01-0000", 5),
    ("Pauta en redes sociales", "82101603", "5-5-05-02-0000", 10),
    ("Producción de video para internet", "82131600", "5-5-05-04-0000", 4),
    ("Combustible magna", "15101514", "5-5-03-06-0000", 10),
    ("Transporte de personal", "78111800", "5-5-03-04-0000", 6),
    ("Renta de equipo de sonido", "81141600", "5-5-01-07-0000", 5),
    ("Evento en salón alquilado", "80141900", "5-5-01-05-0000", 4),
    ("Inserción de media plana", "82101800", "5-5-07-01-0000", 2),
    ("Spot de radio de 30 segundos", "82131603", "5-5-08-01-0000", 1),
)
"""What campaigns buy: words of the invoice, SAT's key, account, how often."""
SHIRTS, SPOT = GOODS[0][0], GOODS[-1][0]
RNP_ONLY = 20  # only the first suppliers registered; contracts of the ordinary life go to them
SESSION_DAYS = 4  # the last of them is the third day after the operation, which is still in time


class Books:
    """One set of books being planned: its days, its folios, and what it has spent so far."""

    def __init__(self, world: World, contabilidad: Contabilidad, last_day: date | None = None) -> None:
        self.world, self.contabilidad = world, contabilidad
        self.random = world.random
        self.periods = list(contabilidad.etapa.periodos.order_by("numero"))
        self.first = contabilidad.etapa.inicia_el
        self.last = min(last_day or contabilidad.etapa.termina_el, contabilidad.etapa.termina_el)
        self.bank = contabilidad.cuentas_bancarias.get()
        self.folios: Counter[str] = Counter()
        self.paid = Money(0)

    def period_of(self, day: date) -> Periodo:
        """Return the period in which a day falls."""
        return next(period for period in self.periods if period.desde <= day <= period.hasta)

    def day(self) -> date:
        """Return a day of operation: 63 % of them in the last week, as in the real processes."""
        span = (self.last - self.first).days
        if self.random.random() < 0.63:
            return self.last - timedelta(days=self.random.randrange(min(7, span + 1)))
        return self.first + timedelta(days=self.random.randrange(2, max(3, span)))

    def session(self, day: date) -> date:
        """Return the day on which the accountant records what happened on another: every third day, never late."""
        offset = (day - self.first).days
        return min(day + timedelta(days=(SESSION_DAYS - 1 - offset % SESSION_DAYS)), max(self.last, day))

    def new(self, subtipo: str, day: date, concepto: str, debit: NewLine, credit: NewLine) -> NewPoliza:
        """Return a póliza of two lines in the period of its day."""
        return NewPoliza(
            self.contabilidad.pk, self.period_of(day).pk, "normal", subtipo, day, concepto, (debit, credit)
        )

    def bank_line(self, *, cargo: Money = Money(0), abono: Money = Money(0)) -> NewLine:  # noqa: B008
        """Return a line on the bank of these books."""
        return NewLine(BANKS, cargo, abono, "", "cuenta_bancaria", self.bank.pk)

    def next_folio(self, calidad: str, kind: bool) -> str:
        """Return the next folio of a series of receipts."""
        letters = {"militante": "RM", "simpatizante": "RS", "candidatura": "RC"}[calidad]
        series = f"{letters}{'ES' if kind else 'EF'}-{self.contabilidad.pk}"
        self.folios[series] += 1
        return f"{series}-{self.folios[series]:04d}"


def expense(
    books: Books, subtotal: Money, *, day: date | None = None, supplier: Supplier | None = None, what: str = ""
) -> Operation:
    """Return a purchase with its invoice, paid by transfer at once."""
    named = [row for row in GOODS if row[0] == what]
    goods = named[0] if named else books.random.choices(GOODS, weights=[row[3] for row in GOODS])[0]
    seller = supplier or books.random.choice(books.world.suppliers[:RNP_ONLY])
    when = day or books.day()
    invoice = Invoice(seller, goods[0], goods[1], subtotal, (books.contabilidad.pk,))
    line = NewLine(goods[2], invoice.total, concepto=goods[0], auxiliar_tipo="proveedor", auxiliar_id=seller.row.pk)
    poliza = books.new("EG", when, f"{goods[0]}, {seller.row.nombre}", line, books.bank_line(abono=invoice.total))
    books.paid = books.paid + invoice.total
    payment = NewPago(seller.row.pk, "transferencia", when, invoice.total)
    return Operation(
        books.contabilidad, books.session(when), poliza, Support(pagos=(payment,)), invoice, classes(poliza)
    )


def on_credit(books: Books, subtotal: Money) -> Iterator[Operation]:
    """Yield a purchase owed to the supplier, and its payment some days later."""
    bought = expense(books, subtotal)
    seller = bought.poliza_nueva.lineas[0].auxiliar_id
    total = bought.poliza_nueva.cargos
    owed = NewLine(PAYABLE, auxiliar_tipo="proveedor", auxiliar_id=seller)
    bought.poliza_nueva = replace(
        bought.poliza_nueva, subtipo="DR", lineas=(bought.poliza_nueva.lineas[0], replace(owed, abono=total))
    )
    bought.soporte = Support()
    yield bought
    when = min(bought.poliza_nueva.fecha_operacion + timedelta(days=books.random.randrange(1, 6)), books.last)
    paid = books.new(
        "EG",
        when,
        f"Pago a proveedor de {bought.poliza_nueva.concepto}"[:300],
        replace(owed, cargo=total),
        books.bank_line(abono=total),
    )
    support = Support(pagos=(NewPago(seller, "transferencia", when, total),))
    yield Operation(books.contabilidad, books.session(when), paid, support, clases=("transferencia",))


def gift(
    books: Books,
    calidad: str,
    amount: Money,
    donor: Aportante,
    *,
    medio: str = "transferencia",
    day: date | None = None,
) -> Operation:
    """Return a contribution in money with its receipt."""
    when = day or books.day()
    income = NewLine(GIFTS[calidad, False], abono=amount, auxiliar_tipo="aportante", auxiliar_id=donor.pk)
    folio = books.next_folio(calidad, kind=False)
    poliza = books.new("IG", when, f"Aportación de {calidad}, recibo {folio}", books.bank_line(cargo=amount), income)
    given = NewAportacion(donor.pk, calidad, medio, when, folio, amount)
    return Operation(
        books.contabilidad,
        books.session(when),
        poliza,
        Support(aportaciones=(given,)),
        clases=("recibo_aportacion", "transferencia"),
    )


def gift_in_kind(books: Books, subtotal: Money, donor: Aportante, *, forma_pago: str = "03") -> Operation:
    """Return a contribution in kind, with the invoice of what was given."""
    bought = expense(books, subtotal)
    books.paid = books.paid - bought.poliza_nueva.cargos
    amount, when = bought.poliza_nueva.cargos, bought.poliza_nueva.fecha_operacion
    folio = books.next_folio("simpatizante", kind=True)
    income = NewLine(GIFTS["simpatizante", True], abono=amount, auxiliar_tipo="aportante", auxiliar_id=donor.pk)
    poliza = replace(
        bought.poliza_nueva,
        subtipo="IG",
        concepto=f"Aportación en especie, recibo {folio}",
        lineas=(bought.poliza_nueva.lineas[0], income),
    )
    assert bought.factura is not None
    given = NewAportacion(donor.pk, "simpatizante", "especie", when, folio, amount)
    return Operation(
        books.contabilidad,
        bought.registro,
        poliza,
        Support(aportaciones=(given,)),
        replace(bought.factura, forma_pago=forma_pago),
        classes(poliza),
    )


def classes(poliza: NewPoliza) -> tuple[str, ...]:
    """Return the classes of evidence the accounts of a póliza ask for, and the transfer where the bank is touched."""
    accounts = frozenset(line.cuenta for line in poliza.lineas)
    asked = [
        clase
        for clase, needed in evidence_for(accounts, poliza.fecha_operacion, settings.JURISDICTION).items()
        if needed
    ]
    return tuple(asked) + (("transferencia",) if BANKS in accounts else ())


def ordinary_life(books: Books, spend: Money, count: int) -> list[Operation]:
    """About `count` operations of some books that spend about `spend` in all: heavy tails, sound in every rule."""
    weights = [books.random.lognormvariate(0, 1.1) for _ in range(max(4, count * 3 // 5))]
    scale = spend.centavos / 1.16 / sum(weights)
    donors = books.world.donors[books.contabilidad.sujeto.siglas]
    operations: list[Operation] = []
    for weight in weights:
        subtotal = Money(max(10_000, int(weight * scale)))
        if books.random.random() < 0.25:
            operations += on_credit(books, subtotal)
        else:
            operations.append(expense(books, subtotal))
    independent = books.contabilidad.sujeto.tipo == "independiente"
    # an independent candidacy lives of public money: few neighbours give it little, for the law lets it take little
    most_money, most_goods = (1300, 900) if independent else (9000, 4000)
    while len(operations) < count:
        kind = "simpatizante" if independent or books.random.random() < 0.6 else "militante"
        amount = Money(books.random.randrange(500, most_money) * 100)
        if books.random.random() < 0.15:
            goods = Money(books.random.randrange(500, most_goods) * 100)
            operations.append(gift_in_kind(books, goods, books.random.choice(donors)))
        else:
            operations.append(gift(books, kind, amount, books.random.choice(donors)))
    return operations


def public_money(books: Books, amount: Money) -> Operation:
    """Return the public financing of the campaign as it reaches a concentradora, or an independent candidacy."""
    income = NewLine(PUBLIC_MONEY, abono=amount, auxiliar_tipo="cuenta_bancaria", auxiliar_id=books.bank.pk)
    poliza = books.new("IG", books.first, "Ministración para gastos de campaña", books.bank_line(cargo=amount), income)
    return Operation(books.contabilidad, books.first, poliza, clases=("ficha_deposito", "estado_cuenta"))


def own_donor(books: Books) -> Aportante:
    """Return the record of a candidate as donor of their own campaign."""
    candidatura = books.contabilidad.candidatura
    assert candidatura is not None
    person = candidatura.persona
    found = Aportante.objects.filter(sujeto=books.contabilidad.sujeto, rfc=person.rfc).first()
    return found or register_aportante(books.contabilidad.sujeto, person.nombre, rfc=person.rfc, curp=person.curp or "")


def own_money(books: Books, amount: Money) -> Operation:
    """Return the contribution of own money by an independent candidate, by transfer, in the first days."""
    operation = gift(
        books, "candidatura", amount, own_donor(books), day=books.first + timedelta(days=2 + books.folios.total() % 2)
    )
    bank, income = operation.poliza_nueva.lineas
    operation.poliza_nueva = replace(operation.poliza_nueva, lineas=(bank, replace(income, cuenta="4-2-04-01-0000")))
    return operation


def fund(pool: Books, books: Books, amount: Money, day: date, by: Usuario) -> None:
    """Send cash from the concentradora to a candidacy: both mirror pólizas by one service, and their receipt."""
    _send(NewTransfer(pool.contabilidad.pk, books.contabilidad.pk, amount, "efectivo", day), by)


def central_purchases(pool: Books) -> list[Operation]:
    """Shirts that the concentradora buys in the first weeks, to hand out."""
    days = (5, 9, 13, 17)
    return [
        expense(pool, Money(pool.random.randrange(300, 900) * 10_000), day=pool.first + timedelta(days=n), what=SHIRTS)
        for n in days
    ]


def share_goods(pool: Books, books: Books, by: Usuario) -> None:
    """Hand shirts to a candidacy: a transfer in kind, for part of what was bought."""
    seller = pool.world.suppliers[0].row.pk
    shirts = NewLine(GOODS[0][2], concepto=GOODS[0][0], auxiliar_tipo="proveedor", auxiliar_id=seller)
    amount, day = Money(pool.random.randrange(50, 250) * 10_000), books.first + timedelta(days=24)
    new = NewTransfer(pool.contabilidad.pk, books.contabilidad.pk, amount, "especie", day, shirts)
    _send(new, by)


def _send(new: NewTransfer, by: Usuario) -> None:
    with clock.at(at(new.fecha, 10)):
        receipt = store_file(paper("Recibo interno de transferencia", f"{new}"))
        for poliza in transfer(new, by):
            attach_evidencia(poliza, "recibo_transferencia", "recibo.pdf", receipt, by)


def correct(operation: Operation, by: Usuario) -> None:
    """Reverse a posted póliza the day after, as one does on finding a mistake."""
    assert operation.poliza is not None
    with clock.at(at(operation.registro, 20)):
        reverse_poliza(operation.poliza, by, concepto="Se registró dos veces.")

"""Fill the inbox of the running campaign with invoices in every state."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from PIL import Image, ImageDraw

from sif.books.models import Poliza, Recepcion, UsoComprobante
from sif.books.services import (
    accept_many,
    attach_evidencia,
    load_status,
    propose_many,
    read_file,
    receive_many,
    set_aside,
    store_file,
)
from sif.books.services.evidencias import admitted_classes
from sif.catalogs.models import PersonaSujeto
from sif.catalogs.services.listas import load_69b
from sif.cfdi import Relacionado
from sif.cfdi.document import ComplementoIne, DocumentoPagado, Donataria, EntidadIne, Nomina, PagoCfdi
from sif.cfdi.write import Contribuyente, Factura, Linea, Sealer, build_cfdi, donation_of, payment_of, payroll_of
from sif.demo.builder import Built
from sif.demo.keys import Names
from sif.demo.operations import at
from sif.demo.papers import paper
from sif.demo.world import STATE, World
from sif.registry import clock
from sif.registry.models import Contabilidad, Usuario
from sif.registry.selectors import windows_open
from sif.signing.minting import mint_csd
from sif.values import Money

PARTY = "PJ"
GOODS = (
    ("Volante a color", "82121500"),
    ("Lona impresa de 3 por 2 metros", "82121500"),
    ("Gorra bordada", "53102500"),
    ("Playera estampada de algodón", "53101800"),
    ("Bolsa de tela impresa", "53121600"),
    ("Combustible magna", "15101514"),
    ("Transporte de personal", "78111800"),
    ("Pauta en redes sociales", "82101603"),
)
READY, OTHER_PARTY = 9, "XAXX010101000"
SPAN = (date(2025, 1, 1), date(2029, 1, 1))
CREDIT = {"forma_pago": "99", "metodo_pago": "PPD"}
HEAD = (
    "No,RFC,Nombre del Contribuyente,Situación del contribuyente,Publicación página SAT presuntos,"
    "Publicación página SAT definitivos"
)


@dataclass
class Desk:
    """One set of books, who captures in it, and the means to write invoices to it."""

    world: World
    books: Contabilidad
    by: Usuario
    random: Random
    today: date
    written: int = 0

    def invoice(self, place: int, goods: int, subtotal: int, **changes: object) -> Factura:
        """Return an invoice of today from one supplier for one thing, naming these books; amounts in centavos."""
        self.written += 1
        subject = self.books.sujeto
        issuer = self.world.suppliers[place % 16].row
        words, key = GOODS[goods % len(GOODS)]
        own = ComplementoIne("1.1", "Campaña", "", None, (EntidadIne(STATE, "Local", (self.books.pk,)),))
        base = Factura(
            uuid=str(UUID(int=self.random.getrandbits(128), version=4)).upper(),
            serie="B",
            folio=str(self.written),
            fecha=min(at(self.today, 9), clock.now() - timedelta(minutes=5)),
            emisor=Contribuyente(issuer.rfc, issuer.nombre),
            receptor=Contribuyente(subject.rfc, subject.nombre, "603"),
            lineas=(Linea(words, 1000, Money(subtotal), key),),
            ine=own,
        )
        return replace(base, **changes)  # type: ignore[arg-type]

    def seal(self, factura: Factura) -> bytes:
        """Sealed by its supplier, and stamped."""
        sealer = next(one.sealer for one in self.world.suppliers if one.row.rfc == factura.emisor.rfc)
        return build_cfdi(factura, sealer, self.world.pac)

    def drop(self, *files: bytes) -> list[Recepcion]:
        """Received in the inbox, each one there."""
        named = [(f"cfdi-{self.written}-{n}.xml", data) for n, data in enumerate(files, 1)]
        rows = [answer.recepcion for answer in receive_many(named, self.books, self.by)]
        return [row for row in rows if row is not None]


def fill_inbox(world: World, built: Built, seed: int) -> int:
    """Fill it; returns how many invoices wait there. Only what is beyond doubt is posted, with its evidence."""
    books = built.en_curso.contabilidades.filter(sujeto__siglas=PARTY, candidatura__isnull=False).order_by("pk")
    first, second = books[0], books[1]
    desk = Desk(world, first, world.people["bruno"], Random(f"{seed}, bandeja"), clock.today())  # noqa: S311
    if not any(window.periodo.desde <= desk.today <= window.periodo.hasta for window in windows_open(first)):
        return 0
    payments = _on_credit(desk)
    waiting = [*_sound(desk), *_doubtful(desk, second), *_issued(desk), *payments]
    _listed(desk, waiting)
    _statuses(desk, waiting)
    spare = desk.drop(desk.seal(desk.invoice(3, 4, 318_000)))
    set_aside(spare, "Es de la campaña de otra candidatura; ya se le entregó a su equipo.", desk.by)
    propose_many(waiting)  # as opening the inbox does: a new issuer becomes a supplier
    return len(waiting)


def _on_credit(desk: Desk) -> list[Recepcion]:
    """Three purchases on credit: one is paid, one is taken back in part, and of one its payment waits."""
    bought = [desk.invoice(n, n, amount, **CREDIT) for n, amount in enumerate((1_240_000, 860_000, 2_015_000))]
    _accept(desk, *bought)
    note = desk.invoice(2, 2, 150_000, tipo="E", relacionados=(Relacionado("01", bought[2].uuid),), **CREDIT)
    _accept(desk, _payment(desk, bought[0]), note)
    return desk.drop(desk.seal(_payment(desk, bought[1])))


def _accept(desk: Desk, *facturas: Factura) -> None:
    """Received, posted as proposed, and with their evidence."""
    by_uuid = {factura.uuid: factura for factura in facturas}
    for poliza in accept_many(desk.drop(*map(desk.seal, facturas)), desk.by).polizas:
        use = poliza.comprobantes.select_related("comprobante").get()
        _prove(desk, poliza, by_uuid[use.comprobante.uuid])


def _payment(desk: Desk, factura: Factura) -> Factura:
    """Return the complement that says an invoice was paid whole today by transfer."""
    whole = DocumentoPagado(factura.uuid, 1, factura.total, factura.total, Money(0))
    blank = desk.invoice(0, 0, 0, emisor=factura.emisor)
    return payment_of(blank, [PagoCfdi(desk.today, "03", "MXN", factura.total, (whole,))])


def _prove(desk: Desk, poliza: Poliza, factura: Factura) -> None:
    """Attach what its accounts admit: the printed invoice, a picture of what was bought, the transfer."""
    says = f"{factura.emisor.nombre}, factura B-{factura.folio} del {desk.today:%d/%m/%Y}"
    admitted = admitted_classes(poliza)
    for clase, name, data in (
        ("pdf", f"factura-{factura.folio}.pdf", _printed(factura, says)),
        ("muestra", f"muestra-{factura.folio}.png", _photograph(poliza.concepto, desk.random)),
        ("transferencia", f"transferencia-{poliza.eslabon}.pdf", paper("Comprobante de transferencia", says)),
    ):
        if clase in admitted:
            attach_evidencia(poliza, clase, name, store_file(data), desk.by)


def _printed(factura: Factura, says: str) -> bytes:
    lines = [f"{line.descripcion}  {line.importe}" for line in factura.lineas]
    return paper(
        says,
        f"RFC {factura.emisor.rfc}",
        f"Para {factura.receptor.nombre}, {factura.receptor.rfc}",
        *lines,
        f"IVA  {factura.iva}",
        f"Total  {factura.total}",
        f"Folio fiscal {factura.uuid}",
    )


def _photograph(words: str, random: Random) -> bytes:
    """Return a picture of a printed thing, as a person who receives it would send."""
    image = Image.new("RGB", (640, 420), "#e8ece6")
    draw = ImageDraw.Draw(image)
    tone = tuple(random.randrange(40, 170) for _ in range(3))
    draw.rectangle((60, 50, 580, 370), fill="white", outline=tone, width=10)
    draw.rectangle((60, 50, 580, 150), fill=tone)
    draw.text((90, 85), "Mariela Ochoa", fill="white", font_size=36)
    draw.text((90, 190), words[:44], fill="black", font_size=20)
    draw.text((90, 240), "Valle Hondo", fill=tone, font_size=48)
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def _sound(desk: Desk) -> list[Recepcion]:
    """Invoices of these days that pass every check."""
    days = [desk.today - timedelta(days=n % 2) for n in range(READY)]
    made = [
        desk.invoice(4 + n, n, desk.random.randrange(90_000, 2_400_000), fecha=min(at(day, 10), _before()))
        for n, day in enumerate(days)
    ]
    return desk.drop(*map(desk.seal, made))


def _before() -> datetime:
    return clock.now() - timedelta(minutes=4)


def _doubtful(desk: Desk, second: Contabilidad) -> list[Recepcion]:
    """Return one of each that a person must look at: whose it is, what it names, its seal, its day, its place."""
    own, other = desk.books.pk, second.pk
    names: Callable[..., ComplementoIne] = lambda *books: ComplementoIne(  # noqa: E731
        "1.1", "Campaña", "", None, (EntidadIne(STATE, "Local", books),)
    )
    made = [
        desk.invoice(5, 0, 412_000, receptor=Contribuyente(OTHER_PARTY, "PUBLICO EN GENERAL", "616")),
        desk.invoice(6, 1, 655_000, ine=None),
        desk.invoice(7, 2, 183_000, ine=names(other)),
        desk.invoice(8, 3, 2_750_000, ine=names(own, other)),
        desk.invoice(9, 4, 239_500, fecha=at(desk.today - timedelta(days=9), 12)),
        desk.invoice(10, 0, 996_000, lineas=(Linea("Asesoría jurídica", 1000, Money(996_000), "80121600"),)),
        desk.invoice(11, 5, 74_000),
        desk.invoice(12, 6, 128_000),
    ]
    files = [desk.seal(factura) for factura in made]
    files[6] = files[6].replace(b"Combustible magna", b"Combustible premium")  # changed after it was sealed
    return desk.drop(*files, *_of_others(second))


def _of_others(second: Contabilidad) -> list[bytes]:
    """Return an invoice that another set of books of the party uses, and one of another party."""
    uses = UsoComprobante.objects.filter(contabilidad__etapa=second.etapa).select_related("comprobante")
    used = (
        uses.filter(contabilidad=second).order_by("pk").first(),
        uses.exclude(contabilidad__sujeto=second.sujeto).order_by("pk").first(),
    )
    return [read_file(use.comprobante.xml_sha256) for use in used if use is not None]


def _issued(desk: Desk) -> list[Recepcion]:
    """Drop into the inbox the invoices that the party issues: the payroll of a fortnight and a donation to it."""
    subject = desk.books.sujeto
    person = PersonaSujeto.objects.filter(sujeto=subject, persona__curp__isnull=False).order_by("pk")[0].persona
    giver = desk.world.donors[subject.siglas][0]
    sealer = Sealer.open(*mint_csd(desk.world.authority, subject.rfc, "", subject.nombre, *SPAN))
    party = Contribuyente(subject.rfc, subject.nombre, "603")
    base = desk.invoice(0, 0, 0, emisor=party, receptor=Contribuyente(person.rfc, person.nombre, "605"))
    paid = payroll_of(base, Nomina(person.curp or "", desk.today, Money(1_200_000), Money(118_650)))
    base = desk.invoice(0, 0, 0, emisor=party, receptor=Contribuyente(giver.rfc, giver.nombre, "605"))
    given = donation_of(base, Donataria("CG/7/2026", SPAN[0]), Money(450_000))
    return desk.drop(*(build_cfdi(factura, sealer, desk.world.pac) for factura in (paid, given)))


def _listed(desk: Desk, waiting: list[Recepcion]) -> None:
    """One waiting invoice is of a company that SAT presumes to invoice what it does not sell; so says its list."""
    name, rfc = Names(Random(f"{desk.random.random()}, lista")).company()  # noqa: S311
    sealer = Sealer.open(*mint_csd(desk.world.authority, rfc, "", name, *SPAN))
    factura = desk.invoice(0, 7, 1_845_000, emisor=Contribuyente(rfc, name))
    waiting += desk.drop(build_cfdi(factura, sealer, desk.world.pac))
    published = desk.today - timedelta(days=6)
    before = published - timedelta(days=200)
    rows = (
        f"Información actualizada al {published:%d/%m/%Y},,,,,",
        HEAD,
        f'1,{rfc},"{name}",Definitivo,{before:%d/%m/%Y},{published:%d/%m/%Y}',
        f"2,AAA080808HL8,EMPRESA QUE ACREDITÓ SUS OPERACIONES,Desvirtuado,{before:%d/%m/%Y},",
    )
    load_69b("\n".join((*rows, "")).encode("latin-1"), published, desk.world.people["dario"])


def _statuses(desk: Desk, waiting: Sequence[Recepcion]) -> None:
    """SAT's answers as a file: every one in force but one that its issuer cancelled, and one not asked about yet."""
    day = desk.today.isoformat()
    uuids = [row.comprobante.uuid for row in waiting]
    states = {uuids[READY + 7]: "Cancelado"}
    asked = [uuid for uuid in uuids if uuid != uuids[0]]
    text = "".join(f"{uuid},{states.get(uuid, 'Vigente')},{day}\n" for uuid in asked)
    load_status(f"uuid,estatus,al\n{text}".encode(), desk.world.heads[PARTY])

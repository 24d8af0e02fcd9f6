"""Rows inside each sheet, and rows of each list that no class declares, through their services: each says its page."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import count
from typing import Any

from django.urls import reverse

from batch.lots import csv_of, poliza_rows
from rfcs import new_rfc
from scene import BANKS, GIFT, LEAFLETS, PAYABLE, make_books
from sif.banks.models import LineaBancaria
from sif.banks.services import load_statement
from sif.banks.statement import Statement, StatementLine
from sif.banks.write import write_ofx
from sif.batch.claves import create_key
from sif.batch.services import receive_lote
from sif.books.models import Aportacion
from sif.books.selectors import accounts_of
from sif.books.services import (
    NewAportacion,
    NewEvidencia,
    NewPago,
    Support,
    post_poliza,
    receive_many,
    save_borrador,
    save_plantilla,
    store_file,
)
from sif.books.services.kardex import NewEntrada, record_entry
from sif.catalogs.models import SerieRecibos
from sif.catalogs.services import NewAportante, NewSerie, authorize_serie, save_aportante
from sif.catalogs.services.campaign_goods import NewArticulo, register_articulo
from sif.ledger import NewLine
from sif.registry.models import Cargo
from sif.values import Money
from sif.web.party.draft_content import blank

AMOUNT = Money.parse("100.00")
_serial = count(1)


def _poliza(scene: Any, many: int) -> str:
    """One póliza of many lines, with as many files."""
    own = {"auxiliar_tipo": "proveedor", "auxiliar_id": scene.proveedor.pk}
    total = Money(AMOUNT.centavos * many)
    lines = (*[NewLine(LEAFLETS, cargo=AMOUNT, **own)] * many, NewLine(PAYABLE, abono=total, **own))
    files = tuple(
        NewEvidencia("muestra", f"muestra{n}.txt", store_file(f"muestra {next(_serial)}".encode()).sha256)
        for n in range(many)
    )
    made = post_poliza(scene.expense("1.00", lineas=lines), scene.alicia, support=Support(evidencias=files))
    return reverse("party:poliza", args=[made.contabilidad_id, made.eslabon])


def _supplier(scene: Any, many: int) -> str:
    own = {"auxiliar_tipo": "proveedor", "auxiliar_id": scene.proveedor.pk}
    bank = NewLine(BANKS, abono=AMOUNT, auxiliar_tipo="cuenta_bancaria", auxiliar_id=scene.banco.pk)
    day = scene.periodos[0].hasta
    paid = Support(pagos=(NewPago(scene.proveedor.pk, "transferencia", day, AMOUNT),))
    for n in range(many):
        lines = (NewLine(PAYABLE, cargo=AMOUNT, **own), bank)
        post_poliza(scene.expense("100.00", f"Pago {n}", lineas=lines), scene.alicia, support=paid)
    return reverse("party:proveedor", args=[scene.proveedor.pk])


def _bank_account(scene: Any, many: int) -> str:
    _supplier(scene, many)
    return reverse("party:cuenta", args=[scene.banco.pk])


def _gifts(scene: Any, many: int, donor: Any, series: str) -> None:
    for _n in range(many):
        lines = (
            NewLine(BANKS, cargo=AMOUNT, auxiliar_tipo="cuenta_bancaria", auxiliar_id=scene.banco.pk),
            NewLine(GIFT, abono=AMOUNT, auxiliar_tipo="aportante", auxiliar_id=donor.pk),
        )
        poliza = scene.expense("100.00", "Aportación", subtipo="IG", lineas=lines)
        folio = f"{series}-{Aportacion.objects.filter(folio__startswith=series).count() + 1:04d}"
        given = NewAportacion(donor.pk, "simpatizante", "transferencia", scene.periodos[0].hasta, folio, AMOUNT)
        post_poliza(poliza, scene.alicia, support=Support(aportaciones=(given,)))


def _donor(scene: Any, many: int) -> str:
    new = NewAportante(scene.partido.pk, "Aportante", rfc=new_rfc())
    donor = save_aportante(new, scene.alicia)
    _gifts(scene, many, donor, "RSEF")
    return reverse("party:aportante", args=[donor.identidad])


def _serie(scene: Any, many: int) -> str:
    serie = SerieRecibos.objects.filter(sujeto=scene.partido).first()
    serie = serie or authorize_serie(NewSerie(scene.partido.pk, "RSEF", 1, 90_000), scene.alicia)
    _gifts(scene, many, scene.donante, "RSEF")
    return reverse("party:serie", args=[serie.pk])


def _series(scene: Any, many: int) -> str:
    for _n in range(many):
        authorize_serie(NewSerie(scene.partido.pk, f"RSEF-T{next(_serial)}", 1, 9), scene.alicia)
    return reverse("party:folios")


def _kardex(scene: Any, many: int) -> str:
    new = NewArticulo(f"A{next(_serial)}", "Playera", "pieza", "utilitaria")
    article = register_articulo(scene.libros, new, scene.alicia)
    for _n in range(many):
        record_entry(article, NewEntrada(scene.periodos[0].desde, 1_000, AMOUNT, "compra"), scene.alicia)
    return reverse("party:kardex", args=[scene.libros.pk, article.pk])


def _statement(scene: Any, amounts: Sequence[Money], day: Any) -> None:
    """Load the statement of a day, with a line of each amount, after those of the days before it."""
    before = sum(line.monto for line in LineaBancaria.objects.filter(estado__cuenta=scene.banco))
    lines = tuple(StatementLine(day, each, "", f"SPEI {n}", f"K{next(_serial)}") for n, each in enumerate(amounts))
    last = Money(before + sum(each.centavos for each in amounts))
    told = Statement("", scene.banco.clabe, day, day, Money(before), last, lines)
    load_statement(scene.banco, (f"{next(_serial)}.ofx", write_ofx(told)), scene.alicia)


def _bank(vista: str) -> Callable[[Any, int], str]:
    def made(scene: Any, many: int) -> str:
        amounts = [Money(100 * (10 * many + n)) for n in range(many)]
        for each in amounts:
            scene.post(scene.gift(f"{each}"))
        if vista != "libros" or many == 1:  # one that nothing in the books answers is enough to tell them apart
            told = [Money(7)] if vista == "libros" else amounts
            _statement(scene, told, scene.periodos[0].hasta - timedelta(days=many == 1 and vista != "libros"))
        return f"{reverse('party:banco', args=[scene.banco.pk])}?vista={vista}"

    return made


def _statements(scene: Any, many: int) -> str:
    """As many statements as days there are for them."""
    first = scene.periodos[0].hasta - timedelta(days=28)
    for n in range(1 if many == 1 else 24):
        _statement(scene, [AMOUNT], first + timedelta(days=n + (many > 1)))
    return f"{reverse('party:banco', args=[scene.banco.pk])}?vista=estados"


def _balance(scene: Any, many: int) -> str:
    chart = accounts_of(scene.libros).values()
    own = {"auxiliar_tipo": "proveedor", "auxiliar_id": scene.proveedor.pk}
    told = {"": {}, "proveedor": own}
    chosen = [each for each in chart if each.es_gasto and each.capturable and each.auxiliar in told][:many]
    debits = [NewLine(each.codigo, cargo=AMOUNT, **told[each.auxiliar]) for each in chosen]
    lines = (*debits, NewLine(PAYABLE, abono=Money(AMOUNT.centavos * len(debits)), **own))
    scene.post(scene.expense("1.00", lineas=lines))
    return reverse("party:contabilidad", args=[scene.libros.pk])


def _lot(scene: Any, many: int) -> str:
    day = f"{scene.periodos[0].hasta:%d/%m/%Y}"
    rows = [row for n in range(many) for row in poliza_rows(n + 1, "100.00", LEAFLETS, PAYABLE, fecha=day)]
    got = receive_lote(scene.libros, "polizas", (f"{next(_serial)}.csv", [csv_of(*rows)]), scene.alicia)
    return reverse("party:lote", args=[scene.libros.pk, got.lote.pk])


def _drafts(scene: Any, many: int) -> str:
    for n in range(many):
        save_borrador(scene.libros, {**blank(), "concepto": f"Gasto {n}"}, scene.alicia)
    return reverse("party:borradores")


def _typed(many: int) -> Any:
    """What a person typed of a póliza of so many lines."""
    line = {**blank()["lineas"][0], "cuenta": LEAFLETS, "cargo": "1.00"}
    return {**blank(), "concepto": "Gasto", "lineas": [dict(line) for _n in range(many)]}


def _draft(scene: Any, many: int) -> str:
    made = save_borrador(scene.libros, _typed(many), scene.alicia)
    return reverse("party:borrador", args=[scene.libros.pk, made.pk])


def _templates(scene: Any, many: int) -> str:
    for _n in range(many):
        save_plantilla(scene.partido, f"Plantilla {next(_serial)}", _typed(1), scene.alicia)
    return reverse("party:plantillas")


def _keys(scene: Any, many: int) -> str:
    for _n in range(min(many, 19)):  # twenty at most
        create_key(scene.alicia, f"Clave {next(_serial)}")
    return reverse("party:lotes_claves")


def _inbox(scene: Any, many: int) -> str:
    files = [
        (f"{n}.xml", scene.invoice(f"AAAAAAAA-0000-4000-8000-{next(_serial):012d}", f"{n + 1}.00")) for n in range(many)
    ]
    receive_many(files, scene.libros, scene.alicia)
    return reverse("party:cfdi")


def _books(page: str) -> Callable[[Any, int], str]:
    def made(scene: Any, many: int) -> str:
        office = Cargo.objects.get(clave="DL")
        for n in range(many):
            make_books(scene.etapa, scene.partido, office, f"{scene.etapa.pk}-{next(_serial)}", f"Otra {n}")
        return reverse(page)

    return made


SHEETS: dict[str, Callable[[Any, int], str]] = {
    "aportante": _donor,
    "balanza": _balance,
    "banco, estados": _statements,
    "banco, libros": _bank("libros"),
    "banco, banco": _bank("banco"),
    "banco, propuestas": _bank("propuestas"),
    "bandeja": _inbox,
    "borrador": _draft,
    "borradores": _drafts,
    "claves": _keys,
    "contabilidades": _books("party:contabilidades"),
    "contabilidades, hoy": _books("party:home"),
    "contabilidades, captura": _books("party:captura"),
    "contabilidades, aportación": _books("party:aportacion_nueva"),
    "contabilidades, informes": _books("party:informes"),
    "contabilidades, firma de varios": _books("party:firmar"),
    "cuenta": _bank_account,
    "folios": _series,
    "kárdex": _kardex,
    "lote": _lot,
    "plantillas": _templates,
    "póliza": _poliza,
    "proveedor": _supplier,
    "serie": _serie,
}
"""Name of each: what makes so many rows more of it and returns its page."""

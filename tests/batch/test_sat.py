"""SAT's contabilidad electrónica: pólizas become a lot, catálogo and balanza are compared, hostile XML is refused."""

import io
from datetime import date
from typing import Any

import pytest

from batch.lots import sat_polizas
from public_data import public
from sif.batch.conta import Comparacion, keep_conta, pending_accounts, put_equivalences, read_conta, set_equivalences
from sif.batch.models import Lote
from sif.batch.sat import read_document
from sif.batch.selectors import counts_of
from sif.batch.services import Recibido, apply_lote, drop_unread
from sif.books.models import Poliza
from sif.values import Refused
from small_world import LEAFLETS, PAYABLE, PETROL, World, world

__all__ = ["world"]
DAY = date(2024, 4, 10)
LINES = [("601-01", "Volantes", "100.00", "0.00"), (PAYABLE, "Proveedores", "0.00", "100.00")]
SPACE = "http://www.sat.gob.mx/esquemas/ContabilidadE/1_3"


def receive(world: World, data: bytes) -> Any:
    """Drop it in the world's books and read what was kept."""
    got = keep_conta(world.books, ("conta.xml", [data]), world.clerk)
    if isinstance(got, Recibido):
        try:
            read_conta(got.lote, world.clerk)
        except Refused:
            drop_unread(got.lote.pk)
            raise
    return got


def balance(rows: str, rfc: str = "PAM140101AB1") -> bytes:
    """A trial balance of April 2024."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><BCE:Balanza xmlns:BCE="{SPACE}/BalanzaComprobacion" Version="1.3" '
        f'RFC="{rfc}" Mes="04" Anio="2024" TipoEnvio="N">{rows}</BCE:Balanza>'
    ).encode()


def chart(rows: str) -> bytes:
    """A catalogue."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><c:Catalogo xmlns:c="{SPACE}/CatalogoCuentas" Version="1.3" '
        f'RFC="PAM140101AB1" Mes="04" Anio="2024">{rows}</c:Catalogo>'
    ).encode()


@pytest.mark.parametrize("version", ["1.1", "1.3"])
def test_polizas_become_a_lot_whose_accounts_are_said_once(world: World, version: str) -> None:
    got = receive(world, sat_polizas("PAM140101AB1", DAY, LINES, version))
    assert isinstance(got, Recibido)
    lote = got.lote
    [bad] = lote.filas.exclude(problemas=[])
    assert (bad.fila, bad.problemas[0]["columna"], bad.celdas["cuenta"]) == (1, "cuenta", "601-01")
    good = lote.filas.get(fila=2)
    assert (good.celdas["periodo"], good.celdas["subtipo"], good.celdas["auxiliar_id"]) == ("1", "DR", "IPR150312Q47")
    [asked] = pending_accounts(lote)
    assert (asked.externa, asked.nombre, asked.cuenta_id) == ("601-01", "Volantes", None)
    with pytest.raises(Refused):
        set_equivalences(lote, {"601-01": "5-5-01-00-0000"}, world.clerk)
    put_equivalences(lote, set_equivalences(lote, {"601-01": LEAFLETS}, world.clerk), world.clerk)
    assert counts_of(lote).malas == 0
    assert apply_lote(lote, world.clerk).cosas == 1
    put_equivalences(lote, set_equivalences(lote, {"601-01": PETROL}, world.clerk), world.clerk)
    assert lote.filas.get(fila=1).celdas["cuenta"] == LEAFLETS, "lo aplicado dice lo que se registró"
    set_equivalences(lote, {"601-01": LEAFLETS}, world.clerk)
    again = receive(world, sat_polizas("PAM140101AB1", DAY, LINES, version))
    assert (again.nuevo, again.lote.pk) == (False, lote.pk)
    next_month = receive(world, sat_polizas("PAM140101AB1", DAY, LINES, version, number="D-2"))
    assert counts_of(next_month.lote).malas == 0
    assert Poliza.objects.count() == 1


def test_money_in_and_out_of_banks_gives_the_subtype(world: World) -> None:
    lines = [("1-1-02-00-0000", "Bancos", "0.00", "50.00"), (PAYABLE, "Proveedores", "50.00", "0.00")]
    lote = receive(world, sat_polizas("PAM140101AB1", DAY, lines)).lote
    assert {row.celdas["subtipo"] for row in lote.filas.all()} == {"EG"}


def test_the_balance_is_compared_to_the_cent(world: World) -> None:
    from sif.books.services import post_poliza

    post_poliza(world.expense("1000.00"), world.clerk)
    rows = (
        f'<BCE:Ctas NumCta="{LEAFLETS}" SaldoIni="0.00" Debe="1000.00" Haber="0.00" SaldoFin="1000.00"/>'
        '<BCE:Ctas NumCta="2-1-00-00-0000" SaldoIni="0.00" Debe="0.00" Haber="1000.00" SaldoFin="999.99"/>'
        '<BCE:Ctas NumCta="999" SaldoIni="0.00" Debe="0.00" Haber="0.00" SaldoFin="0.00"/>'
    )
    got = receive(world, balance(rows))
    assert isinstance(got, Comparacion)
    told = {row.externa or row.cuenta: (row.iguales, bool(row.cuenta), bool(row.externa)) for row in got.filas}
    assert told == {
        LEAFLETS: (True, True, True),
        "2-1-00-00-0000": (False, True, True),
        "999": (False, False, True),
        PAYABLE: (False, True, False),
    }
    [near] = [row for row in got.filas if row.externa == "2-1-00-00-0000"]
    assert near.archivo and near.libros and (near.archivo[2] - near.libros[2]).centavos == -1
    assert not got.filas[0].iguales
    assert not Lote.objects.exists()


def test_the_catalogue_is_compared(world: World) -> None:
    rows = "".join(
        f'<c:Ctas CodAgrup="101.01" NumCta="{number}" Desc="Cuenta" Nivel="1" Natur="D"/>'
        for number in (LEAFLETS, "77")
    )
    got = receive(world, chart(rows))
    assert [(row.externa, row.iguales) for row in got.filas] == [("77", False), (LEAFLETS, True)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "tipo"),
        (b'<?xml version="1.0"?><cfdi:Comprobante xmlns:cfdi="http://www.sat.gob.mx/cfd/4"/>', "no_es_sat"),
        (sat_polizas("PAM140101AB1", DAY, LINES)[:-30], "xml"),
        (sat_polizas("PRI140101AB1", DAY, LINES), "ajeno"),
        (sat_polizas("PAM140101AB1", DAY, LINES).replace(b'Debe="100.00"', b'Debe="0.005"'), "importe"),
        (sat_polizas("PAM140101AB1", DAY, LINES).replace(b'Version="1.3"', b'Version="2.0"'), "version"),
        (sat_polizas("PAM140101AB1", DAY, LINES).replace(b"2024-04-10", b"2024-02-31"), "xml"),
        (b"poliza_tmp\n1\n", "tipo"),
    ],
)
def test_what_is_not_its_own_sound_xml_is_refused(world: World, data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        receive(world, data)
    assert refused.value.problems[0].codigo == code
    assert not Lote.objects.exists()


def test_a_doctype_behind_a_long_comment_is_refused_too() -> None:
    late = b'<?xml version="1.0"?><!--' + b"x" * 5000 + b'--><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    with pytest.raises(Refused, match="declara un DOCTYPE") as refused:
        read_document(io.BytesIO(late))
    assert refused.value.problems[0].donde == "prólogo"


def test_the_samples_of_others_are_read_or_told(world: World) -> None:
    """They are of nobody: the first thing told is whose they say to be."""
    for name in ("CatalogoCuentas.xml", "balanza.xml", "poliza.xml"):
        data = public("cfdi", "satcfdi", "conta", name).read_bytes()
        with pytest.raises(Refused) as refused:
            receive(world, data)
        assert refused.value.problems[0].codigo == "ajeno"
    world.books.sujeto.rfc = ""
    sample = public("cfdi", "satcfdi", "conta", "balanza.xml").read_bytes()
    with pytest.raises(Refused, match=r"línea 2.*noCertificado.*17"):
        receive(world, sample)
    cured = sample.replace(b"nocertificado3333", b"00001000000504465028")
    assert {row.externa for row in receive(world, cured).filas} == {"NumCta1", "NumCta3"}

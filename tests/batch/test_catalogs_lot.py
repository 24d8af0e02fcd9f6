"""Every kind of catalogue is loaded through its own service: all of it or none, and not twice."""

from datetime import datetime
from typing import Any

import pytest

from batch.lots import csv_of
from sif.batch import kinds, review
from sif.batch.kinds import load_kinds
from sif.batch.models import Lote, PolizaCargada
from sif.batch.selectors import counts_of
from sif.batch.services import apply_lote, fix_cells, receive_lote
from sif.books.models import Aportacion, AvisoContratacion, Cep, Contrato, ReciboRepap
from sif.catalogs.models import ActivoFijo, Articulo, CasaCampana, Evento, FichaProveedor, PersonaSujeto
from sif.law.sources import LawDataError
from sif.registry import clock
from sif.registry.models import Aportante, CuentaBancaria
from sif.values import Refused
from small_world import ZONE, World, world

__all__ = ["world"]
CURP = "GOVH800101MDFMLR03"
PEOPLE = ["Hortensia Gómez", "repap", CURP, "", "", "Calle 5", "01/04/2024", ""]
GOOD: dict[str, tuple[type, list[str]]] = {
    "proveedores": (FichaProveedor, ["ÑU&010203AB1", "Ñandú & Asociados", "", "Laura", "Juárez 1", ""]),
    "aportantes": (Aportante, ["Ana Núñez", "NUIA800101AB5", "", ""]),
    "cuentas_bancarias": (CuentaBancaria, ["012180001234567899", "campana", "01/04/2024", "", "Toluca", "sí"]),
    "personas": (PersonaSujeto, PEOPLE),
    "casas": (
        CasaCampana,
        ["Casa", "arrendamiento", "Juan", "MEX", "Toluca", "Juárez 1", "01/04/2024", "30/05/2024", "24000.00", ""],
    ),
    "eventos": (
        Evento,
        ["Arranque", "publico", "sí", "20/04/2024", "17:00", "19:00", "MEX", "Toluca", "Plaza", "Rosa"],
    ),
    "avisos": (
        AvisoContratacion,
        ["IPR150312Q47", "Volantes", "14/04/2024", "20/04/2024", "116000.00", "A 30 días", "", ""],
    ),
    "articulos": (Articulo, ["LON-3X2", "Lona", "pieza", "electoral"]),
    "activos": (
        ActivoFijo,
        ["AF-1", "Computadora", "1-2-05-00-0000", "10/04/2024", "18500.00", "40", "Casa centro", "Juan"],
    ),
    "repap": (
        ReciboRepap,
        ["R-1", CURP, "Volanteo", "10/04/2024", "12/04/2024", "1500.00", "transferencia", "13/04/2024"],
    ),
    "cep": (Cep, ["C-1", CURP, "casilla", "0123 B", "sí", "800.00", "transferencia", "13/04/2024"]),
    "recibos": (
        Aportacion,
        ["RSEF-1", "NUIA800101AB5", "simpatizante", "transferencia", "10/04/2024", "2500.00", "002180000000000009", ""],
    ),
}
BEFORE = {
    "repap": [("personas", PEOPLE)],
    "cep": [("personas", [PEOPLE[0], "representante", *PEOPLE[2:]])],
    "recibos": [("aportantes", GOOD["aportantes"][1])],
}


def load(world: World, kind: str, *rows: list[str]) -> Lote:
    """Receive rows of a kind in the world's books."""
    head = load_kinds("mx")[kind].nombres
    return receive_lote(world.books, kind, ("lote.csv", [csv_of(*rows, head=head)]), world.clerk).lote


def test_every_kind_is_tried_here() -> None:
    assert set(GOOD) == set(load_kinds("mx")) - {"polizas"}


@pytest.mark.parametrize("kind", list(GOOD))
def test_each_kind_is_applied_and_the_same_row_is_not_applied_again(world: World, kind: str) -> None:
    model, row = GOOD[kind]
    for needed, values in BEFORE.get(kind, []):
        apply_lote(load(world, needed, values), world.clerk)
    before = model._default_manager.count()
    lote = load(world, kind, row)
    assert [p for each in lote.filas.all() for p in each.problemas] == []
    assert model._default_manager.count() == before  # the trial of the preview left nothing
    apply_lote(lote, world.clerk)
    assert model._default_manager.count() == before + 1
    again = load(world, kind, row, row)
    assert counts_of(again).malas >= 1
    with pytest.raises(Refused):
        apply_lote(again, world.clerk)
    assert model._default_manager.count() == before + 1


def test_a_catalogue_is_applied_whole_or_not_at_all(world: World) -> None:
    good = GOOD["proveedores"][1]
    generic, twice = ["XAXX010101000", "Genérico", "", "", "", ""], [*good[:1], "Otra", "", "", "", ""]
    lote = load(world, "proveedores", good, generic, twice)
    told = {row.fila: [(p["columna"], p["codigo"]) for p in row.problemas] for row in lote.filas.order_by("fila")}
    assert told == {2: [], 3: [("rfc", "rfc")], 4: [("rfc", "repetido")]}
    with pytest.raises(Refused):
        apply_lote(lote, world.clerk)
    assert not FichaProveedor.objects.exists()
    fix_cells(lote, 3, {"rfc": "AAA010203AB1"}, world.clerk)
    fix_cells(lote, 4, {"rfc": "BBB010203AB1"}, world.clerk)
    assert apply_lote(lote, world.clerk).cosas == 3
    with pytest.raises(Refused, match="Ya se aplicó"):
        fix_cells(lote, 3, {"nombre": "Otro"}, world.clerk)


def test_an_error_that_is_no_refusal_is_not_told_as_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object) -> str:
        raise ValueError("algo que nadie previó")

    lote = load(world, "articulos", ["BAN-1", "Bandera", "pieza", "utilitaria"])
    monkeypatch.setattr(review, "apply_row", broken)
    with pytest.raises(ValueError, match="algo que nadie previó"):
        apply_lote(lote, world.clerk)
    assert lote.filas.get().problemas == []


@pytest.mark.parametrize("wrong", [{"tipo": "color"}, {"tipo": "opcion"}, {"tipo": "texto", "opciones": ["a", "b"]}])
def test_a_column_of_no_known_type_is_refused_when_its_kind_is_read(wrong: dict[str, Any]) -> None:
    good = {"nombre": "clave", "tipo": "texto", "ayuda": "La clave"}
    assert kinds._column(good, "lotes.yaml, x").tipo == "texto"
    with pytest.raises(LawDataError, match=r"lotes\.yaml, x, clave: el tipo «\w+» no se conoce"):
        kinds._column({**good, **wrong}, "lotes.yaml, x")


def test_what_changed_after_the_preview_undoes_everything(world: World) -> None:
    lote = load(world, "articulos", GOOD["articulos"][1], ["BAN-1", "Bandera", "pieza", "utilitaria"])
    other = load(world, "articulos", ["BAN-1", "Bandera", "pieza", "utilitaria"])
    apply_lote(other, world.clerk)
    with pytest.raises(Refused):
        apply_lote(lote, world.clerk)
    assert [each.clave for each in Articulo.objects.all()] == ["BAN-1"]
    assert lote.filas.get(fila=3).problemas


def test_a_receipt_posts_its_poliza_with_its_folio(world: World) -> None:
    apply_lote(load(world, "aportantes", GOOD["aportantes"][1]), world.clerk)
    apply_lote(load(world, "recibos", GOOD["recibos"][1]), world.clerk)
    [gift] = Aportacion.objects.all()
    assert (gift.folio, gift.monto, gift.poliza.subtipo, gift.poliza.total) == ("RSEF-1", 250_000, "IG", 250_000)
    assert PolizaCargada.objects.get().externo == "recibos|RSEF-1"


def test_a_receipt_told_wrong_says_its_column(world: World) -> None:
    row = [*GOOD["recibos"][1]]
    row[1], row[4] = "NADIE", "10/01/2023"
    lote = load(world, "recibos", row)
    assert {p["columna"] for each in lote.filas.all() for p in each.problemas} == {"aportante", "fecha"}


def test_a_contract_is_not_registered_twice_by_another_file(world: World) -> None:
    with clock.at(datetime(2024, 4, 15, 13, tzinfo=ZONE)):
        apply_lote(load(world, "avisos", GOOD["avisos"][1]), world.clerk)
        assert load(world, "avisos", [*GOOD["avisos"][1][:6], "", "10 %"]).filas.get().problemas
    assert Contrato.objects.count() == 1

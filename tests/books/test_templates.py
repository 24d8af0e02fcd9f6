"""Templates of frequent entries: kept without what belongs to one day, by whoever captures for the subject."""

from typing import Any

import pytest

from sif.books.models import Plantilla
from sif.books.services import rename_plantilla, retire_plantilla, save_plantilla
from sif.values import Refused
from small_world import World

CONTENT: dict[str, Any] = {
    "ventana": "1:normal",
    "subtipo": "EG",
    "clase": "ordinaria",
    "fecha": "10/04/2024",
    "concepto": "Renta",
    "lineas": [{"cuenta": "5-5-01-03-0000", "auxiliar": "X", "concepto": "", "cargo": "100.00", "abono": ""}],
    "pago": {"medio": "transferencia", "fecha": "10/04/2024", "monto": "100.00", "proveedor": "X"},
    "evidencias": [{"clase": "otra", "nombre": "a", "sha256": "0"}],
    "version": 3,
}


def test_a_template_keeps_lines_and_no_day(world: World) -> None:
    kept = save_plantilla(world.party, "  Renta   de la casa ", CONTENT, world.clerk)
    assert kept.nombre == "Renta de la casa"
    assert kept.contenido["lineas"][0]["cargo"] == "100.00"
    assert kept.contenido["pago"] == {"medio": "transferencia", "fecha": "", "monto": "100.00", "proveedor": "X"}
    assert not {"fecha", "ventana", "evidencias", "version"} & set(kept.contenido)


def test_two_do_not_share_a_name_until_one_is_retired(world: World) -> None:
    first = save_plantilla(world.party, "Renta", CONTENT, world.clerk)
    with pytest.raises(Refused, match="Ya hay una plantilla «Renta»"):
        save_plantilla(world.party, "Renta", CONTENT, world.clerk)
    second = save_plantilla(world.party, "Otra", CONTENT, world.clerk)
    with pytest.raises(Refused, match="Ya hay"):
        rename_plantilla(second, "Renta", world.clerk)
    retire_plantilla(first, world.clerk)
    assert rename_plantilla(Plantilla.objects.get(pk=second.pk), "Renta", world.clerk).nombre == "Renta"
    assert Plantilla.objects.count() == 2


@pytest.mark.parametrize(("name", "content"), [("", CONTENT), ("x" * 81, CONTENT), ("Vacía", {"lineas": []})])
def test_one_without_name_or_lines_is_refused(world: World, name: str, content: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        save_plantilla(world.party, name, content, world.clerk)
    assert not Plantilla.objects.exists()


def test_a_stranger_neither_keeps_nor_changes(world: World) -> None:
    kept = save_plantilla(world.party, "Renta", CONTENT, world.clerk)
    for act in (
        lambda: save_plantilla(world.party, "Suya", CONTENT, world.stranger),
        lambda: rename_plantilla(kept, "Suya", world.stranger),
        lambda: retire_plantilla(kept, world.stranger),
    ):
        with pytest.raises(PermissionError, match="otro sujeto"):
            act()

"""What SAT says of invoices, from a terminal: a file whole or not at all, and a service that is off by default."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from books.invoices import authority, invoice, mint
from public_data import public
from sif.books.estatus import with_estatus
from sif.books.models import Comprobante
from sif.books.services import receive_cfdi
from sif.catalogs.models import Lista69b, Situacion69b
from sif.commands.main import main
from small_world import World, world

__all__ = ["authority", "invoice", "mint", "world"]
FOLIO = "0A1B2C3D-0000-4000-8000-00000000ABCD"


@pytest.fixture(autouse=True)
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sif.commands.database.setup_django", lambda: None)


def _file(tmp_path: Path, text: str) -> str:
    path = tmp_path / "estatus.csv"
    path.write_text(text, encoding="utf-8-sig")
    return str(path)


def test_a_file_of_statuses_is_noted_whole_or_refused_by_row(
    world: World, invoice: Any, tmp_path: Path, capsys: Any
) -> None:
    receive_cfdi(invoice(), "f.xml", world.books, world.clerk)
    by = ["--por", world.clerk.username]
    bad = _file(tmp_path, f"uuid,estatus,al\n{FOLIO},Cancelado,2024-04-12\n{FOLIO},Cancelado,31/04/2024\n")
    assert main(["cfdi", "estatus", bad, *by]) == 1
    assert "fila 3, al" in capsys.readouterr().err
    assert with_estatus(Comprobante.objects.all()).get().estatus_sat == "desconocido"
    other = FOLIO.replace("ABCD", "ABCE")
    good = _file(tmp_path, f"uuid,estatus,al\n{FOLIO},Cancelado,2024-04-12\n{other},Vigente,2024-04-12\n")
    assert main(["cfdi", "estatus", good, *by]) == 0
    assert capsys.readouterr().out == "1 estatus anotados; 1 folios que ninguna bandeja conoce.\n"
    assert with_estatus(Comprobante.objects.all()).get().estatus_sat == "cancelado"
    assert main(["cfdi", "estatus", good, "--por", "nadie"]) == 2
    assert main(["cfdi", "estatus", str(tmp_path / "no.csv"), *by]) == 2


def test_asking_sat_is_off_until_its_address_is_given_and_silence_is_told(
    world: World, invoice: Any, settings: Any, capsys: Any
) -> None:
    receive_cfdi(invoice(), "f.xml", world.books, world.clerk)
    words = ["cfdi", "consultar-sat", "--por", world.clerk.username]
    assert main(words) == 1
    assert "apagada" in capsys.readouterr().err
    settings.SAT_ESTATUS = "http://127.0.0.1:9/nadie"
    assert main(words) == 1
    assert capsys.readouterr().out == "0 estatus anotados; 1 sin respuesta, que siguen como estaban.\n"
    assert main([*words, "--maximo", "0"]) == 0
    assert main(["cfdi", "consultar-sat", "--por", "nadie"]) == 2


def test_the_real_list_of_69b_is_loaded_by_the_authority_as_sat_publishes_it(
    world: World, tmp_path: Path, capsys: Any
) -> None:
    path = public("sat", "69b", "Listado_Completo_69-B_muestra.csv")
    words = ["listas", "69b", str(path), "--publicada", "2021-05-18"]
    assert main([*words, "--por", world.clerk.username]) == 1
    assert "la carga la autoridad" in capsys.readouterr().err
    assert main([*words, "--por", world.auditor.username]) == 0
    lista = Lista69b.objects.get()
    assert capsys.readouterr().out == (
        f"Lista del artículo 69-B publicada el 18/05/2021: {lista.renglones:,} contribuyentes.\n"
    )
    row = Situacion69b.objects.get(lista=lista, rfc="AAA080808HL8")
    assert (row.nombre, row.situacion, row.presunto_el, row.favorable_el) == (
        "ASESORES EN AVALÚOS Y ACTIVOS, S.A. DE C.V.", "favorable", date(2018, 6, 1), date(2019, 3, 5),
    )  # fmt: skip
    assert main([*words, "--por", world.auditor.username]) == 0
    assert Lista69b.objects.count() == 1
    torn = tmp_path / "torn.csv"
    torn.write_bytes(path.read_bytes().replace("Situación del contribuyente".encode("latin-1"), b"Otra"))
    assert main(["listas", "69b", str(torn), "--publicada", "2021-06-18", "--por", world.auditor.username]) == 1
    assert "Faltan columnas: situacion" in capsys.readouterr().err
    assert main([*words, "--por", "nadie"]) == 2
    with pytest.raises(SystemExit):
        main(["listas", "69b", str(path), "--publicada", "31/02/2021", "--por", world.auditor.username])

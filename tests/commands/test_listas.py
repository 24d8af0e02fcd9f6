"""`sif listas`: every row of the list is loaded as SAT publishes it, and a taxpayer stands as its latest row says."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from public_data import public
from sif.catalogs.models import Acto69b, Lista69b, Situacion69b
from sif.catalogs.selectors.listed import listed_on
from sif.commands.main import main
from sif.registry import clock
from small_world import MOMENT, World, world

__all__ = ["world"]
HEAD = (
    "No,RFC,Nombre del Contribuyente,Situación del contribuyente,Publicación página SAT presuntos,"
    "Publicación DOF presuntos,Publicación página SAT desvirtuados,Publicación página SAT definitivos,"
    "Publicación página SAT sentencia favorable"
)
TITLES = f"Información actualizada al 18 de mayo de 2021,,,,,,,,\nListado completo,,,,,,,,\n{HEAD}\n"
REPEATED = (
    "1,AAA080808HL8,UNO S.A.,Definitivo,01/02/2016,,,01/06/2016,\n"  # line 4
    "2,BBB080808HL8,DOS S.A.,Presunto,,03/04/2019,,,\n"
    "3,AAA080808HL8,UNO S.A. DE C.V.,Sentencia Favorable,01/02/2016,,,01/06/2016,14-08-19 // 20/09/2018\n"
    "4,BBB080808HL8,DOS S.A.,Definitivo,01/01/2015,,,05/05/2015,\n"
    "5,XXXXXXXXXXXX,TACHADA,Definitivo,01/01/2015,,,05/05/2015,\n"
    "6,CCC080808HL8,TRES S.A.,Desvirtuado,01/01/2017,,,,\n"
    "7,SIN RFC,CUATRO,Presunto,01/01/2017,,,,\n"
)


@pytest.fixture
def sif(world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    monkeypatch.setattr("sif.commands.database.setup_django", lambda: None)

    def run(*words: str, rc: int = 0) -> Any:
        assert main(["listas", *map(str, words)]) == rc
        out, err = capsys.readouterr()
        if rc:
            assert out == ""
            return err
        assert err == ""
        return json.loads(out) if "--json" in words else out

    return run


def write(tmp_path: Path, rows: str, titles: str = TITLES) -> str:
    path = tmp_path / "69b.csv"
    path.write_bytes((titles + rows).encode("latin-1"))
    return str(path)


def test_every_row_is_told_and_repeats_keep_the_state_of_the_latest(sif: Callable[..., Any], tmp_path: Path) -> None:
    said = sif("cargar", "69b", write(tmp_path, REPEATED), "--json")
    assert said == {
        "renglones": 7,
        "contribuyentes": 3,
        "repetidos": 2,
        "descartados": [
            {"renglon": 8, "motivo": "El SAT tachó el RFC: no dice de quién es."},
            {"renglon": 10, "motivo": "«SINRFC» no es un RFC."},
        ],
    }
    states = {row.rfc: (row.situacion, row.renglon, row.nombre) for row in Situacion69b.objects.all()}
    assert states == {
        "AAA080808HL8": ("favorable", 6, "UNO S.A. DE C.V."),
        "BBB080808HL8": ("presunto", 5, "DOS S.A."),  # of 2019, by the DOF: later than its definitive of 2015
        "CCC080808HL8": ("desvirtuado", 9, "TRES S.A."),
    }
    assert Acto69b.objects.count() == 11
    lista = Lista69b.objects.get()
    assert (lista.publicada_el, lista.cargada_por) == (date(2021, 5, 18), None)


def test_a_taxpayer_is_asked_for_now_and_then(sif: Callable[..., Any], tmp_path: Path) -> None:
    assert "no se ha cargado ninguna lista" in sif("consultar", "AAA080808HL8", rc=1)
    sif("cargar", "69b", write(tmp_path, REPEATED))
    found = sif("consultar", "aaa080808hl8", "--json")
    assert found == {
        "rfc": "AAA080808HL8",
        "estado": "favorable",
        "desde": "2019-08-14",
        "historia": [
            {"estado": "presunto", "fecha": "2016-02-01"},
            {"estado": "definitivo", "fecha": "2016-06-01"},
            {"estado": "favorable", "fecha": "2018-09-20"},
            {"estado": "favorable", "fecha": "2019-08-14"},
        ],
    }
    then = sif("consultar", "AAA080808HL8", "--al", "2017-01-01", "--json")
    assert (then["estado"], then["desde"], len(then["historia"])) == ("definitivo", "2016-06-01", 2)
    before = sif("consultar", "AAA080808HL8", "--al", "2015-01-01", "--json")
    assert before == {"rfc": "AAA080808HL8", "estado": None, "desde": None, "historia": []}
    cleared = sif("consultar", "CCC080808HL8", "--json")  # its row gives no day to its situation: that of the list
    assert (cleared["estado"], cleared["desde"]) == ("desvirtuado", "2021-05-18")
    assert sif("consultar", "CCC080808HL8", "--al", "2021-05-17", "--json")["estado"] == "presunto"
    assert sif("consultar", "ZZZ080808HL8", "--json")["estado"] is None
    assert "no estaba en la lista" in sif("consultar", "ZZZ080808HL8")
    assert "sentencia favorable desde el 14/08/2019" in sif("consultar", "AAA080808HL8")
    assert "no tiene la forma" in sif("consultar", "AAA0808O8HL8", rc=2)
    assert listed_on(["BBB080808HL8"], date(2024, 1, 1))["BBB080808HL8"].publicada_el == date(2019, 4, 3)  # type: ignore[index]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("1,AAA080808HL8,UNO,Malo,,,,,", "fila 4, Situación del contribuyente: «Malo» no es una situación"),
        (
            "1,AAA080808HL8,UNO,Presunto,31/02/2016,,,,",
            "fila 4, Publicación página SAT presuntos: «31/02/2016» no es un",
        ),
        (
            "1,AAA080808HL8,UNO,Presunto,1 de mayo,,,,",
            "fila 4, Publicación página SAT presuntos: «1 de mayo» no es una",
        ),
        ("1,AAA080808HL8,UNO,Presunto,01/02/2016 (nota),,,,", "no es una fecha dd/mm/aaaa"),
        ("1,AAA080808HL8,UNO,Presunto,,x,,,", "fila 4, Publicación DOF presuntos: «x» no es una fecha"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_enters(
    sif: Callable[..., Any], tmp_path: Path, row: str, told: str
) -> None:
    assert told in sif("cargar", "69b", write(tmp_path, f"{row}\n"), rc=1)
    assert not Lista69b.objects.exists()


def test_the_day_of_a_list_is_that_of_its_file(sif: Callable[..., Any], tmp_path: Path) -> None:
    silent = write(tmp_path, REPEATED, f"Listado,,,,\n{HEAD}\n")
    assert "El archivo no dice de qué día es." in sif("cargar", "69b", silent, rc=1)
    assert "no ha llegado" in sif("cargar", "69b", silent, "--publicada", "2999-01-01", rc=1)
    sif("cargar", "69b", silent, "--publicada", "2021-05-19")
    told = write(tmp_path, REPEATED)
    assert "el archivo dice 18/05/2021" in sif("cargar", "69b", told, "--publicada", "2021-05-20", rc=1)
    in_figures = write(tmp_path, REPEATED, f"Información actualizada al 17/05/2021,,,,\n{HEAD}\n")
    sif("cargar", "69b", in_figures)
    other = write(tmp_path, REPEATED[: REPEATED.index("3,")], f"Información actualizada al 17/05/2021,,,,\n{HEAD}\n")
    assert "Ya hay una lista publicada el 17/05/2021 y es otra" in sif("cargar", "69b", other, rc=1)
    assert sorted(each.publicada_el.day for each in Lista69b.objects.all()) == [17, 19]
    with clock.at(MOMENT):
        earlier = sif("consultar", "AAA080808HL8", "--al", "2021-05-18", "--json")
    assert earlier["estado"] == "favorable"  # by the list of the 17th


def test_the_real_list_is_loaded_by_the_authority_as_sat_publishes_it(
    sif: Callable[..., Any], world: World, tmp_path: Path
) -> None:
    path = public("sat", "69b", "Listado_Completo_69-B_muestra.csv")
    words = ("cargar", "69b", str(path))
    assert "la carga la autoridad" in sif(*words, "--por", world.clerk.username, rc=1)
    said = sif(*words, "--por", world.auditor.username, "--json")
    rows = said["contribuyentes"] + said["repetidos"] + len(said["descartados"])
    assert (said["renglones"], rows, said["repetidos"]) == (200, 200, 1)
    # its favourable ruling stands after in the file, and is older than what made it definitive again
    twice = sif("consultar", "AAS110331G59", "--json")
    assert (twice["estado"], twice["desde"], len(twice["historia"])) == ("definitivo", "2020-06-19", 5)
    assert sif("consultar", "AAS110331G59", "--al", "2020-01-31", "--json")["estado"] == "favorable"
    lista = Lista69b.objects.get()
    assert (lista.publicada_el, lista.cargada_por) == (date(2021, 5, 18), world.auditor)
    row = Situacion69b.objects.get(lista=lista, rfc="AAA080808HL8")
    assert (row.nombre, row.situacion, row.presunto_el, row.favorable_el) == (
        "ASESORES EN AVALÚOS Y ACTIVOS, S.A. DE C.V.",
        "favorable",
        date(2018, 6, 1),
        date(2019, 3, 5),
    )
    again = sif(*words, "--por", world.auditor.username, "--json")
    assert (again, Lista69b.objects.count()) == (said, 1)
    torn = tmp_path / "torn.csv"
    torn.write_bytes(path.read_bytes().replace("Situación del contribuyente".encode("latin-1"), b"Otra"))
    assert "Faltan columnas: situacion" in sif("cargar", "69b", str(torn), rc=1)
    sif(*words, "--por", "nadie", rc=2)
    sif("cargar", "69b", str(tmp_path / "no.csv"), rc=2)
    with pytest.raises(SystemExit):
        main([*("listas", *words), "--publicada", "31/02/2021"])

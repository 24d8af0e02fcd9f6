"""`sif historico cargar`: the totals of a past process are kept from its public file, and never become books."""

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from public_data import public
from sif.commands.main import main
from sif.disclosure import history_reading
from sif.disclosure.history import accounts_of, heads_of, standing, totals_of, withdraw_history
from sif.disclosure.models import CargaHistorica, CuentaHistorica
from sif.registry.models import Contabilidad, Etapa, Nombramiento, Proceso
from sif.registry.scope import everything
from sif.registry.services import appoint, create_usuario
from sif.values import Money, Refused
from sif.values.money import MOST

HEAD = "PROCESO,AMBITO,ESTADO ELECCION,SUBNIVEL ENTIDAD,CARGO,TIPO ASOCIACION,SUJETO OBLIGADO,SIGLAS,NOMBRE COMPLETO"
LOCAL = (
    f"{HEAD},FECHA INICIO PROCESO,FECHA FIN PROCESO,TOPE DE GASTOS,PROPAGANDA,PROPAGANDA UTILITARIA,TOTAL GASTOS\n"
    "PRELO 20/21,LOCAL,COLIMA,,GUBERNATURA,C,PARTIDO UNO,PU,ANA LUNA,05/03/2021,02/06/2021,1000,900.50,200,1100.50\n"
    "PRELO 20/21,LOCAL,COLIMA,,GUBERNATURA,CI,INDEPENDIENTE,CI,EVA RÍO,05/03/2021,02/06/2021,0,-10,50,40\n"
    "PRELO 20/21,LOCAL,COLIMA,,GUBERNATURA,C,PARTIDO DOS,PD,IRIS MAR,05/03/2021,02/06/2021,,,,\n"
    "PRELO 20/21,LOCAL,COLIMA,,ALCALDÍA,C,PARTIDO DOS,PD,LUZ SOL,06/03/2021,01/06/2021,100.005,100.01,,100.02\n"
)


@pytest.fixture
def sif(db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    monkeypatch.setattr("sif.commands.database.setup_django", lambda: None)

    def run(*words: object, rc: int = 0) -> Any:
        assert main(["historico", "cargar", *map(str, words)]) == rc
        out, err = capsys.readouterr()
        if rc:
            assert out == ""
            return err
        return json.loads(out) if "--json" in words else out

    return run


def write(tmp_path: Path, text: str, name: str = "local.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="latin-1")
    return path


def test_the_public_file_of_2021_loads_as_a_past_process(sif: Callable[..., Any]) -> None:
    path = next(public("ine", "portal-2021").glob("*.csv"))
    said = sif(path, "--json")
    assert said == {
        "cuentas": 2203,
        "gasto": "1281257364.50",
        "sobre_tope": [],
        "sin_tope": 0,
        "ajustes_negativos": 1,
    }
    carga = standing().get()
    assert (carga.clave, carga.ambito, carga.inicia_el, carga.termina_el, carga.cargada_por) == (
        "PREFO-CAM-20/21",
        "federal",
        date(2021, 4, 4),
        date(2021, 6, 2),
        None,
    )
    assert (carga.redondeados, carga.descuadrados) == (0, 0)
    totals = totals_of(carga)
    assert (totals.cuentas, totals.gasto, totals.topes) == (2203, Money(128_125_736_450), Money(2203 * 164_818_900))
    assert (totals.ingresos, totals.determinado, totals.ajustes_negativos) == (None, None, 1)
    spent, _earned = heads_of(carga)
    assert sum(each.centavos for each in spent.values()) == 128_125_736_450
    assert not Contabilidad.objects.exists() and not Proceso.objects.exists() and not Etapa.objects.exists()
    assert sif(path, "--json") == said
    assert "Ya estaba cargado: nada cambió." in sif(path)
    assert CuentaHistorica.objects.count() == 2203


def test_overruns_caps_of_zero_and_negative_adjustments_are_what_they_are(
    sif: Callable[..., Any], tmp_path: Path
) -> None:
    path = write(tmp_path, LOCAL)
    assert sif(path, "--json") == {
        "cuentas": 4,
        "gasto": "1240.52",
        "sobre_tope": [{"id": 2, "exceso_pb": 1005}, {"id": 5, "exceso_pb": 0}],
        "sin_tope": 2,
        "ajustes_negativos": 1,
    }
    carga = standing().get()
    assert (carga.redondeados, carga.descuadrados) == (1, 1)
    rows = {row.nombre: row for row in accounts_of(carga)}
    assert [(name, row.exceso_pb, row.tope) for name, row in rows.items()] == [
        ("ANA LUNA", 1005, 100_000),
        ("EVA RÍO", None, 0),
        ("IRIS MAR", None, None),
        ("LUZ SOL", 0, 10_001),
    ]
    assert rows["EVA RÍO"].rubros == {"PROPAGANDA": -1000, "PROPAGANDA UTILITARIA": 5000}
    assert rows["IRIS MAR"].gasto is None
    totals = totals_of(carga)
    assert (totals.sobre_tope, totals.sin_tope, totals.topes_en_cero) == (2, 2, 1)
    text = sif(path)
    assert "2 sobre su tope; 2 sin tope o con tope de cero; 1 ajustes negativos." in text
    assert "2  ANA LUNA: 10.05 % sobre su tope" in text
    assert "1 importes traen fracciones de centavo" in text
    assert "1 cuentas tienen rubros que no suman su total" in text


def test_another_file_is_read_by_a_map(sif: Callable[..., Any], tmp_path: Path) -> None:
    made, stream = Workbook(), io.BytesIO()
    for row in (
        ["Anexo de ingresos y gastos"],
        ["No.", "Candidata", "Partido", "Ingreso", "Gasto reportado", "No reportado", "Cap", "Lonas", "Cuotas", "Fin"],
        [41, "ANA", "PU", 500.25, 300.1, 200, 400, 300.1, 500.25, 41274],
        ["42", "EVA", "PD", "1,000.00", "$20.00", None, 0, "20.00", -5, "01/07/2012"],
    ):
        made.active.append(row)
    made.save(stream)
    path, mapa = tmp_path / "anexo.xlsx", tmp_path / "columnas.yaml"
    path.write_bytes(stream.getvalue())
    assert "No se encontró la columna TOTAL GASTOS o TOTAL INGRESOS." in sif(path, "--json", rc=1)
    mapa.write_text(
        "id: No.\nnombre: Candidata\nsujeto: Partido\ningresos: Ingreso\ngasto: gasto reportado\ntope: Cap\n"
        "determinado: No reportado\nproceso: =PEF-2011-2012\nrubros: [Lonas]\norigenes:\n  - Cuotas\ntermina: Fin\n",
        encoding="utf-8",
    )
    assert sif(path, "--mapa", mapa, "--nombre", "Federal de 2012", "--json") == {
        "cuentas": 2,
        "gasto": "320.10",
        "sobre_tope": [{"id": "41", "exceso_pb": 2502}],
        "sin_tope": 1,
        "ajustes_negativos": 1,
    }
    carga = standing().get()
    assert (carga.clave, carga.nombre, carga.termina_el) == ("PEF-2011-2012", "Federal de 2012", date(2012, 12, 31))
    totals = totals_of(carga)
    assert (totals.ingresos, totals.determinado) == (Money(150_025), Money(20_000))
    assert heads_of(carga)[1] == {"Cuotas": Money(49_525)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (LOCAL.replace("900.50", "mucho"), "fila 2, PROPAGANDA: «mucho» no es un importe."),
        (LOCAL.replace("05/03/2021", "32/03/2021"), "fila 2, FECHA INICIO PROCESO: «32/03/2021» no es una fecha."),
        (LOCAL.replace("PRELO 20/21,LOCAL,COLIMA,,ALC", "OTRO,LOCAL,COLIMA,,ALC"), "fila 5, PROCESO: Dice «OTRO»"),
        (LOCAL.replace("PARTIDO UNO,PU,ANA LUNA", ",,"), "fila 2: El renglón no dice de quién es."),
        (LOCAL.replace("ANA LUNA", "A" * 201), "fila 2, NOMBRE COMPLETO: Tiene 201 letras y caben 200."),
        (LOCAL.split("\n")[0] + "\n", "El archivo no trae ninguna cuenta."),
        ("hola\n", "No se encontró la fila de títulos."),
        (LOCAL.replace("1100.50", "1e999"), "fila 2, TOTAL GASTOS: «1e999» no es un importe."),
        (LOCAL.replace("1100.50", "NaN"), "fila 2, TOTAL GASTOS: «NaN» no es un importe."),
        (LOCAL.replace("1100.50", "99000000000000"), "fila 2, TOTAL GASTOS: El importe 99,000,000,000,000.00 excede"),
        (LOCAL.replace("1100.50", "9e10").replace(",40\n", ",9e10\n"), "fila 3, TOTAL GASTOS: Con «9e10» los importes"),
        (LOCAL.replace("900.50,200", "9e10,9e10"), "fila 2, PROPAGANDA UTILITARIA: Con «9e10» los"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_enters(
    sif: Callable[..., Any], tmp_path: Path, text: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_reading, "MOST_MONEY", MOST)  # two amounts reach it, as a whole file would
    assert told in sif(write(tmp_path, text), "--json", rc=1)
    assert not CargaHistorica.objects.exists()


@pytest.mark.parametrize(
    ("mapa", "told"),
    [
        ("gasto: [", "línea 1: El mapa no es YAML legible."),
        ("- gasto", "no dice qué columna es cada dato"),
        ("gasto: TOTAL GASTOS\nmonto: X", "monto: No es un dato del mapa."),
        ("gasto: 3", "gasto: Su título no es un texto."),
        ("gasto: TOTAL GASTOS\nrubros: PROPAGANDA", "rubros: No es una lista de títulos."),
        ("gasto: TOTAL GASTOS\nnombre: Quién", "faltan: Quién."),
        ("nombre: NOMBRE COMPLETO", "faltan: TOTAL GASTOS o TOTAL INGRESOS."),
    ],
)
def test_a_map_that_is_wrong_says_where(sif: Callable[..., Any], tmp_path: Path, mapa: str, told: str) -> None:
    columns = tmp_path / "columnas.yaml"
    columns.write_text(mapa, encoding="utf-8")
    assert told in sif(write(tmp_path, LOCAL), "--mapa", columns, rc=1)


def test_a_later_file_of_the_process_replaces_and_one_is_withdrawn(sif: Callable[..., Any], tmp_path: Path) -> None:
    with everything():
        ana, eva = (create_usuario(name, name.title(), None) for name in ("ana", "eva"))
        appoint(ana, Nombramiento.Rol.ADMINISTRADOR)
    sif(write(tmp_path, LOCAL), "--por", "ana")
    first = standing().get()
    assert first.cargada_por == ana
    sif(write(tmp_path, LOCAL.replace("900.50", "900.51").replace("1100.50", "1100.51")), "--por", "ana")
    second = standing().get()
    assert (second.clave, second.pk != first.pk, CargaHistorica.objects.count()) == (first.clave, True, 2)
    assert "quien administra" in sif(write(tmp_path, LOCAL), "--por", "eva", rc=1)
    assert "no existe el usuario" in sif(write(tmp_path, LOCAL), "--por", "nadie", rc=2)
    assert "no se puede leer" in sif(tmp_path / "no.csv", rc=2)
    with everything(ana.pk):
        with pytest.raises(Refused, match="ya no está a la vista"):
            withdraw_history(first, "Error", ana)
        with pytest.raises(Refused, match="Falta el motivo"):
            withdraw_history(second, " ", ana)
        with pytest.raises(PermissionError):
            withdraw_history(second, "Error", eva)
        withdraw_history(second, "Es de otro  proceso", ana)
        assert not standing().exists()
        assert second.retirada.motivo == "Es de otro proceso"


def test_the_annex_of_income_is_known_by_its_titles(sif: Callable[..., Any], tmp_path: Path) -> None:
    text = (
        "Tipo de Proceso,Ámbito,Sujeto Obligado,Nombre Completo,Fecha Fin del Periodo,Aportaciones de militantes,"
        "Otros Ingresos,Total ingresos\nCAMPAÑA,FEDERAL,PU,ANA,43278,10,-2,8\nCAMPAÑA,FEDERAL,PU,EVA,43278,,5.5,5.50\n"
    )
    assert sif(write(tmp_path, text, "ingresos.csv"), "--json") == {
        "cuentas": 2,
        "gasto": "0.00",
        "sobre_tope": [],
        "sin_tope": 2,
        "ajustes_negativos": 1,
    }
    carga = standing().get()
    assert (carga.clave, carga.nombre) == ("CAMPAÑA-FEDERAL-2018", "CAMPAÑA-FEDERAL-2018")
    assert totals_of(carga).ingresos == Money(1350)

"""Loading candidacies: the real file loads whole; a bad row is told by number, column, code and cure."""

import argparse
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from public_data import public
from sif.commands import candidaturas as command
from sif.registry import candidaturas
from sif.registry.candidaturas import numbered, read_candidaturas
from sif.registry.loading import LoadReport, load_candidaturas
from sif.registry.models import Ambito, Candidatura, Contabilidad, Etapa, Nombramiento, Suceso, SujetoObligado
from sif.registry.process_models import AliasSujeto
from sif.registry.scope import everything
from sif.registry.services import appoint, create_etapa, create_proceso, create_usuario, register_sujeto

pytestmark = pytest.mark.django_db  # what each column is, somebody may have said
HEAD = (
    "PARTIDO_COALICION,CARGO,ENTIDAD,DISTRITO LOCAL,MUNICIPIO,NUM_LISTA_O_FORMULA,NOMBRE_CANDIDATO,TIPO_CANDIDATO,SEXO"
)
ROWS = (
    "PARTIDO ÁMBAR,GUBERNATURA,OAXACA,No aplica,No aplica,10,ANA LUNA,PROPIETARIA,MUJER",
    "VA POR OAXACA,DIPUTACIÓN LOCAL MR,OAXACA,3-TLAXIACO,No aplica,11,LUIS SOL,SUPLENTE,HOMBRE",
    "VA POR OAXACA,DIPUTACIÓN LOCAL MR,OAXACA,3-TLAXIACO,No aplica,11,IRIS MAR,PROPIETARIA,MUJER",
    "CANDIDATURA INDEPENDIENTE,PRESIDENCIA MUNICIPAL,OAXACA,No aplica,TLAXIACO,12,EVA RÍO,PROPIETARIA,MUJER",
)


def sheet(*rows: str) -> bytes:
    return "\n".join((HEAD, *rows)).encode()


@pytest.mark.parametrize(
    ("lugar", "said"),
    [
        ("1", ("1", "")),
        ("01", ("1", "")),
        ("1 Durango", ("1", "DURANGO")),
        ("01-Gómez Palacio", ("1", "GOMEZ PALACIO")),
        ("II", ("2", "")),
        ("XIV. Lerdo", ("14", "LERDO")),
        ("I Durango", ("", "I DURANGO")),  # a letter before a word may be a name
        ("Durango", ("", "DURANGO")),
        ("1a", ("", "1A")),
        ("IIII", ("", "IIII")),
        ("", ("", "")),
    ],
)
def test_the_number_of_a_district_is_read_where_it_is_evident(lugar: str, said: tuple[str, str]) -> None:
    assert numbered(lugar) == said


def test_a_file_is_read_up_to_its_limit_of_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    data = sheet(*ROWS)
    monkeypatch.setattr(candidaturas, "MAX_BYTES", len(data))
    assert not read_candidaturas(data, "mx").problemas
    [refused] = read_candidaturas(data + b"\n", "mx").problemas
    assert (refused.codigo, refused.cura) == ("grande", "Divídalo por entidad.")


def test_a_name_of_marks_that_are_not_seen_is_no_name() -> None:
    read = read_candidaturas(
        sheet(*ROWS, ROWS[0].replace("ANA LUNA", "\u200b\u3164"), ROWS[1].replace("LUIS", "\u200eL")), "mx"
    )
    assert [each.donde for each in read.problemas] == ["fila 6, NOMBRE_CANDIDATO"]


def test_who_stands_twice_for_one_office_is_told_whatever_the_folio() -> None:
    again = ROWS[0].replace(",10,", ",77,")
    assert [each.donde for each in read_candidaturas(sheet(*ROWS, again), "mx").problemas] == [
        "fila 6, NOMBRE_CANDIDATO"
    ]
    curp, other = (
        "ROZA800101MMCBPL09",
        "PARTIDO BRAVO,GUBERNATURA,OAXACA,No aplica,No aplica,78,ANA L.,PROPIETARIA,MUJER",
    )
    data = "\n".join((f"{HEAD},CURP", f"{ROWS[0]},{curp}", f"{other},{curp}")).encode()
    [told] = read_candidaturas(data, "mx").problemas
    assert (told.codigo, told.donde, told.mensaje) == (
        "repetida",
        "fila 3, CURP",
        "Es la misma candidatura de la fila 2.",
    )


@pytest.fixture
def etapa(db: None) -> Etapa:
    proceso = create_proceso(clave="PELO-2022", nombre="Locales", ambito=Ambito.LOCAL, anio=2022)
    return create_etapa(proceso, Etapa.Tipo.CAMPANA, date(2022, 4, 3), date(2022, 6, 1))


def loaded(source: Path | bytes, etapa: Etapa) -> LoadReport:
    """Load as the command does: by order of who operates the installation."""
    with everything():
        return load_candidaturas(source, etapa, "mx")


def known(data: bytes) -> None:
    """Register the parties and coalitions that a file names, as it names them."""
    names = {row.sujeto: row.sujeto_tipo for row in read_candidaturas(data, "mx").filas if not row.propio}
    for number, (name, kind) in enumerate(names.items(), 1):
        register_sujeto(kind, str(number), f"S{number}", name)


def test_the_real_file_loads_whole_and_once(etapa: Etapa) -> None:
    path = public("ine", "candidaturas-2021", "candidaturas_conoceles.csv")
    known(path.read_bytes())
    report = loaded(path, etapa)
    assert (report.buenas, report.malas, report.problemas) == (479, 0, ())
    assert Candidatura.objects.filter(etapa=etapa).count() == 479
    formulas = {row.formula for row in read_candidaturas(path.read_bytes(), "mx").filas}
    assert report.contabilidades == len(formulas) == Contabilidad.objects.count()
    assert Candidatura.objects.filter(cargo__clave="GUBERNATURA", contabilidad__isnull=False).count() == 27
    again = loaded(path, etapa)
    assert (again.buenas, again.malas, again.contabilidades) == (0, 479, 0)
    assert Contabilidad.objects.count() == len(formulas)


def test_the_books_are_of_the_titular_wherever_it_stands(etapa: Etapa) -> None:
    known(sheet(*ROWS))
    report = loaded(sheet(*ROWS), etapa)
    assert (report.buenas, report.contabilidades) == (4, 3)
    with everything():
        owners = list(
            Contabilidad.objects.order_by("candidatura__folio").values_list(
                "candidatura__folio", "candidatura__persona__nombre", "candidatura__territorio__nombre"
            )
        )
    assert owners == [("10", "ANA LUNA", "Oaxaca"), ("11", "IRIS MAR", "3-TLAXIACO"), ("12", "EVA RÍO", "TLAXIACO")]
    assert dict(SujetoObligado.objects.values_list("nombre", "tipo")) == {
        "PARTIDO ÁMBAR": "partido",
        "VA POR OAXACA": "coalicion",
        "EVA RÍO": "independiente",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators_of_offices_are_read(encoding: str, separator: str) -> None:
    data = sheet(*ROWS).decode().replace(",", separator).encode(encoding)
    read = read_candidaturas(data, "mx")
    assert (len(read.filas), read.problemas) == (4, ())
    assert read.filas[0].sujeto == "PARTIDO ÁMBAR"


@pytest.mark.parametrize(
    ("row", "code", "place"),
    [
        (",GUBERNATURA,OAXACA,,,10,ANA,PROPIETARIA,MUJER", "vacia", "fila 3, PARTIDO_COALICION"),
        ("P,REY,OAXACA,,,10,ANA,PROPIETARIA,MUJER", "cargo", "fila 3, CARGO"),
        ("P,GUBERNATURA,OXACA,,,10,ANA,PROPIETARIA,MUJER", "entidad", "fila 3, ENTIDAD"),
        ("P,DIPUTACION LOCAL MR,OAXACA,No aplica,,10,ANA,PROPIETARIA,MUJER", "lugar", "fila 3, DISTRITO LOCAL"),
        ("P,GUBERNATURA,OAXACA,,,10,ANA,JEFA,MUJER", "caracter", "fila 3, TIPO_CANDIDATO"),
        ("P,GUBERNATURA,OAXACA,,,10,ANA,PROPIETARIA,M", "sexo", "fila 3, SEXO"),
        (f"P,GUBERNATURA,OAXACA,,,10,{'A' * 121},PROPIETARIA,MUJER", "largo", "fila 3, NOMBRE_CANDIDATO"),
    ],
)
def test_a_bad_row_is_told_and_the_good_ones_load(etapa: Etapa, row: str, code: str, place: str) -> None:
    known(sheet(ROWS[0]))
    report = loaded(sheet(ROWS[0], row), etapa)
    assert (report.buenas, report.malas) == (1, 1)
    assert [(problem.codigo, problem.donde) for problem in report.problemas] == [(code, place)]
    assert report.problemas[0].cura


@pytest.mark.parametrize("data", [b"", b"\0\1\2", b"a,b\n1,2\n", sheet(ROWS[0])[:40], b"PK\x03\x04" + b"\0" * 40])
def test_what_is_no_such_file_is_refused_whole(etapa: Etapa, data: bytes) -> None:
    report = loaded(data, etapa)
    assert (report.buenas, len(report.problemas)) == (0, 1)
    assert report.malas == 1
    assert not Candidatura.objects.exists()


@pytest.fixture
def sif(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    monkeypatch.setattr(command.database, "setup_django", lambda: None)  # this process is connected already
    parser = argparse.ArgumentParser()
    command.register(parser.add_subparsers())

    def run(*words: str) -> int:
        args = parser.parse_args(["candidaturas", *words])
        return int(args.run(args))

    return run


def test_the_command_loads_whom_somebody_named_and_answers_in_json(
    etapa: Etapa, tmp_path: Path, capsys: pytest.CaptureFixture[str], sif: Callable[..., int]
) -> None:
    file, names = tmp_path / "c.csv", tmp_path / "n.csv"
    file.write_bytes(sheet(*ROWS, "P,REY,OAXACA,,,10,ANA,PROPIETARIA,MUJER"))
    load = ("cargar", str(file), "--proceso", "PELO-2022", "--json")
    assert sif(*load) == 1
    out, err = capsys.readouterr()
    answer = json.loads(out)
    assert (answer["buenas"], answer["malas"], answer["contabilidades"]) == (1, 4, 1)  # who stands alone
    assert set(answer["problemas"][0]) == {"codigo", "donde", "mensaje", "cura"}
    assert "fila 6, CARGO" in err
    assert "fila 2, sujeto: Nadie dijo quién es «PARTIDO ÁMBAR»." in err
    assert set(SujetoObligado.objects.values_list("tipo", flat=True)) == {"independiente"}  # nobody was invented
    assert sif("nombres", str(file)) == 0
    written = capsys.readouterr().out
    assert written == (
        "NOMBRE,SIGLAS,TIPO,REGISTRAR,RENGLONES\nVA POR OAXACA,,coalicion,,2\nPARTIDO ÁMBAR,,partido,,1\n"
    )
    names.write_text(written.replace("OAXACA,,", "OAXACA,VPO,").replace("ÁMBAR,,", "ÁMBAR,PA,"), encoding="utf-8")
    said = ("--sujetos", str(names))
    assert sif(*load, *said) == 2
    assert "falta --por" in capsys.readouterr().err
    with everything():
        appoint(create_usuario("ana", "Ana", None), Nombramiento.Rol.ADMINISTRADOR)
        create_usuario("eva", "Eva", None)
    assert sif(*load, *said, "--por", "eva") == 1
    assert "quien administra" in capsys.readouterr().err
    assert sif(*load, *said, "--por", "ana") == 1
    assert "fila 2, SIGLAS: No hay un sujeto con las siglas «VPO»." in capsys.readouterr().err
    names.write_text(names.read_text(encoding="utf-8").replace(",,", ",sí,"), encoding="utf-8")
    assert sif(*load, *said, "--por", "ana") == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["buenas"], answer["malas"], answer["contabilidades"]) == (3, 2, 4)  # two concentradoras
    kinds = dict(SujetoObligado.objects.values_list("siglas", "tipo"))
    assert (kinds["VPO"], kinds["PA"]) == ("coalicion", "partido")
    assert sif("nombres", str(file)) == 0
    assert "VA POR OAXACA,VPO,coalicion,,2\n" in capsys.readouterr().out  # asked once


def test_a_file_of_names_that_is_wrong_keeps_nothing(
    etapa: Etapa, tmp_path: Path, capsys: pytest.CaptureFixture[str], sif: Callable[..., int]
) -> None:
    with everything():
        appoint(create_usuario("ana", "Ana", None), Nombramiento.Rol.ADMINISTRADOR)
    file, names = tmp_path / "c.csv", tmp_path / "n.csv"
    file.write_bytes(sheet(*ROWS))
    load = ("cargar", str(file), "--proceso", "PELO-2022", "--sujetos", str(names), "--por", "ana")
    names.write_text("NOMBRE,SIGLAS,TIPO,REGISTRAR\nPARTIDO ÁMBAR,PA,partido,sí\nVA POR OAXACA,VPO,club,sí\n")
    assert sif(*load) == 1
    assert "fila 3, TIPO: El tipo «club» no se conoce." in capsys.readouterr().err
    names.write_text("NOMBRE\nX\n")
    assert sif(*load) == 1
    assert "Faltan las columnas SIGLAS." in capsys.readouterr().err
    assert not SujetoObligado.objects.exists() and not AliasSujeto.objects.exists()
    assert not Candidatura.objects.exists()
    names.unlink()
    assert sif(*load) == 2
    file.write_bytes(b"a,b\n1,2\n")
    assert sif("nombres", str(file)) == 1
    for wrong in ((str(file), "OTRO"), (str(tmp_path / "no.csv"), "PELO-2022")):
        assert sif("cargar", wrong[0], "--proceso", wrong[1]) == 2


def test_who_contends_already_is_not_loaded_again_with_another_folio(etapa: Etapa) -> None:
    head, curp = f"{HEAD},CURP", "ROZA800101MMCBPL09"
    alone = "CANDIDATURA INDEPENDIENTE,PRESIDENCIA MUNICIPAL,OAXACA,No aplica,TLAXIACO,12,EVA RÍO,PROPIETARIA,MUJER"
    assert loaded("\n".join((head, f"{alone},{curp}")).encode(), etapa).buenas == 1
    again = alone.replace(",12,", ",13,")
    [told] = loaded("\n".join((head, f"{again},{curp}")).encode(), etapa).problemas
    assert (told.codigo, told.donde) == ("repetida", "fila 2, CURP")
    assert "con el folio 12" in told.mensaje


def test_a_load_of_somebody_is_recorded_and_its_caps_cite_an_accord(
    etapa: Etapa, tmp_path: Path, capsys: pytest.CaptureFixture[str], sif: Callable[..., int]
) -> None:
    with everything():
        ana = create_usuario("ana", "Ana", None)
        appoint(ana, Nombramiento.Rol.ADMINISTRADOR)
        create_usuario("eva", "Eva", None)
    file = tmp_path / "c.csv"
    file.write_bytes(f"{HEAD},TOPE\n{ROWS[3]},900000.50\n".encode())
    load = ("cargar", str(file), "--proceso", "PELO-2022", "--por")
    assert sif(*load, "eva") == 1
    assert "quien administra" in capsys.readouterr().err
    assert sif(*load, "ana") == 1
    assert "acuerdo: Topes del archivo sin su acuerdo: 1. Diga el acuerdo que los fija." in capsys.readouterr().err
    assert not Candidatura.objects.exists()
    assert sif(*load, "ana", "--acuerdo", "IEEPCO/CG1/2022") == 0
    with everything():
        cap = Contabilidad.objects.get().topes.get()
        assert (cap.tope, cap.acuerdo, cap.fijado_por) == (900_000_50, "IEEPCO/CG1/2022", ana)
        assert Suceso.objects.filter(verbo="cargar_candidaturas", persona=ana, objeto=etapa.pk).count() == 1
    assert sif(*load, "ana", "--etapa", "anual") == 2
    assert "no tiene la etapa «anual». Tiene campana." in capsys.readouterr().err

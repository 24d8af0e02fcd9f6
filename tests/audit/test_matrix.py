"""The matrix of observaciones goes out and comes back: nothing is lost, twice is once, what cannot be is told."""

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from kept import keeps
from proceedings.world import World, at, campaign_in_review
from sif.audit import review
from sif.audit.matrix import COLUMNS, SHEET, Applied, Plan, import_matrix, plan_import, read_matrix, write_matrix
from sif.audit.models import Hallazgo, Propuesta
from sif.audit.review_selectors import standings, words_of
from sif.audit.services import DecisionRefused
from sif.registry.scope import everything
from sif.values import Refused

ODD = "=SUMA(A1)\n+52 «ñandú» 𝄞 <b>&amp; _x000D_ \t  fin "


@pytest.fixture
@keeps(campaign_in_review)
def world(world_of: Any) -> Any:
    with everything(), at("2018-07-05 12:00"):
        yield world_of(campaign_in_review)


def rows_of(world: World) -> Any:
    return (
        Hallazgo.objects.filter(corrida=world.corrida)
        .select_related("contabilidad__sujeto", "contabilidad__candidatura__persona", "corrida__instantanea__etapa")
        .order_by("-monto", "pk")
    )


def written(world: World) -> bytes:
    """The bytes of the matrix."""
    stream = io.BytesIO()
    write_matrix(stream, rows_of(world))
    return stream.getvalue()


def exported(world: World, folder: Path, **edits: str) -> Path:
    """The matrix saved after typing in cells named like D3."""
    book = load_workbook(io.BytesIO(written(world)))
    for place, value in edits.items():
        book[SHEET][place].value = value
        if value.startswith("="):
            book[SHEET][place].data_type = "s"
    path = folder / "matriz.xlsx"
    book.save(path)
    return path


def plan(world: World, path: Path) -> Plan:
    return plan_import(world.corrida, read_matrix(path))


def imported(world: World, path: Path, huella: str = "") -> Applied:
    rows = read_matrix(path)
    return import_matrix(world.corrida, rows, huella or plan_import(world.corrida, rows).huella, world.dario)


def test_untouched_it_changes_nothing_whatever_the_words(world: World, tmp_path: Path) -> None:
    row = world.hallazgo("10.00")
    world.hallazgo("1234567.89", book=1)
    review.reword(row, ODD, world.dario)
    path = tmp_path / "matriz.xlsx"
    path.write_bytes(written(world))
    read = read_matrix(path)
    assert read[1][1]["Texto"] == ODD.strip()
    assert read[0][1]["Monto"] == "1234567.89"
    found = plan_import(world.corrida, read)
    assert (found.filas, found.cambios, found.rechazos) == (2, (), ())
    assert plan(world, exported(world, tmp_path)).cambios == ()  # saved by another programme


def test_what_auditors_edit_is_open_and_the_rest_locked(world: World) -> None:
    row, done = world.hallazgo("20.00"), world.hallazgo("10.00")
    review.propose([done], "adoptar", "", world.dario)
    book = load_workbook(io.BytesIO(written(world)))
    sheet = book[SHEET]
    is_open = {
        (cell.row, COLUMNS[cell.column - 1])
        for line in sheet.iter_rows(min_row=2)
        for cell in line
        if not cell.protection.locked
    }
    assert sheet.protection.sheet
    assert {name for number, name in is_open if number == 2} == {"Texto", "Decisión", "Motivo", "Asignado a"}
    assert {name for number, name in is_open if number == 3} == {"Texto", "Asignado a"}
    assert sheet["A2"].value == f"CF001|{row.clave}"


def test_words_decisions_and_people_come_back_once(world: World, tmp_path: Path) -> None:
    first, second = world.hallazgo("20.00"), world.hallazgo("10.00")
    path = exported(
        world,
        tmp_path,
        K2="La póliza carece de XML.",
        L2="Adoptar",
        N2="Elena Márquez",
        L3="desechar",
        M3="Se aclaró por escrito.",
    )
    found = plan(world, path)
    assert found.rechazos == ()
    assert [(c.fila, c.columna, c.despues) for c in found.cambios] == [
        (2, "Texto", "La póliza carece de XML."),
        (2, "Decisión", "adoptar"),
        (2, "Asignado a", "elena"),
        (3, "Decisión", "desechar"),
        (3, "Motivo", "Se aclaró por escrito."),
    ]
    done = imported(world, path, found.huella)
    assert (done.textos, done.propuestas, done.asignaciones) == (1, 2, 1)
    assert words_of([first]) == {first.pk: "La póliza carece de XML."}
    assert standings([first])[first.pk].asignado == world.elena
    kept = Propuesta.objects.get(hallazgo=second)
    assert (kept.decision, kept.motivo, kept.propuesta_por) == ("desechar", "Se aclaró por escrito.", world.dario)
    twice = plan(world, path)
    assert (twice.cambios, twice.rechazos) == ((), ())
    review.confirm(list(Propuesta.objects.all()), world.elena)
    assert plan(world, path).cambios == ()


@pytest.mark.parametrize(
    ("edits", "place", "said"),
    [
        ({"L2": "quizá"}, "fila 2, columna Decisión", "no es una decisión"),
        ({"L2": "desechar"}, "fila 2, columna Motivo", "pide un motivo"),
        ({"M2": "porque sí"}, "fila 2, columna Motivo", "no una decisión nueva"),
        ({"N2": "alicia"}, "fila 2, columna Asignado a", "no es de la auditoría"),
        ({"K2": " "}, "fila 2, columna Texto", "0 caracteres"),
        ({"H2": "7"}, "fila 2, columna Monto", "Dice «7»"),
        ({"J2": "otra cosa"}, "fila 2, columna Lo que dice la regla", "otra cosa"),
        ({"A2": "CF001|nada"}, "fila 2, columna Clave", "no está en la última corrida"),
        ({"A2": ""}, "fila 2, columna Clave", "no está en la última corrida"),
        ({"O2": "x"}, "fila 2, columna Control", "alterada"),
    ],
)
def test_a_cell_that_cannot_be_is_told_by_its_place(
    world: World, tmp_path: Path, edits: dict[str, str], place: str, said: str
) -> None:
    world.hallazgo("20.00")
    found = plan(world, exported(world, tmp_path, **edits))
    assert [problem.donde for problem in found.rechazos] == [place]
    assert said in found.rechazos[0].mensaje
    assert found.cambios == () or place.endswith("Motivo")


def test_a_row_twice_is_told(world: World, tmp_path: Path) -> None:
    world.hallazgo("20.00")
    second = world.hallazgo("10.00")
    found = plan(world, exported(world, tmp_path, A2=f"CF001|{second.clave}"))
    assert "se repite" in found.rechazos[-1].mensaje


def test_what_moved_on_after_exporting_is_not_overwritten(world: World, tmp_path: Path) -> None:
    row = world.hallazgo("20.00")
    path = exported(world, tmp_path, K2="Mis palabras.")
    (tmp_path / "antes").mkdir()
    stale = exported(world, tmp_path / "antes")
    review.reword(row, "Las de Elena.", world.elena)
    assert plan(world, stale).cambios == ()  # not touched in the sheet: what stands stays
    (problem,) = plan(world, path).rechazos
    assert problem.donde == "fila 2, columna Texto"
    assert "ahora dice «Las de Elena.»" in problem.mensaje


def test_a_decided_cell_no_longer_changes(world: World, tmp_path: Path) -> None:
    row = world.hallazgo("20.00")
    world.observacion([row])
    (problem,) = plan(world, exported(world, tmp_path, L2="desechar", M2="No procede.")).rechazos[:1]
    assert "ya no cambia" in problem.mensaje


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"%PDF-1.7", "PDF"), (b"a,b\n1,2\n", "CSV"), (b"PK\x03\x04rota", "incompleto"), (b"MZ\x90", "programa")],
)
def test_another_file_is_refused_with_its_reason(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "m.xlsx"
    path.write_bytes(data)
    with pytest.raises(Refused, match=said):
        read_matrix(path)


def test_a_matrix_without_a_column_says_which(world: World, tmp_path: Path) -> None:
    world.hallazgo("20.00")
    with pytest.raises(Refused, match="Faltan las columnas Motivo"):
        read_matrix(exported(world, tmp_path, M1="Razón"))


def test_with_one_wrong_cell_nothing_is_written(world: World, tmp_path: Path) -> None:
    first = world.hallazgo("20.00")
    world.hallazgo("10.00")
    path = exported(world, tmp_path, K2="Palabras nuevas.", L2="adoptar", L3="quizá")
    with pytest.raises(DecisionRefused, match="impórtela completa"):
        imported(world, path)
    assert words_of([first]) == {}
    assert not Propuesta.objects.exists()


def test_what_changes_after_looking_is_not_written(world: World, tmp_path: Path) -> None:
    world.hallazgo("20.00")
    path = exported(world, tmp_path, L2="adoptar")
    with pytest.raises(DecisionRefused, match="ya no es lo que revisó"):
        imported(world, path, "0" * 64)
    assert not Propuesta.objects.exists()


def test_a_formula_is_refused_by_its_cell_and_never_calculated(world: World, tmp_path: Path) -> None:
    world.hallazgo("20.00")
    book = load_workbook(io.BytesIO(written(world)))
    book[SHEET]["K2"] = '=HYPERLINK("http://otro.example","ver")'
    book[SHEET]["M2"] = "=1+1"
    book.save(tmp_path / "m.xlsx")
    with pytest.raises(Refused, match="fórmula") as refused:
        read_matrix(tmp_path / "m.xlsx")
    assert [problem.donde for problem in refused.value.problems] == [
        "fila 2, columna Texto",
        "fila 2, columna Motivo",
    ]


def test_merged_cells_are_refused_by_their_place(world: World, tmp_path: Path) -> None:
    world.hallazgo("20.00")
    world.hallazgo("10.00")
    book = load_workbook(io.BytesIO(written(world)))
    book[SHEET].merge_cells("M2:M3")
    book.save(tmp_path / "m.xlsx")
    with pytest.raises(Refused, match="combinadas") as refused:
        read_matrix(tmp_path / "m.xlsx")
    assert refused.value.problems[0].donde == "fila 2, columna M"

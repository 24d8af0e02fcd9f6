"""The bounds of a public file of a past process: its size, its titles, its map and how many problems are told."""

from collections.abc import Callable
from functools import partial

import pytest

from sif.disclosure import history_reading
from sif.disclosure.history_reading import MOST, propose_columns, read_columns, read_history
from sif.values import Refused

HEAD = "PROCESO,CARGO,SUJETO OBLIGADO,SIGLAS,NOMBRE COMPLETO,TOPE DE GASTOS,TOTAL GASTOS"
ROW = "PRELO 20/21,GUBERNATURA,PARTIDO UNO,PU,ANA LUNA,1000,900.50"


def _csv(*rows: str) -> bytes:
    return "\n".join((HEAD, *rows)).encode()


def _told(read: Callable[[bytes], object], data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        read(data)
    return [(each.codigo, each.donde) for each in refused.value.problems]


def test_a_file_is_read_up_to_its_bound_and_not_a_byte_more(monkeypatch: pytest.MonkeyPatch) -> None:
    data = _csv(ROW)
    monkeypatch.setattr(history_reading, "MAX_BYTES", len(data))
    assert len(read_history(data, jurisdiction="mx").cuentas) == 1
    assert _told(partial(read_history, jurisdiction="mx"), data + b"\n") == [("grande", "archivo")]


def test_what_has_no_row_of_titles_proposes_no_columns() -> None:
    assert _told(partial(propose_columns, jurisdiction="mx"), b"hola\nadios\n") == [("columnas", "archivo")]
    columns, titles = propose_columns(_csv(ROW), "mx")
    assert "TOTAL GASTOS" in titles and "TOTAL GASTOS" in columns.una.values()
    # three titles that nobody knows are shown for a person to choose among them
    assert propose_columns(b"uno,dos,tres\n1,2,3\n", "mx")[1] == ("uno", "dos", "tres")


@pytest.mark.parametrize("said", [b"[uno, dos]", b"{}", b"", b"texto"])
def test_a_map_that_names_no_column_is_refused(said: bytes) -> None:
    assert _told(read_columns, said) == [("mapa", "mapa")]


def test_the_first_problems_are_told_and_no_more() -> None:
    wrong = ROW.replace("900.50", "mil")
    for rows, told in ((MOST - 1, MOST - 1), (MOST, MOST), (MOST + 1, MOST)):
        assert len(read_history(_csv(*[wrong] * rows), jurisdiction="mx").problemas) == told

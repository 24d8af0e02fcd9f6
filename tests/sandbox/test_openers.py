"""Hostile files are refused within their limits and ordinary ones are drawn."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from sandbox import hostile
from sif.sandbox.client import VERDICTS, Client, Unopened
from sif.sandbox.opening import Limits
from sif.values import Refused

MODULES = ("sif.sandbox.pictures", "sif.sandbox.workbook", "sif.sandbox.table")
WIDE = Limits(wall=60)  # a busy machine ends by memory or processor, not by the clock


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client whose server serves the whole file of tests."""
    made = Client(tmp_path_factory.mktemp("datos"), MODULES)
    yield made
    made.close()


def test_a_pdf_of_a_milliard_drawings_is_refused_and_the_next_is_drawn(client: Client) -> None:
    with pytest.raises(Unopened) as refused:
        client.ask("pdf", hostile.nested_pdf(), {"pagina": 1}, WIDE)
    assert refused.value.outcome.motivo in {"memoria", "procesador"}
    assert refused.value.outcome.pico < 600 * 1024
    page = client.ask("pdf", hostile.nested_pdf(2, 2), {"pagina": 1}, WIDE).data()
    assert Image.open(io.BytesIO(page)).size == (1400, 1400)


def test_the_same_refused_bytes_are_not_opened_twice(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    tight = Limits(mib=1)
    with pytest.raises(Unopened) as first:
        client.ask("pdf", hostile.nested_pdf(2, 3), {"pagina": 1}, tight)
    monkeypatch.setattr(Client, "_exchange", None)  # asking the server again would fail
    with pytest.raises(Unopened) as second:
        client.ask("pdf", hostile.nested_pdf(2, 3), {"pagina": 1}, tight)
    assert second.value.outcome == first.value.outcome
    assert all(each.suffix == ".json" for each in (client.folder / VERDICTS).iterdir())


def test_an_image_too_large_is_refused_from_its_header(client: Client) -> None:
    with pytest.raises(Refused) as refused:
        client.ask("imagen", hostile.large_png(), {}, WIDE)
    assert [each.codigo for each in refused.value.problems] == ["pixeles"]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP"])
def test_an_ordinary_image_of_each_kind_is_drawn(client: Client, form: str) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (3000, 40), "red").save(stream, form)
    drawn = Image.open(io.BytesIO(client.ask("imagen", stream.getvalue(), {}, WIDE).data()))
    assert (drawn.format, drawn.size) == ("PNG", (1400, 19))


def test_a_broken_file_is_refused_with_its_cure(client: Client) -> None:
    for op, data in (("imagen", b"\x89PNG\r\n\x1a\nxx"), ("pdf", b"%PDF-1.7\nxx")):
        with pytest.raises(Refused) as refused:
            client.ask(op, data, {"pagina": 1}, WIDE)
        assert refused.value.problems[0].codigo == "danado"
        assert refused.value.problems[0].cura


def test_a_file_given_as_bytes_as_stream_or_as_path_is_read_from_its_start(client: Client, tmp_path: Path) -> None:
    data = hostile.nested_pdf(2, 2)
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    with path.open("rb") as stream:
        stream.read(100)
        for source in (data, path, stream, io.BytesIO(data)):
            assert next(client.ask("pdf_datos", source, {}, WIDE).lines()) == {"paginas": 1, "clave": False}
        assert stream.tell() == 100


BOOK = {"hoja": "polizas", "exacta": False, "columnas": 60}


@pytest.mark.parametrize("make", [hostile.many_strings, hostile.many_runs, hostile.long_cell, hostile.many_merges])
def test_a_workbook_that_takes_minutes_is_refused(client: Client, make: Callable[[], bytes]) -> None:
    tight = Limits(cpu=3, wall=60)
    with pytest.raises(Refused) as refused:
        client.ask("libro", make(), BOOK, tight)
    codes = {each.codigo for each in refused.value.problems}
    assert codes <= {"apertura_procesador", "apertura_memoria", "apertura_salida", "celda_larga", "combinadas"}
    if isinstance(refused.value, Unopened):
        assert refused.value.outcome.pico < 600 * 1024


def test_a_cell_is_read_up_to_the_length_of_the_format(client: Client) -> None:
    assert list(client.ask("libro", hostile.long_cell(32_767), BOOK, WIDE).lines())[1] == [1, ["a" * 32_767]]
    with pytest.raises(Refused) as refused:
        client.ask("libro", hostile.long_cell(32_768), BOOK, WIDE)
    assert [(each.codigo, each.donde) for each in refused.value.problems] == [("celda_larga", "fila 1")]


def rows(client: Client, data: bytes, *, strict: bool = True) -> list[list[object]]:
    """The rows of a delimited text."""
    args = {"marcas": ",;", "alterna": "cp1252", "estricta": strict}
    return list(client.ask("tabla", data, args, WIDE).lines())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_is_read_with_the_line_of_each_row(client: Client, encoding: str) -> None:
    data = 'año;"dos\nrenglones"\r\n\r\n1;x'.encode(encoding)
    assert rows(client, data) == [[1, ["año", "dos\nrenglones"]], [3, []], [4, ["1", "x"]]]
    assert rows(client, b"") == []


def test_a_table_that_is_cut_or_has_a_field_without_end_is_refused_at_its_row(client: Client) -> None:
    for data in (b'a,b\n1,"x', b"a,b\n1," + b"x" * 200_000):
        with pytest.raises(Refused) as refused:
            rows(client, data)
        assert [(each.codigo, each.donde) for each in refused.value.problems] == [("no_es_csv", "fila 2")]
    assert rows(client, b'a,b\n1,"x', strict=False)[1] == [2, ["1", "x"]]

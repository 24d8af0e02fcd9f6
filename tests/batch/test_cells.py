"""One cell of each type: what it means, or what is wrong with it."""

from datetime import date, time

import pytest

from sif.batch.cells import read_cell
from sif.batch.kinds import Columna
from sif.values import Money, Unread


def column(tipo: str, **traits: object) -> Columna:
    """A column of a type."""
    return Columna("columna", tipo, "Ayuda.", **traits)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tipo", "text", "value"),
    [
        ("dinero", "$1,234.50", Money(123450)),
        ("dinero", "-20", Money(-2000)),
        ("entero", "7.0", 7),
        ("fecha", "29/02/2024", date(2024, 2, 29)),
        ("fecha", "2024-04-01", date(2024, 4, 1)),
        ("fecha", "2024-04-01 00:00:00", date(2024, 4, 1)),
        ("hora", "9:05", time(9, 5)),
        ("si_no", "Sí", True),
        ("si_no", "NO", False),
        ("rfc", " ñu&010203ab1 ", "ÑU&010203AB1"),
        ("cuenta", "1102000000", "1-1-02-00-0000"),
        ("clabe", "002180000000000009", "002180000000000009"),
        ("texto", "", None),
    ],
)
def test_a_good_cell_is_understood(tipo: str, text: str, value: object) -> None:
    assert read_cell(column(tipo), text) == value


@pytest.mark.parametrize(
    ("tipo", "text", "code", "words"),
    [
        ("dinero", "0.005", "importe", "3 decimales"),
        ("dinero", "diez", "importe", "diez"),
        ("dinero", "1e5", "importe", "1e5"),
        ("dinero", "9" * 30, "importe", "excede"),
        ("fecha", "31/02/2024", "fecha", "31 de febrero de 2024"),
        ("fecha", "29/02/2023", "fecha", "29 de febrero"),
        ("fecha", "01/13/2024", "fecha", "mes 13"),
        ("fecha", "ayer", "fecha", "ayer"),
        ("hora", "25:00", "hora", "25:00"),
        ("entero", "1.5", "entero", "1.5"),
        ("si_no", "quizá", "si_no", "quizá"),
        ("rfc", "ÑU&01020", "rfc", "caracteres"),
        ("rfc", "ÑU&019903AB1", "rfc", "forma"),
        ("clabe", "002180000000000008", "clabe", "dígito"),
        ("clabe", "2180000000000010", "clabe", "18"),
        ("uuid", "123", "uuid", "123"),
        ("cuenta", "5-5-1", "cuenta", "5-5-1"),
        ("cuenta", "5501000001-2", "cuenta", "5501000001-2"),
        ("cuenta", "5501000001abc", "cuenta", "5501000001abc"),
        ("cuenta", "5501000001/02", "cuenta", "5501000001/02"),
        ("texto", "=HIPERVINCULO()", "formula", "HIPERVINCULO"),
        ("texto", "a\x07b", "caracteres", "texto"),
        ("texto", "x" * 301, "largo", "301"),
    ],
)
def test_a_bad_cell_says_what_was_seen_and_what_to_do(tipo: str, text: str, code: str, words: str) -> None:
    with pytest.raises(Unread) as bad:
        read_cell(column(tipo), text)
    assert bad.value.codigo == code
    assert words in bad.value.seen
    assert bad.value.cure


def test_a_required_cell_is_missed() -> None:
    with pytest.raises(Unread, match="vacía"):
        read_cell(column("texto", obligatoria=True), "  ")


def test_a_choice_is_read_by_its_words_and_others() -> None:
    choice = column("opcion", opciones=("IG", "campana"), tambien={"INGRESOS": "IG", "CAMPAÑA": "campana"})
    assert [read_cell(choice, text) for text in ("ig", "ingresos", "Campaña")] == ["IG", "IG", "campana"]
    with pytest.raises(Unread, match="IG, campana"):
        read_cell(choice, "otra")

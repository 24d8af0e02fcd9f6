"""References to pólizas: written one way, read in every way that auditors and parties write them."""

from datetime import date

import pytest

from sif.ledger import InvalidReference, PolizaReference, parse_reference, reference


def test_is_written_as_auditors_cite_it() -> None:
    assert reference("normal", 1, "DR", 2251, date(2024, 5, 3), 8802) == "PN1/DR-2251/MAY-2024; ID 8802"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("PN1/DR-2251/MAY-2024; ID 8802", PolizaReference("normal", 1, "DR", 2251, 2024, 5, None, 8802)),
        ("PC1/DR-15 15-06-2024; ID 8802", PolizaReference("correccion", 1, "DR", 15, 2024, 6, 15, 8802)),
        ("PN1/DR3/29-04-2024", PolizaReference("normal", 1, "DR", 3, 2024, 4, 29, None)),
        ("PN3/DR-146/MAY-2024; ID 8941", PolizaReference("normal", 3, "DR", 146, 2024, 5, None, 8941)),
        ("PN3/DR-20", PolizaReference("normal", 3, "DR", 20)),
        (" pn1 / dr-7 ,  id 8802 ", PolizaReference("normal", 1, "DR", 7, contabilidad_id=8802)),
        ("PA2/IG-1", PolizaReference("ajuste", 2, "IG", 1)),
        ("PJ2/EG-9", PolizaReference("jornada", 2, "EG", 9)),
    ],
)
def test_every_way_of_writing_it_is_read(text: str, wanted: PolizaReference) -> None:
    assert parse_reference(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "DR-2251",
        "PX1/DR-1",
        "PN1/XX-1",
        "PN1/DR-",
        "PN1/DR-1/MAX-2024",
        "PN1/DR-1; ID 1234567",
        "PN1/DR-0",
        "PN1/DR-1/31-13-2024",
        "PN1/DR-1/30-02-2024",
        "PN0/DR-1",
    ],
)
def test_anything_else_is_refused_with_the_right_form(text: str) -> None:
    with pytest.raises(InvalidReference, match="PN1/DR-2251/MAY-2024; ID 8802"):
        parse_reference(text)

"""A likeness is told with its evidence, stops where two keys say two people, and is measured on labelled records."""

from itertools import combinations

import pytest

from sif.demo.identidades import labelled
from sif.rulebook.identidad import company_name, donors_alike, name_likeness, plain_name, suppliers_alike
from sif.rulebook.personas import personas

ANA = (1, "Ana Pérez Gómez", "PEGA800101AB1", None, None)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ((2, "PEREZ GOMEZ ANA", None, "PEGA800101MDFRMN09", None), "sus claves empiezan igual (PEGA800101)"),
        ((2, "Ana Peres Gomez", None, "PEGA800101MDFRMN09", None), "sus claves empiezan igual (PEGA800101)"),
        ((2, "Ana Pérez", "PEGA800101AB7", None, None), "sus claves empiezan igual (PEGA800101)"),
        ((2, "Ana Pérez Gómez", "PEGA810101AB1", None, None), "una de sus claves difiere en un signo"),
        ((2, "Ana Pérez Gómez", None, None, "PRGMAN80010109M100"), "la misma fecha de nacimiento (800101)"),
    ],
)
def test_what_joins_two_records_is_said(other: tuple[int, str, str | None, str | None, str | None], why: str) -> None:
    (link,) = donors_alike([ANA, other])
    assert (link.uno, link.otro) == (1, 2)
    assert why in link.evidencia
    assert f"se parecen {link.parecido} de 100" in link.evidencia


@pytest.mark.parametrize(
    "other",
    [
        (
            2,
            "Ana Pérez Gómez",
            "PEGA800101XY9",
            None,
            None,
        ),  # a homonym born on the same day, with a sound key of her own
        (2, "Ana Pérez Gómez", None, None, None),  # a name alone joins nobody
        (2, "Aurelio Peña Galindo", None, "PEGA800101HDFRMN09", None),  # same letters and day, another name
        (2, "Beatriz Ruiz Soto", None, None, "PRGMAN80010109M100"),  # born on the same day
        (2, "Ana Pérez Gómez", "PEGA800101AB1", None, None),  # already joined by an exact key
    ],
)
def test_what_does_not_join(other: tuple[int, str, str | None, str | None, str | None]) -> None:
    assert donors_alike([ANA, other]) == []


def test_two_clusters_are_linked_once() -> None:
    curp = "PEGA800101MDFRMN09"
    rows = [
        ANA,
        (2, "Ana Pérez", ANA[2], None, None),
        (3, "Ana Perez Gomez", None, curp, None),
        (4, "A. Pérez Gómez", None, curp, None),
    ]
    assert [(link.uno, link.otro, link.parecido) for link in donors_alike(rows)] == [(1, 3, 100)]


@pytest.mark.parametrize(
    ("name", "rfc", "found"),
    [
        ("Imprenta del Valle, S. de R.L. de C.V.", "IVA010203XY2", True),  # another homoclave
        ("IMPRENTA DEL VALLE", "IVA010203AB9", True),  # one sign
        ("Imprenta del Valle", "IVA990203AB1", False),  # another company of the same name
        ("Lonas y Rótulos", "IVA010203XY2", False),
        ("Imprenta del Valle", "IVA010203AB1", False),  # the same RFC is the same supplier
    ],
)
def test_suppliers(name: str, rfc: str, found: bool) -> None:
    rows = [(1, "Imprenta del Valle SA de CV", "IVA010203AB1"), (2, name, rfc)]
    assert bool(suppliers_alike(rows)) is found


def test_names_are_compared_in_plain_letters() -> None:
    assert plain_name("  Núñez-Ávila,  Íñigo ") == "NUÑEZ AVILA IÑIGO"
    assert company_name("Lonas, S.A. de C.V.") == company_name("LONAS SA DE CV") == "LONAS"
    assert name_likeness("ANA PEREZ GOMEZ", "PEREZ GOMEZ ANA") == 100
    assert name_likeness("ANA PEREZ", "ANA PEREZ GOMEZ") == 94
    assert name_likeness("", "ANA") == name_likeness("GASOLINERA 12", "GASOLINERA 13") == 0


def test_on_labelled_records_it_finds_more_and_mistakes_almost_nobody() -> None:
    records, truth = labelled(1_200, 11)
    exact = {number: person for number, person, _ in personas([(n, *keys) for n, _, *keys in records])}
    links = donors_alike(records)
    right = [link for link in links if truth[link.uno] == truth[link.otro]]
    assert len(right) / len(links) >= 0.99
    apart = sum(truth[a] == truth[b] and exact[a] != exact[b] for a, b in combinations(sorted(truth), 2) if b - a < 4)
    assert len(right) >= apart / 6  # of the pairs that exact keys miss

"""`sif ensayo` leaves e.firmas and invoices that this installation believes, and nothing in production."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sif.cfdi import read_path, trust
from sif.commands.firmar import sign_all
from sif.commands.main import main
from sif.filing.authority import trusted
from sif.signing.authorities import issuers_of
from sif.signing.minting import DEMO_PASSWORD

PAIR = ["ensayo", "efirma", "--rfc", "TEPB800101AB3", "--nombre", "Bruno Tello Paz"]
INVOICE = ["ensayo", "cfdi", "--emisor", "IPR150312Q47", "--receptor", "PSO140101AB1", "--monto", "53824.00"]


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Path:
    """A folder for what is made, in an installation of its own."""
    monkeypatch.setattr("sif.commands.database.setup_django", lambda: None)
    settings.DATOS, settings.PRODUCTION = tmp_path / "datos", False
    return tmp_path / "hecho"


def test_an_efirma_signs_and_is_believed_here(place: Path, capsys: Any) -> None:
    assert main([*PAIR, str(place)]) == 0
    assert DEMO_PASSWORD in capsys.readouterr().out
    cer, key = place / "TEPB800101AB3.cer", place / "TEPB800101AB3.key"
    cert, _sellos = sign_all([], (cer.read_bytes(), key.read_bytes()), DEMO_PASSWORD, datetime.now(UTC))
    assert (cert.rfc, cert.nombre) == ("TEPB800101AB3", "Bruno Tello Paz")
    assert issuers_of(cert.der, trusted().authorities)
    assert key.stat().st_mode & 0o077 == 0


def test_a_pair_that_is_there_is_not_written_over(place: Path, capsys: Any) -> None:
    main([*PAIR, str(place)])
    before = (place / "TEPB800101AB3.cer").read_bytes()
    (place / "TEPB800101AB3.key").unlink()
    assert main([*PAIR, str(place)]) == 2
    assert "ya está" in capsys.readouterr().err
    assert (place / "TEPB800101AB3.cer").read_bytes() == before and not (place / "TEPB800101AB3.key").exists()


@pytest.mark.parametrize("words", [PAIR, INVOICE])
def test_production_makes_nothing(words: list[str], place: Path, settings: Any, capsys: Any) -> None:
    settings.PRODUCTION = True
    assert main([*words, str(place)]) == 2
    assert "En producción" in capsys.readouterr().err
    assert not place.exists() and not settings.DATOS.exists()


def test_an_invoice_is_sound_and_names_the_books(place: Path) -> None:
    assert main([*INVOICE, "--contabilidad", "12", "--entidad", "DUR", str(place)]) == 0
    assert main([*INVOICE, str(place)]) == 0
    read = list(read_path(place, trust(trusted().authorities)))
    assert len(read) == 2 and all(each.is_trustworthy for each in read), [each.problemas for each in read]
    books = []
    for each in read:
        assert each.cfdi is not None
        said = each.cfdi
        assert (said.emisor_rfc, said.receptor_rfc, said.total.centavos) == ("IPR150312Q47", "PSO140101AB1", 5_382_400)
        books.append(said.ine.contabilidades if said.ine else ())
    assert sorted(books) == [(), (12,)]


def test_half_a_complement_is_refused(place: Path, capsys: Any) -> None:
    assert main([*INVOICE, "--contabilidad", "12", str(place)]) == 2
    assert "--entidad" in capsys.readouterr().err and not place.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ensayo", "efirma", "--rfc", "IPR150312Q47", "--nombre", "X", "c"], "es de una empresa"),
        (["ensayo", "efirma", "--rfc", "NADA", "--nombre", "X", "c"], "RFC «NADA»"),
        ([*INVOICE[:-1], "mucho", "c"], "no es un monto"),
        ([*INVOICE[:-1], "0", "c"], "no es mayor que cero"),
    ],
)
def test_what_is_wrong_is_said_of_its_option(words: list[str], said: str, capsys: Any) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(words)
    assert said in capsys.readouterr().err

"""One candidacy ends, is substituted, restored and moved by a command, with the record and the refusals of its page."""

from collections.abc import Callable, Iterator

import pytest

from registry.test_changing import Moving
from registry.test_leaving import MOMENT
from sif.commands.main import main
from sif.registry import clock
from sif.registry.leaving import end_of
from sif.registry.models import Candidatura, FinCandidatura, SustitucionCandidatura
from sif.registry.scope import everything
from sif.registry.services import create_usuario

pytestmark = pytest.mark.django_db
WHERE = ("--proceso", "P-federal", "--por", "ana")
ENDS = ("terminar", "AL", "--causa", "renuncia", "--desde", "2024-04-20", "--presentada", "2024-04-18")
MOVES = ("cambiar", "AL", "--a", "ab", "--desde", "2024-04-20", "--acuerdo", "INE/CG300/2024", *WHERE)
Sif = Callable[..., str]


@pytest.fixture
def moving() -> Iterator[Moving]:
    with everything(), clock.at(MOMENT):
        yield Moving()


@pytest.fixture
def sif(moving: Moving, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Sif:
    monkeypatch.setattr("sif.commands.database.setup_django", lambda: None)

    def run(*words: str, rc: int = 0) -> str:
        code = main(["candidaturas", *words])
        out, err = capsys.readouterr()
        assert code == rc, err or out
        return err if rc else out

    return run


def test_it_ends_is_substituted_and_is_restored(sif: Sif, moving: Moving) -> None:
    enters = ("sustituir", "AL", "--nombre", "Eva Ríos", "--desde", "2024-04-21", "--acuerdo", "INE/CG401/2024", *WHERE)
    assert "folio: Esa candidatura contiende. Registre antes su fin." in sif(*enters, rc=1)
    ended = sif(*ENDS, "--acuerdo", "INE/CG400/2024", *WHERE)
    assert ended == "Ana Luna no contiende desde el 20/04/2024; sus libros siguen hasta informar.\n"
    assert sif("restituir", "AL", "--acuerdo", "INE/CG402/2024", "--motivo", "Era otra.", *WHERE).startswith("Ana Luna")
    assert end_of(moving.mine) is None
    sif(*ENDS, "--acuerdo", "INE/CG403/2024", *WHERE)
    assert sif(*enters).startswith("Eva Ríos sustituye a Ana Luna, con la contabilidad ")
    [made] = SustitucionCandidatura.objects.all()
    assert made.entra.persona.nombre == "Eva Ríos" and made.sale.candidatura == moving.mine


def test_its_move_is_told_before_it_is_done(sif: Sif, moving: Moving) -> None:
    seen = sif(*MOVES, "--ver")
    assert "debe los periodos 1; la nueva, 1 y 2." in seen and end_of(moving.mine) is None
    assert sif(*MOVES).startswith("Ana Luna contiende por AB desde el 20/04/2024")
    assert Candidatura.objects.filter(sujeto=moving.union, persona__nombre="Ana Luna").exists()


def test_each_refusal_says_its_place_and_nothing_enters(sif: Sif) -> None:
    create_usuario("eva", "Eva", None)
    said = ("--acuerdo", "A/1", *WHERE)
    assert "--causa: La causa «cansancio» no se conoce. Escriba una de: renuncia, " in sif(
        "terminar", "AL", "--causa", "cansancio", "--desde", "2024-04-20", *said, rc=1
    )
    assert "presentada_el: " in sif(*ENDS[:-2], *said, rc=1)
    assert "quien administra" in sif(*ENDS, *said[:-1], "eva", rc=1)
    assert "ninguna de esa etapa tiene el folio ZZ" in sif("terminar", "ZZ", *ENDS[2:], *said, rc=2)
    assert "siglas «QQ»" in sif("cambiar", "AL", "--a", "QQ", "--desde", "2024-04-20", *said, rc=2)
    assert not FinCandidatura.objects.exists()

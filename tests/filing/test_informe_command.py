"""`sif informe` prepares, presents with an e.firma, writes an acuse that is found valid offline, and refuses."""

import json
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from filing.campaign import CURP, RFC, Campaign, on
from sif.catalogs.services.campaign_goods import NewCasa, register_casa
from sif.commands.main import main
from sif.filing.models import Informe, Presentacion
from sif.signing import minting
from sif.values import Money

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(campaign: Campaign, settings: Any, tmp_path: Path) -> Path:
    """A folder with the officer's pair and password; the authority that minted it is in the institution's folder."""
    (settings.DATOS / "certificados").mkdir()
    (settings.DATOS / "certificados" / "prueba.cer").write_bytes(campaign.mint.cer)
    pair = minting.mint_fiel(campaign.mint, RFC, CURP, "ALICIA ROSAS NÚÑEZ", date(2023, 1, 1), date(2027, 1, 1))
    (tmp_path / "a.cer").write_bytes(pair.cer)
    (tmp_path / "a.key").write_bytes(pair.key)
    (tmp_path / "secreto").write_text(pair.password, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        out = capsys.readouterr()
        return code, out.out, out.err

    return call


def present(run: Run, folder: Path, campaign: Campaign, *more: object) -> tuple[int, str, str]:
    return run(
        "informe",
        "presentar",
        "--contabilidad",
        campaign.ana.pk,
        "--periodo",
        1,
        "--cer",
        folder / "a.cer",
        "--key",
        folder / "a.key",
        "--contrasena-archivo",
        folder / "secreto",
        "--carpeta",
        folder / "acuse",
        *more,
    )


def test_prepare_says_the_figures_and_leaves_the_paper(campaign: Campaign, folder: Path, run: Run) -> None:
    campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
    code, out, _ = run(
        "informe", "preparar", "--contabilidad", campaign.ana.pk, "--periodo", 1, "--carpeta", folder / "p", "--json"
    )
    shape = json.loads(out)
    assert code == 0 and shape["egresos"] == "1000.00" and shape["folio"] == f"IC-{campaign.ana.pk}-P1-V1"
    assert (folder / "p" / "informe.pdf").read_bytes().startswith(b"%PDF")
    assert Presentacion.objects.count() == 0


def test_present_leaves_an_acuse_that_is_valid_offline(campaign: Campaign, folder: Path, run: Run) -> None:
    campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
    code, out, _ = present(run, folder, campaign)
    assert code == 0 and "presentado, recibido el 2024-05-02T12:00:00-06:00" in out
    left = {path.name for path in (folder / "acuse").iterdir()}
    assert {"acuse.json", "acuse.pdf", "informe.json", "informe.pdf", "balanza.csv", "casas.csv"} <= left
    assert run("informe", "raices", "--carpeta", folder)[0] == 0
    code, out, _ = present(run, folder, campaign)  # once more: the same act, now with its proof
    assert code == 0 and "ya estaba presentado" in out and Presentacion.objects.count() == 1
    verify = ("acuse", "verificar", folder / "acuse" / "acuse.json")
    code, out, _ = run(*verify, folder / "raices.json", "--archivos", folder / "acuse")
    assert code == 0 and "VÁLIDO" in out
    (folder / "acuse" / "informe.json").write_bytes(b"{}")
    code, out, _ = run(*verify, folder / "raices.json", "--archivos", folder / "acuse")
    assert code == 1 and "informe.json" in out
    with (folder / "acuse" / "balanza.csv").open("ab") as file:
        file.write(b" ")
    code, out, _ = run(*verify, folder / "raices.json", "--archivos", folder / "acuse")
    assert code == 1 and "balanza.csv" in out


def test_annexes_are_written_and_compared_with_the_books_of_their_cut(
    campaign: Campaign, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
    which = ("--contabilidad", campaign.ana.pk, "--periodo", 1)
    code, out, err = run("informe", "anexos", *which)
    assert (code, out) == (2, "") and "Prepárelo antes" in err
    assert run("informe", "preparar", *which)[0] == 0
    code, out, _ = run("informe", "anexos", *which, "--carpeta", folder / "x", "--json")
    shape = json.loads(out)
    assert code == 0 and all(each["igual"] for each in shape["anexos"])
    assert sorted(path.name for path in (folder / "x").iterdir()) == sorted(e["archivo"] for e in shape["anexos"])
    attach = shape["anexos"][0]
    assert sha256((folder / "x" / attach["archivo"]).read_bytes()).hexdigest() == attach["sha256"]
    house = NewCasa(
        "Casa",
        "comodato",
        "Luz Mora",
        "CHH",
        "Juárez",
        "Calle 1",
        date(2024, 4, 2),
        date(2024, 4, 9),
        valuacion=Money(50_000),
    )
    register_casa(campaign.ana, house, campaign.world.clerk)
    code, out, _ = run("informe", "anexos", *which)
    assert code == 1 and out.count("lo registrado después lo daría distinto") == 1
    with monkeypatch.context() as later:
        later.setattr("sif.filing.annexes.load_annexes", lambda _: {})
        code, out, _ = run("informe", "anexos", *which)
    assert code == 1 and "ya no se adjunta a ningún informe" in out and "lo daría distinto" not in out


def test_refusals_name_their_code_and_leave_nothing(campaign: Campaign, folder: Path, run: Run) -> None:
    code, out, err = present(run, folder, campaign)
    assert (code, out) == (1, "") and "[sin_movimientos_no_declarado]" in err
    (folder / "secreto").write_text("otra", encoding="utf-8")
    code, out, err = present(run, folder, campaign, "--sin-movimientos")
    assert (code, out) == (2, "") and "contraseña" in err
    assert not (folder / "acuse").exists() and Presentacion.objects.count() == 0
    with on("2024-04-20 12:00"):
        (folder / "secreto").write_text(minting.DEMO_PASSWORD, encoding="utf-8")
        code, _, err = present(run, folder, campaign, "--sin-movimientos")
    assert code == 1 and "[periodo_en_curso]" in err


@pytest.mark.parametrize(
    ("contabilidad", "periodo", "words"), [(999_999, 1, "999999"), (None, 7, "los que tiene: 1, 2")]
)
def test_what_does_not_exist_is_named(
    campaign: Campaign, run: Run, contabilidad: int | None, periodo: int, words: str
) -> None:
    number = contabilidad or campaign.ana.pk
    code, _, err = run("informe", "preparar", "--contabilidad", number, "--periodo", periodo)
    assert code == 2 and words in err and Informe.objects.count() == 0

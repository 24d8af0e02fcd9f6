"""`sif acuse verificar` as a person and as a program use it."""

import argparse
import copy
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from sif.commands import acuse as command
from sif.signing import acuse, cadena, heads, minting
from sif.signing.certificates import read_certificate
from sif.signing.efirma import Firma, open_key, sign
from sif.values import Money

AT = datetime(2024, 6, 1, tzinfo=UTC)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def papers() -> tuple[dict[str, Any], dict[str, Any]]:
    """An acuse with its proof, and the published roots."""
    authority = minting.mint_authority()
    pair = minting.mint_fiel(authority, "ROSA7701319A1", "", "ALICIA", date(2023, 1, 1), date(2027, 1, 1))
    cert = read_certificate(pair.cer)
    span = (date(2024, 3, 1), date(2024, 5, 29))
    money = (Money(100), Money(99))
    campos = cadena.CamposInforme(
        "F1", 1, "Partido", "101234", "IC normal", *span, *money, "0" * 64, cert.rfc, cert.serie, AT
    )
    text = cadena.informe_cadena(campos)
    firma = Firma(text, sign(text, open_key(pair.key, pair.password)), pair.cer)
    bare = acuse.build_acuse(campos, firma, [acuse.list_archivo("a.txt", b"a")], AT, authority.private_key)
    leaves = [b"otro", acuse.leaf_of(bare)]
    head = heads.build_head("acuses", leaves, authority.private_key)
    whole = acuse.with_proof(bare, heads.build_proof(head, leaves, 1))
    return whole, heads.build_heads([head], authority.private_key, AT)


@pytest.fixture
def folder(papers: tuple[dict[str, Any], dict[str, Any]], tmp_path: Path) -> Path:
    (tmp_path / "acuse.json").write_bytes(acuse.acuse_bytes(papers[0]))
    (tmp_path / "raices.json").write_text(json.dumps(papers[1]), encoding="utf-8")
    return tmp_path


@pytest.fixture
def sif(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str | Path) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser(prog="sif")
        command.register(parser.add_subparsers(required=True))
        args = parser.parse_args(["acuse", "verificar", *map(str, words)])
        code = args.run(args)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_valid(sif: Run, folder: Path) -> None:
    assert sif(folder / "acuse.json", folder / "raices.json") == (0, "VÁLIDO\n", "")


def test_without_the_root_it_does_not_say_valid(sif: Run, folder: Path) -> None:
    code, out, _ = sif(folder / "acuse.json")
    assert (code, out.splitlines()[0]) == (2, "ÍNTEGRO, FALTA COMPARAR LA RAÍZ")


def test_a_root_typed_from_a_journal(sif: Run, folder: Path, papers: tuple[dict[str, Any], dict[str, Any]]) -> None:
    assert sif(folder / "acuse.json", "--raiz", papers[1]["acuses"]["raiz"])[0] == 0
    code, out, _ = sif(folder / "acuse.json", "--raiz", "0" * 64)
    assert (code, out.splitlines()[0]) == (1, "ALTERADO")


def test_a_change_is_named(sif: Run, folder: Path, papers: tuple[dict[str, Any], dict[str, Any]]) -> None:
    changed = copy.deepcopy(papers[0])
    changed["informe"]["egresos"] = 98
    (folder / "acuse.json").write_bytes(acuse.acuse_bytes(changed))
    code, out, _ = sif(folder / "acuse.json", folder / "raices.json")
    assert code == 1
    assert out == "ALTERADO\n  cambió  informe.egresos: lo firmado dice 99 centavos y aquí dice 98 centavos\n"
    code, out, err = sif(folder / "acuse.json", folder / "raices.json", "--json")
    shape = json.loads(out)
    assert (code, shape["veredicto"], len(shape["cambios"]), err) == (1, "ALTERADO", 1, "")


def test_one_added_space_is_named(sif: Run, folder: Path) -> None:
    data = (folder / "acuse.json").read_bytes()
    (folder / "acuse.json").write_bytes(data.replace(b'"F1"', b' "F1"', 1))
    code, out, _ = sif(folder / "acuse.json", folder / "raices.json")
    assert code == 1
    assert "escritura" in out


def test_the_files_received(sif: Run, folder: Path) -> None:
    words = (folder / "acuse.json", folder / "raices.json", "--archivos", folder)
    assert sif(*words)[0] == 2, "a.txt is not there"
    (folder / "a.txt").write_bytes(b"a")
    assert sif(*words)[0] == 0
    (folder / "a.txt").write_bytes(b"b")
    assert sif(*words)[0] == 1


def test_no_name_in_an_acuse_writes_on_the_terminal(
    sif: Run, folder: Path, papers: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    made = copy.deepcopy(papers[0])
    for name in ("\x1b[2J\x1b[1;1HVÁLIDO", "\x9b2J", "\x00", "\u202egnp"):
        made["archivos"][0]["nombre"] = name
        (folder / "acuse.json").write_bytes(acuse.acuse_bytes(made))
        for words in ((), ("--json",)):
            _code, out, err = sif(folder / "acuse.json", folder / "raices.json", "--archivos", folder, *words)
            told = "archivo «" if name.startswith("\u202e") else "archivos[0].nombre: lleva un carácter de control"
            assert told in out and (out + err).replace("\n", "").isprintable(), ascii(out)


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"[1]", b'{"formato": "otro"}'])
def test_what_cannot_be_read(sif: Run, folder: Path, content: bytes | None) -> None:
    path = folder / "roto.json"
    if content is not None:
        path.write_bytes(content)
    code, out, err = sif(path)
    assert (code, out) == (2, "")
    assert "roto.json" in err
    assert json.loads(sif(path, "--json")[1])["veredicto"] == "ILEGIBLE"
    if content is None or not content.startswith((b"[", b"{")):
        assert sif(folder / "acuse.json", path)[0] == 2


def test_a_folder_is_not_an_acuse(sif: Run, folder: Path) -> None:
    code, _, err = sif(folder)
    assert code == 2
    assert "es una carpeta" in err


@pytest.mark.parametrize("typed", ["", "0" * 63, "g" * 64])
def test_a_root_that_is_no_root_accuses_nobody(sif: Run, folder: Path, typed: str) -> None:
    code, out, err = sif(folder / "acuse.json", "--raiz", typed)
    assert (code, out) == (2, "") and "una raíz son 64 letras y números" in err

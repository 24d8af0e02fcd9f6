"""An acuse checks itself without us: each part that changes is named, and only a published root makes it valid."""

import base64
import copy
import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from sif.signing import acuse, heads, minting, tree
from sif.signing.acuse_form import Unreadable
from sif.signing.cadena import informe_cadena
from sif.signing.efirma import Firma, sign
from sif.signing.verdict import ALTERADO, INTEGRO, VALIDO
from signing import two
from signing.altered import MUTATIONS, PLACE, ZEROS, flip, mutate
from signing.conftest import FILES, RECEIVED, Log, Officer, acuse_of, campos_of


def _names(verdict: acuse.Verdict) -> list[str]:
    return [line.split(":")[0] for line in verdict.cambios]


@pytest.fixture
def one(log: Log) -> dict[str, Any]:
    return copy.deepcopy(log.acuses[PLACE])


def test_valid_only_with_a_root(log: Log, one: dict[str, Any]) -> None:
    assert acuse.verify_acuse(one, log.raices) == acuse.Verdict(VALIDO, [], [])
    assert acuse.verify_acuse(one, raiz=log.head.raiz.upper()).veredicto == VALIDO
    in_groups = " ".join(log.head.raiz[at : at + 4] for at in range(0, 64, 4))
    assert acuse.verify_acuse(one, raiz=in_groups).veredicto == VALIDO
    alone = acuse.verify_acuse(one)
    assert (alone.veredicto, alone.exit_code) == (INTEGRO, 2)
    assert alone.sin_comprobar


def test_before_the_cut_it_waits_for_its_proof(log: Log, one: dict[str, Any]) -> None:
    verdict = acuse.verify_acuse(acuse.with_proof(one, {}) | {"prueba": None}, log.raices)
    assert (verdict.veredicto, verdict.exit_code) == (INTEGRO, 2)
    assert "antes del corte de su día" in verdict.sin_comprobar[0]
    assert "descárguelo otra vez de la página de su acuse" in verdict.sin_comprobar[0]


def test_without_roots_nor_proof_it_asks_for_both_at_once(one: dict[str, Any]) -> None:
    proof, roots = acuse.verify_acuse({**one, "prueba": None}).sin_comprobar
    assert "después del corte, descárguelo otra vez" in proof
    assert "falta raices.json, que se descarga de /registro/" in roots


def test_every_acuse_of_the_log(log: Log) -> None:
    assert {acuse.verify_acuse(each, log.raices).veredicto for each in log.acuses} == {VALIDO}


def test_a_certificate_of_the_same_key_that_the_cadena_does_not_name_is_named(
    alicia: Officer, demo_authority: minting.MintedAuthority, log: Log
) -> None:
    renewing = replace(demo_authority, keys=cycle([alicia.key]))
    other = minting.mint_fiel(renewing, "ROSA7701319A1", "", "ALICIA", date(2023, 1, 1), date(2027, 1, 1)).cer
    text = informe_cadena(campos_of(alicia))
    for cer, changed in ((alicia.minted.cer, []), (other, ["firma.certificado"])):
        firma = Firma(text, sign(text, alicia.key), cer)
        sealed = acuse.build_acuse(campos_of(alicia), firma, [], RECEIVED, log.authority)
        assert _names(acuse.verify_acuse(sealed)) == changed


@pytest.mark.parametrize(("path", "value", "named", "alone"), MUTATIONS)
def test_what_changed_is_named(
    log: Log, one: dict[str, Any], path: str, value: Any, named: list[str], alone: list[str] | None
) -> None:
    mutate(one, path, value)
    with_roots = acuse.verify_acuse(one, log.raices)
    assert (with_roots.veredicto, _names(with_roots), with_roots.exit_code) == (ALTERADO, named, 1)
    without = acuse.verify_acuse(one)
    assert (without.veredicto, _names(without)) == (ALTERADO, alone or named)


def test_the_table_covers_every_key(one: dict[str, Any]) -> None:
    keys = {key for key in one if key not in ("formato", "informe", "firma", "prueba")}
    for name in ("informe", "firma", "prueba"):
        keys |= {f"{name}.{key}" for key in one[name]}
    assert keys <= {path for path, *_ in MUTATIONS}


def test_both_signatures_are_judged(log: Log, alicia: Officer, pool: list[Any]) -> None:
    for name, acuse_of_two, raices, named in two.altered(log, alicia, two.second(pool[1])):
        verdict = acuse.verify_acuse_file(acuse.acuse_bytes(acuse_of_two), raices)
        assert set(named) <= set(_names(verdict)) <= {*named, "prueba.indice", "cadena", "prueba"}, name
        assert verdict.veredicto == ("ALTERADO" if named else "VÁLIDO"), name


def test_figure_and_cadena_changed_together(log: Log, one: dict[str, Any]) -> None:
    one["informe"]["egresos"] = 1
    one["firma"]["cadena"] = one["firma"]["cadena"].replace("14999999", "1")
    assert _names(acuse.verify_acuse(one, log.raices)) == ["firma.cadena", "informe"]


def test_hour_and_cadena_of_the_acuse_changed_together(log: Log, one: dict[str, Any]) -> None:
    one["recibido_el"] = "2024-05-31T23:40:11-06:00"
    one["cadena"] = one["cadena"].replace("23:40:12", "23:40:11")
    assert _names(acuse.verify_acuse(one, log.raices)) == ["cadena"]
    one["prueba"] = None
    assert _names(acuse.verify_acuse(one)) == ["cadena, sello_autoridad o autoridad"]


def test_the_proof_of_another_acuse(log: Log, one: dict[str, Any]) -> None:
    one["prueba"] = copy.deepcopy(log.acuses[PLACE - 1]["prueba"])
    assert acuse.verify_acuse(one, log.raices).veredicto == ALTERADO


def test_a_whole_forgery_is_never_valid(log: Log, alicia: Any, pool: list[Any]) -> None:
    forger = pool[1]
    forged = acuse_of(alicia, forger)
    head = heads.build_head("acuses-2024", [acuse.leaf_of(forged)], forger)
    forged = acuse.with_proof(forged, heads.build_proof(head, [acuse.leaf_of(forged)], 0))
    assert acuse.verify_acuse(forged).veredicto == INTEGRO
    assert "autoridad" in _names(acuse.verify_acuse(forged, log.raices))
    assert acuse.verify_acuse(forged, raiz=log.head.raiz).veredicto == ALTERADO


def test_roots_of_another_cut_do_not_accuse(log: Log, one: dict[str, Any], alicia: Any) -> None:
    leaves = [acuse.leaf_of(each) for each in log.acuses]
    leaves.append(acuse.leaf_of(acuse_of(alicia, log.authority, "IC-2024-000099")))
    later = heads.build_head("acuses-2024", leaves, log.authority)
    verdict = acuse.verify_acuse(one, heads.build_heads([later], log.authority, RECEIVED))
    assert (verdict.veredicto, verdict.exit_code) == (INTEGRO, 2)
    assert "corte de 11" in verdict.sin_comprobar[0]
    grown = heads.build_consistency(log.head, later, leaves)
    path = [bytes.fromhex(step) for step in grown["ruta"]]
    assert tree.verify_consistency(11, 12, bytes.fromhex(log.head.raiz), bytes.fromhex(later.raiz), path)


@pytest.mark.parametrize("spoil", ["sello", "publicado_el", "autoridad", "formato", "acuses-2023"])
def test_spoiled_roots_vouch_for_nothing(log: Log, one: dict[str, Any], spoil: str) -> None:
    raices = copy.deepcopy(log.raices)
    raices[spoil] = {"raiz": ZEROS, "tamano": 3, "sello": ""} if spoil == "acuses-2023" else flip(raices[spoil], 3)
    verdict = acuse.verify_acuse(one, raices)
    assert (verdict.veredicto, verdict.exit_code) == (INTEGRO, 2)
    assert verdict.sin_comprobar[0].startswith("raices.json")


def test_a_published_root_that_is_another(log: Log, one: dict[str, Any]) -> None:
    other = heads.Head("acuses-2024", ZEROS, 11, "")
    sealed = heads.Head("acuses-2024", ZEROS, 11, sign(other.cadena, log.authority))
    verdict = acuse.verify_acuse(one, heads.build_heads([sealed], log.authority, RECEIVED))
    assert (verdict.veredicto, _names(verdict)) == (ALTERADO, ["prueba.raiz"])


def test_the_files_received(log: Log, one: dict[str, Any], tmp_path: Path) -> None:
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    assert acuse.verify_acuse(one, log.raices, tmp_path).exit_code == 0
    (tmp_path / "Relación Ñ.xlsx").write_bytes(b"uno\ntres")
    assert _names(acuse.verify_acuse(one, log.raices, tmp_path)) == ["archivo «Relación Ñ.xlsx»"]
    (tmp_path / "Relación Ñ.xlsx").unlink()
    missing = acuse.verify_acuse(one, log.raices, tmp_path)
    assert (missing.veredicto, missing.exit_code) == (VALIDO, 2)
    assert "Relación Ñ.xlsx" in missing.sin_comprobar[0]


@pytest.mark.parametrize("name", ["../a", "a/b", "a\\b", "", "..", "a:b", "a\nb", " a"])
def test_a_listed_file_has_a_plain_name(name: str) -> None:
    with pytest.raises(ValueError, match=r"archivo del acuse|cadena"):
        acuse.list_archivo(name, b"")


@pytest.mark.parametrize("bit", [0, 5])
def test_no_flipped_byte_passes(log: Log, one: dict[str, Any], bit: int) -> None:
    data = acuse.acuse_bytes(one)
    assert acuse.verify_acuse_file(data, log.raices).exit_code == 0
    for place in range(bit, len(data), 6):
        flipped = data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]
        try:
            verdict = acuse.verify_acuse_file(flipped)
        except Unreadable:
            continue
        assert verdict.veredicto == ALTERADO, (place, flipped[place - 20 : place + 20])
        assert verdict.cambios


def test_the_same_values_written_otherwise(log: Log, one: dict[str, Any]) -> None:
    for data in (
        json.dumps(one).encode(),
        acuse.acuse_bytes(one) + b"\n",
        acuse.acuse_bytes(one).replace(b"\n", b"\r\n"),
    ):
        verdict = acuse.verify_acuse_file(data, log.raices)
        assert (verdict.veredicto, _names(verdict)) == (ALTERADO, ["escritura"])


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff", b"{", b"[]", b"null", b'{"formato":"sif-acuse/3"}', b'{"a":1,"a":2}', b"[" * 99999, b'{"a":NaN}'],
)
def test_what_is_not_an_acuse(data: bytes) -> None:
    with pytest.raises(Unreadable):
        acuse.verify_acuse_file(data)


@pytest.mark.parametrize("path", ["prueba", "informe", "firma", "archivos", "cadena"])
@pytest.mark.parametrize("value", [1, True, [1], {"x": "y"}, "x", 1.5])
def test_values_of_another_type_are_named(one: dict[str, Any], path: str, value: Any) -> None:
    one[path] = value
    verdict = acuse.verify_acuse(one)
    assert verdict.veredicto == ALTERADO
    assert all(name.startswith((path, "informe", "firma")) for name in _names(verdict))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no hay openssl en el PATH")
def test_the_manual_check_with_openssl_alone(one: dict[str, Any], tmp_path: Path) -> None:
    def check(cadena: str, sello: str, key: list[str | Path]) -> str:
        (tmp_path / "cadena").write_text(cadena, encoding="utf-8")
        (tmp_path / "sello").write_bytes(base64.b64decode(sello))
        subprocess.run(["openssl", *key, "-out", tmp_path / "pub"], check=True)
        words = ["openssl", "dgst", "-sha256", "-verify", tmp_path / "pub", "-signature", tmp_path / "sello"]
        done = subprocess.run([*words, tmp_path / "cadena"], capture_output=True, text=True, check=False)
        return done.stdout.strip()

    cer, spki = tmp_path / "cer", tmp_path / "spki"
    cer.write_bytes(base64.b64decode(one["firma"]["certificado"]))
    spki.write_bytes(base64.b64decode(one["autoridad"]))
    of_cer: list[str | Path] = ["x509", "-inform", "DER", "-in", cer, "-pubkey", "-noout"]
    of_spki: list[str | Path] = ["pkey", "-pubin", "-inform", "DER", "-in", spki, "-pubout"]
    assert check(one["firma"]["cadena"], one["firma"]["sello"], of_cer) == "Verified OK"
    assert check(one["cadena"], one["sello_autoridad"], of_spki) == "Verified OK"

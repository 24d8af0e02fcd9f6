"""`sif cfdi verificar`: one JSON object a line, and an exit code that says whether all is sound."""

import argparse
import json

import pytest

from cfdi.conftest import mint, write
from public_data import public
from sif.cfdi import ComplementoIne, EntidadIne
from sif.commands import cfdi

__all__ = ["mint", "write"]


def sif(*words):
    parser = argparse.ArgumentParser()
    cfdi.register(parser.add_subparsers())
    args = parser.parse_args(words)
    return args.run(args)


def test_json_has_one_object_for_each_xml_and_nothing_else(capsys):
    folder = public("cfdi")
    assert sif("cfdi", "verificar", str(folder), "--json") == 1
    out, err = capsys.readouterr()
    rows = [json.loads(line) for line in out.splitlines()]
    assert len(rows) == len(list(folder.rglob("*.xml"))) and err == ""
    keys = ["archivo", "version", "uuid", "emisor", "receptor", "total", "sello", "ine", "problemas"]
    assert all(list(row) == keys for row in rows)
    assert all(set(problem) == {"codigo", "donde", "mensaje", "cura"} for row in rows for problem in row["problemas"])
    assert {row["sello"] for row in rows} == {"valido", "invalido", "ausente", "no_verificable"}
    assert [row["archivo"].rsplit("/", 1)[1] for row in rows if row["version"] is None] == [
        "CatalogoCuentas.xml",
        "balanza.xml",
        "poliza.xml",
    ]


def test_a_sound_invoice_ends_with_zero(capsys):
    path = str(public("cfdi", "phpcfdi", "cfdi33-real.xml"))
    assert sif("cfdi", "verificar", path, "--json") == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["version"], row["sello"], row["problemas"]) == ("3.3", "valido", [])
    assert sif("cfdi", "verificar", path) == 0
    assert "1 archivos: 1 sin problemas" in capsys.readouterr().out


def test_problems_are_told_with_their_cure(tmp_path, capsys):
    (tmp_path / "malo.xml").write_bytes(b"<a/>")
    (tmp_path / "\x1b[2Jotro.xml").write_bytes(b"<a/>")
    assert sif("cfdi", "verificar", str(tmp_path)) == 1
    out = capsys.readouterr().out
    assert "\x1b" not in out and "?[2Jotro.xml" in out
    assert "no_es_cfdi" in out and "→ Elija el XML de la factura" in out


def test_a_missing_path_ends_with_two_and_prints_nothing_on_stdout(tmp_path, capsys):
    assert sif("cfdi", "verificar", str(tmp_path / "nada"), "--json") == 2
    out, err = capsys.readouterr()
    assert out == "" and "No existe la ruta" in err


def test_what_the_ine_complement_says_is_printed(tmp_path, capsys, write):
    ordinary = ComplementoIne("1.1", "Ordinario", "Ejecutivo Estatal", None, (EntidadIne("JAL", "", (7, 8)),))
    (tmp_path / "a.xml").write_bytes(write())
    (tmp_path / "b.xml").write_bytes(write(ine=ordinary))
    (tmp_path / "c.xml").write_bytes(write(ine=None))
    (tmp_path / "d.xml").write_bytes(b"<a/>")
    sif("cfdi", "verificar", str(tmp_path), "--json")
    campaign, party, without, unread = (json.loads(line)["ine"] for line in capsys.readouterr().out.splitlines())
    assert campaign == {
        "tipo_proceso": "Campaña",
        "tipo_comite": None,
        "id_contabilidad": None,
        "entidades": [{"clave": "JAL", "ambito": "Local", "contabilidades": [102934]}],
    }
    assert (party["tipo_comite"], party["entidades"]) == (
        "Ejecutivo Estatal",
        [{"clave": "JAL", "ambito": None, "contabilidades": [7, 8]}],
    )
    assert (without, unread) == (None, None)
    sif("cfdi", "verificar", str(tmp_path))
    out = capsys.readouterr().out
    assert "  complemento INE Campaña; JAL Local 102934\n" in out
    assert "  complemento INE Ordinario Ejecutivo Estatal; JAL 7 8\n" in out


def test_help_has_an_example(capsys):
    with pytest.raises(SystemExit) as ended:
        sif("cfdi", "verificar", "--help")
    assert ended.value.code == 0
    assert "sif cfdi verificar facturas/ lote.zip --json" in capsys.readouterr().out

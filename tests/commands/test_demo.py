"""`sif demo` never touches what is not its own, and tells why in words."""

import argparse
import json
from typing import Any

import pytest

from sif.commands import demo
from sif.commands.main import build_parser
from sif.demo.marker import Loaded
from sif.demo.report import lines_of

REPORT: dict[str, Any] = {
    "semilla": 5, "segundos": 1.5, "construido": {"pólizas": 10},
    "verdad": {
        "exacto": False,
        "reglas": [
            {"regla": "EV001", "plantadas": 2, "encontradas": 1, "fallas": ["poliza_id=9: sin papeles"], "falsas": [],
             "distintas": [], "nota": ""},
            {"regla": "LI001", "plantadas": 0, "encontradas": 0, "fallas": [], "falsas": ["poliza_id=4: descuadrada"],
             "distintas": [], "nota": "no se puede provocar"},
        ],
    },
}  # fmt: skip


def args(*words: str) -> argparse.Namespace:
    return build_parser().parse_args(["demo", *words])


@pytest.mark.parametrize(
    ("loaded", "words", "external", "says"),
    [
        (Loaded("vacia"), (), False, ""),
        (Loaded("vacia"), (), True, ""),
        (Loaded("ajena"), (), False, "no son de la demostración"),
        (Loaded("ajena"), ("--de-nuevo",), False, "no son de la demostración"),
        (Loaded("completa", demo.SEED), (), True, ""),
        (Loaded("completa", demo.SEED), ("--semilla", "8"), False, "--de-nuevo"),
        (Loaded("completa", demo.SEED), ("--semilla", "8", "--de-nuevo"), False, ""),
        (Loaded("completa", demo.SEED), ("--de-nuevo",), True, "DATABASE_URL"),
        (Loaded("incompleta", demo.SEED), (), False, ""),
        (Loaded("incompleta", demo.SEED), (), True, "DATABASE_URL"),
    ],
)
def test_reasons(loaded: Loaded, words: tuple[str, ...], external: bool, says: str) -> None:
    reason = demo._reason_not_to(args(*words), loaded, is_external=external)
    assert says in reason
    assert bool(reason) is bool(says)


def test_production_is_never_a_demonstration(
    monkeypatch: pytest.MonkeyPatch, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.PRODUCTION = True
    monkeypatch.setattr(demo.database, "setup_django", lambda **_given: None)
    monkeypatch.setattr(demo.database, "migrate", lambda: pytest.fail("tocó la base"))
    assert demo.run(args("--sin-servidor")) == 2
    assert "SIF_ENTORNO dice «produccion»" in capsys.readouterr().err


def test_a_loaded_demonstration_is_not_built_again(
    db: None, settings: Any, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from sif.demo import marker
    from sif.registry.services import create_proceso

    settings.DATOS = tmp_path
    marker.begin(5)
    marker.finish(REPORT)
    create_proceso(clave="P", nombre="Proceso", ambito="local", entidad="MEX", anio=2026)
    assert demo._report(args("--semilla", "5", "--json"), is_external=False) == json.loads(json.dumps(REPORT))
    told = capsys.readouterr()
    assert told.out == ""
    assert "ya está cargada" in told.err
    assert demo._report(args("--semilla", "6"), is_external=False) is None
    assert "semilla 5" in capsys.readouterr().err


def test_the_table_names_every_miss_and_every_false_alarm() -> None:
    text = "\n".join(lines_of(REPORT))
    assert "Se encontraron 1 de 2 faltas plantadas; falsas alarmas: 1." in text
    assert "NO SE HALLÓ  EV001  poliza_id=9: sin papeles" in text
    assert "FALSA ALARMA LI001  poliza_id=4: descuadrada" in text
    assert "LI001 no se plantó: no se puede provocar." in text

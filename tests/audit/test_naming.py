"""What a judged row is about is said in words, and never by a key of a table."""

import re
from datetime import time
from typing import Any

import pytest

from sif.audit.models import Hallazgo
from sif.audit.naming import WHOLE, named_in, names_of
from sif.catalogs.services.campaign_events import NewEvento, register_evento
from sif.proceedings.oficio_sheet import annex_row
from sif.registry.scope import everything
from sif.rulebook.reading import load_rules

RULES = load_rules("mx")


def judged(clave: str, **row: Any) -> Hallazgo:
    return Hallazgo(pk=1, clave=clave, fila=row, monto=100, contabilidad_id=7)


@pytest.mark.parametrize(
    ("clave", "row", "words"),
    [
        ("poliza_id=4", {"referencia": "PN1/EG-4"}, "PN1/EG-4"),
        ("evento_id=8", {"evento_id": 8, "fecha": "2026-05-12"}, "Evento del 12/05/2026"),
        ("linea_id=17", {"fecha": "2026-05-12", "descripcion": "DEPOSITO"}, "Banco, 12/05/2026: DEPOSITO"),
        ("cuenta_bancaria_id=3", {"clabe": "014180655000000123"}, "Cuenta con terminación 0123"),
        ("estado_id=3", {"hasta": "2026-05-31"}, "Estado de cuenta al 31/05/2026"),
        ("contabilidad_id=7", {"tope": 5}, WHOLE),
        ("contabilidad_id=7;periodo_id=1", {"vence_el": "2026-06-04"}, "Informe que venció el 04/06/2026"),
        ("evento_id=8", {}, "Evento"),
        ("pauta_id=2", {"version": ""}, "Mensaje"),
    ],
)
def test_a_row_is_named_by_what_it_brings(clave: str, row: dict[str, Any], words: str) -> None:
    assert named_in(judged(clave, **row)) == words


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_key_of_every_rule_has_words(rule: Any) -> None:
    clave = ";".join(f"{column}=5" for column in rule.key)
    said = named_in(judged(clave, **dict.fromkeys(rule.key, 5)))
    assert not re.search(r"_id|=", said)
    assert said != WHOLE or list(rule.key) == ["contabilidad_id"]


def test_an_annex_gives_the_name_of_an_event(world: Any) -> None:
    with everything():
        where = ("MEX", "San Jacinto", "Plaza", "Ana")
        day = world.periods[0].hasta
        new = NewEvento("Mitin de cierre", "publico", False, day, time(10), time(12), *where)
        event = register_evento(world.books, new, world.clerk)
        fact = judged(f"evento_id={event.identidad}", evento_id=event.identidad, fecha=f"{event.fecha:%Y-%m-%d}")
        name = names_of([fact])[1]
    assert name == f"{event.nombre}. Evento del {event.fecha:%d/%m/%Y}"
    assert annex_row(1, fact, name)[2] == name

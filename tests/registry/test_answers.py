"""What answers a row enters after it: a guard of two people that compares with nothing finds nothing wrong."""

import json
import re

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from rfcs import new_rfc
from sif.registry.models import Usuario
from sif.registry.scope import acting, set_scope
from sif.registry.services import create_usuario
from small_world import World

pytestmark = pytest.mark.django_db
NOT_THERE = 999_999_999
ANSWERS_NOTHING = {
    "audit_observacion": "su versión pide a la que reemplaza",
    "audit_propuesta": "su guarda pregunta solo por otras de su tabla",
    "filing_deposito": "su guarda pide la función de quien deposita",
    "jobs_trabajopieza": "su guarda niega el recibo de un trabajo que no está",
    "proceedings_resolucion": "su guarda compara dos días de su fila",
    "registry_conveniocoalicion": "su guarda niega el de una coalición que no está",
    "registry_integrantecoalicion": "su guarda pide que su convenio entre en la misma transacción, antes",
    "registry_invitacion": "su guarda pide que quien invita pueda",
    "registry_nombramiento": "su guarda pide un enlace, una propuesta o quien nombre",
    "registry_ventana": "su guarda pregunta por otras de su periodo y por el acto que la alarga",
    "statutes_basepropuesta": "su guarda pide la función de quien propone",
}


def of_triggers(condition: str) -> dict[str, bytes]:
    """The tables of records where a trigger before each insert fulfils a condition, with its arguments."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgrelid::regclass::text, t.tgargs FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            f" WHERE t.tgtype & 7 = 7 AND {condition}"
        )
        return {table: bytes(said) for table, said in cursor.fetchall()}


def test_each_guard_of_an_answer_finds_what_it_answers(world: World) -> None:
    judges = "starts_with(p.proname, 'sif_guard_') AND p.proname <> 'sif_guard_ahora'"  # which looks at no other row
    guarded = of_triggers(judges).keys() - {"procrastinate_jobs"}
    follow, hung = of_triggers("p.proname = 'sif_follow'").keys(), of_triggers("p.proname = 'sif_with_its_act'").keys()
    bare = sorted(guarded - follow - hung - ANSWERS_NOTHING.keys())
    assert not bare, f"{bare}: póngales protection.follows"
    assert not ANSWERS_NOTHING.keys() & follow and ANSWERS_NOTHING.keys() <= guarded


def refusal(table: str, row: dict[str, object]) -> str:
    """What the database says of a row; nothing of it stays."""
    names = ", ".join(row)
    sql = f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_record(NULL::{table}, %s::jsonb)"
    with acting(), pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(row)])
    return str(refused.value)


@pytest.mark.parametrize("sense", ["aprobada", "confirmada", "retirada"])
def test_an_answer_does_not_enter_before_what_it_answers(world: World, sense: str) -> None:
    who = create_usuario("elsa", "Elsa", "", rfc=new_rfc(), password_hash="!")
    set_scope("todo", who.pk)
    models = {each._meta.db_table: each for each in apps.get_models()}
    open_to_all = []
    for table, said in of_triggers("p.proname = 'sif_follow'").items():
        fields = models[table]._meta.concrete_fields
        row: dict[str, object] = {each.column: who.pk for each in fields if each.related_model is Usuario}
        row |= {said.split(b"\0")[0].decode(): NOT_THERE}
        row |= {"sentido": sense} if "sentido" in {each.column for each in fields} else {}
        if re.search("null value|row-level security|violates", refusal(table, row)):  # no trigger said anything
            open_to_all.append(table)
    assert not open_to_all

"""The API of other programs: with a key, its own books, all or none, once, and told in its place."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scene import LEAFLETS, PAYABLE, RFC_SUPPLIER
from sif.batch.claves import DAYS, create_key, key_of, revoke_key
from sif.batch.models import ClaveApi, FilaLote, Lote, PeticionApi
from sif.books.models import Poliza
from sif.registry import clock
from sif.registry.scope import acting, everything
from sif.registry.services import NewCandidatura, approve_candidatura, register_persona
from sif.web.api import acts


def message(scene: Any, *ids: str, **changes: Any) -> dict[str, Any]:
    """Pólizas of leaflets on credit; `changes` go to the debit of the first."""
    own = {"auxiliar_tipo": "proveedor", "auxiliar_id": RFC_SUPPLIER}
    made: list[dict[str, Any]] = [
        {
            "id": each,
            "periodo": 1,
            "subtipo": "DR",
            "fecha_operacion": scene.periodos[0].hasta.isoformat(),
            "descripcion": "Compra de volantes",
            "lineas": [{"cuenta": LEAFLETS, "cargo": "100.00", **own}, {"cuenta": PAYABLE, "abono": "100.00", **own}],
        }
        for each in ids
    ]
    made[0]["lineas"][0] |= changes
    return {"polizas": made}


@pytest.fixture
def program(scene: Any) -> Any:
    """A program with a key of a person: asks and gives back the answer."""

    def ask(person: Any, path: str, body: Any = None, key: str = "k1", token: str = "") -> Any:
        text = token or create_key(person, "Programa de prueba").texto
        headers = {"authorization": f"Bearer {text}"}
        if body is None:
            return Client().get(f"/api/v1/{path}", headers=headers)
        headers |= {"idempotency-key": key} if key else {}
        data = body if isinstance(body, str) else json.dumps(body)
        return Client().post(f"/api/v1/{path}", data, content_type="application/json", headers=headers)

    return ask


def test_polizas_are_posted_once_however_often_they_are_sent(scene: Any, program: Any) -> None:
    path, sent = f"contabilidades/{scene.libros.pk}/polizas", message(scene, "A-1", "A-2")
    first = program(scene.alicia, path, sent)
    assert first.status_code == 201
    answer = first.json()
    assert [each["id"] for each in answer["polizas"]] == ["A-1", "A-2"]
    assert answer["polizas"][1]["asiento"] == 2
    again = program(scene.alicia, path, sent)
    assert (again.status_code, again.json()) == (200, answer)
    other_key = program(scene.alicia, path, sent, key="k2")
    assert (other_key.status_code, other_key.json()) == (200, answer)
    assert program(scene.alicia, path, message(scene, "A-3")).json()["errores"][0]["codigo"] == "clave_reusada"
    twice = program(scene.alicia, path, message(scene, "A-2", "A-4"), key="k3")
    assert [(e["poliza"], e["codigo"]) for e in twice.json()["errores"]] == [("A-2", "ya_registrada")]
    with everything():
        assert Poliza.objects.count() == 2


def test_one_bad_line_refuses_all_and_is_told_in_its_place(scene: Any, program: Any) -> None:
    path = f"contabilidades/{scene.libros.pk}/polizas"
    answer = program(scene.alicia, path, message(scene, "A-1", "A-2", cargo="0.005"))
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    [error] = answer.json()["errores"]
    assert (error["fila"], error["poliza"], error["columna"], error["codigo"]) == (1, "A-1", "cargo", "importe")
    assert "3 decimales" in error["mensaje"] and error["cura"]
    with everything():
        assert not Poliza.objects.exists() and not Lote.objects.exists() and not PeticionApi.objects.exists()
    assert program(scene.alicia, path, message(scene, "A-1", "A-2")).status_code == 201  # the key was not spent


@pytest.mark.parametrize(
    ("body", "column"),
    [
        ("{", ""),
        ('{"polizas": []}', "polizas"),
        ('{"polizas": [{}]}', "polizas.0.id"),
        ('{"polizas": [], "otra": 1}', "otra"),
        ("[]", ""),
    ],
)
def test_a_message_of_another_shape_is_told(scene: Any, program: Any, body: str, column: str) -> None:
    answer = program(scene.alicia, f"contabilidades/{scene.libros.pk}/polizas", body)
    assert answer.status_code in (400, 422)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not column or column in [
        ".".join(e["columna"].split(".")[-len(column.split(".")) :]) for e in answer.json()["errores"]
    ]


def test_an_amount_must_be_a_text_and_the_key_is_asked(scene: Any, program: Any) -> None:
    path = f"contabilidades/{scene.libros.pk}/polizas"
    assert program(scene.alicia, path, message(scene, "A-1", cargo=100.5)).status_code == 422
    assert program(scene.alicia, path, message(scene, "A-1"), key="").status_code == 422
    with everything():
        assert not Poliza.objects.exists()


def test_nobody_enters_without_a_key_in_force(scene: Any, program: Any) -> None:
    made = create_key(scene.alicia, "Programa")
    path = "contabilidades"
    assert program(None, path, token=made.texto).status_code == 200
    for wrong in ("sif_otra", "otra", made.texto[:-1]):
        answer = program(None, path, token=wrong)
        assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
    assert Client().get(f"/api/v1/{path}").status_code == 401
    revoke_key(made.clave, scene.alicia)
    assert program(None, path, token=made.texto).status_code == 401
    with clock.at(clock.now() - timedelta(days=DAYS, seconds=1)):
        old = create_key(scene.alicia, "Vieja")
    assert program(None, path, token=old.texto).status_code == 401
    with pytest.raises(PermissionError):
        revoke_key(old.clave, scene.carla)


def test_a_key_that_only_reads_is_refused_every_act_and_reads_all_the_same(
    scene: Any, program: Any, client: Client
) -> None:
    key = create_key(scene.alicia, "Tablero", solo_lectura=True).texto
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    acts = [(path, verb) for path, verbs in paths.items() for verb in verbs if verb not in ("get", "head")]
    assert acts == [("/api/v1/contabilidades/{number}/polizas", "post")]
    for path, verb in acts:
        answer = getattr(client, verb)(
            path.format(number=scene.libros.pk),
            json.dumps(message(scene, "A-1")),
            content_type="application/json",
            headers={"authorization": f"Bearer {key}", "idempotency-key": "k"},
        )
        assert (answer.status_code, answer.headers["Content-Type"]) == (403, "application/problem+json")
        told = answer.json()
        assert told["type"] == "urn:sif:problema:solo_lectura" and "La clave «Tablero» solo consulta" in told["detail"]
    with everything():
        assert not Poliza.objects.exists() and not Lote.objects.exists() and not PeticionApi.objects.exists()
    base = f"contabilidades/{scene.libros.pk}"
    for path in ("contabilidades", f"{base}/cuentas", f"{base}/polizas", f"{base}/balanza", f"{base}/lotes"):
        assert program(None, path, token=key).status_code == 200
    assert not any(each["puede_registrar"] for each in program(None, "contabilidades", token=key).json())
    assert any(each["puede_registrar"] for each in program(scene.alicia, "contabilidades").json())
    assert program(None, f"contabilidades/{scene.ajenos.pk}/polizas", token=key).status_code == 404
    assert program(scene.carla, f"{base}/polizas").status_code == 404


def test_what_a_key_may_do_is_chosen_when_it_is_made_and_is_seen_in_its_list(
    scene: Any, program: Any, enter: Any
) -> None:
    alicia, place = enter(scene.alicia), reverse("party:lotes_claves")
    for wrong in ({}, {"alcance": "todo"}):
        refused = alicia.post(place, {"nombre": "Tablero", **wrong})
        assert refused.status_code == 422 and "Elija si solo consulta o también registra." in refused.text
        assert 'value="Tablero"' in refused.text
    assert not ClaveApi.objects.exists()
    for name, scope, status, said in (
        ("Tablero", "consulta", 403, "Solo consulta"),
        ("Contpaq", "registro", 201, "Consulta y registra"),
    ):
        page = alicia.post(place, {"nombre": name, "alcance": scope}, follow=True).text
        (text,) = set(re.findall(r"sif_[\w-]{43}", page))
        assert page.count(f"{said} · Hecha") == 1
        path = f"contabilidades/{scene.libros.pk}/polizas"
        assert program(None, path, message(scene, f"A-{name}"), key=name, token=text).status_code == status


def test_a_key_of_before_the_choice_says_nothing_and_posts(
    scene: Any, program: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sif.web.api.door.key_of", lambda text: _of_before(key_of(text)))
    assert program(scene.alicia, f"contabilidades/{scene.libros.pk}/polizas", message(scene, "A-1")).status_code == 201


def _of_before(key: ClaveApi | None) -> ClaveApi | None:
    if key is not None:
        key.solo_lectura = None
    return key


def test_a_program_sees_only_the_books_of_its_person(scene: Any, program: Any) -> None:
    mine = {each["numero"] for each in program(scene.alicia, "contabilidades").json()}
    assert mine == {scene.libros.pk, scene.otros.pk}
    base = f"contabilidades/{scene.ajenos.pk}"
    for path in ("polizas", "balanza", "lotes", "lotes/1", "cuentas"):
        assert program(scene.alicia, f"{base}/{path}").status_code == 404
    assert program(scene.alicia, f"{base}/polizas", message(scene, "A-1")).status_code == 404
    assert program(scene.dario, f"contabilidades/{scene.libros.pk}/polizas", message(scene, "A-1")).status_code == 403


def test_a_program_reads_the_day_and_the_accord_of_the_approval(scene: Any, program: Any) -> None:
    first, approval = scene.libros.candidatura, (scene.etapa.inicia_el, "INE/CG232/2024")
    who = (register_persona("Eva Ríos"), scene.partido, first.cargo, first.territorio)
    books = approve_candidatura(scene.etapa, NewCandidatura("F-9", *who, 1000, "A", *approval))
    told = {row["numero"]: row for row in program(scene.alicia, "contabilidades").json()}
    seen = {n: (told[n]["contiende_desde"], told[n]["acuerdo_aprobacion"]) for n in (scene.libros.pk, books.pk)}
    assert seen == {scene.libros.pk: (None, ""), books.pk: (scene.etapa.inicia_el.isoformat(), "INE/CG232/2024")}


def test_what_was_posted_is_read_back_to_the_cent(scene: Any, program: Any) -> None:
    base = f"contabilidades/{scene.libros.pk}"
    program(scene.alicia, f"{base}/polizas", message(scene, "A-1", "A-2"))
    page = program(scene.alicia, f"{base}/polizas").json()
    assert (page["total"], page["siguiente"], [each["id"] for each in page["polizas"]]) == (2, None, ["A-1", "A-2"])
    assert page["polizas"][0]["lineas"][0]["cargo"] == "100.00"
    sums = {row["cuenta"]: row["saldo"] for row in program(scene.alicia, f"{base}/balanza").json()}
    assert sums == {LEAFLETS: "200.00", PAYABLE: "200.00"}
    [lot] = program(scene.alicia, f"{base}/lotes").json()
    assert (lot["origen"], lot["estado"], lot["renglones"], lot["con_error"], lot["aplicadas"]) == (
        "api",
        "aplicado",
        4,
        0,
        2,
    )
    assert program(scene.alicia, f"{base}/lotes/{lot['lote']}").json()["errores"] == []
    assert any(row["cuenta"] == LEAFLETS for row in program(scene.alicia, f"{base}/cuentas").json())
    assert program(scene.alicia, f"{base}/polizas?desde=2100-01-01").json()["total"] == 0


def test_each_long_list_is_read_whole_from_the_last_row_seen(
    scene: Any, program: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By keys and not by number of page: what is posted in between neither repeats a row nor leaves one out."""
    for limit in ("PAGE", "LOTS", "BAD_ROWS"):
        monkeypatch.setattr(acts, limit, 1)
    base, ids = f"contabilidades/{scene.libros.pk}", ("A-1", "A-2", "A-3")
    for place, each in enumerate(ids):
        program(scene.alicia, f"{base}/polizas", message(scene, each), key=f"k{place}")

    def pages(path: str, part: str = "") -> list[Any]:
        found, address = [], path
        while address:
            assert len(found) < 9
            answer = program(scene.alicia, address)
            told = answer.json()
            found += told[part] if part else told
            if part:
                address = f"{path}?despues={told['siguiente']}" if told["siguiente"] else ""
            else:
                link = re.fullmatch(r'<http://testserver/api/v1/(.+)>; rel="next"', answer.headers.get("Link", "<>"))
                address = link[1] if link else ""
        return found

    assert [each["id"] for each in pages(f"{base}/polizas", "polizas")] == list(ids)
    assert [each["numero"] for each in pages("contabilidades")] == sorted([scene.libros.pk, scene.otros.pk])
    lots = [each["lote"] for each in pages(f"{base}/lotes")]
    assert len(lots) == 3 and lots == sorted(lots, reverse=True)
    wrong = FilaLote.objects.filter(lote=lots[0])
    with acting():
        wrong.update(problemas=[{"codigo": "x", "columna": "cargo", "mensaje": "No.", "cura": "Sí."}])
    assert [each["fila"] for each in pages(f"{base}/lotes/{lots[0]}", "errores")] == [1, 2]


@pytest.mark.parametrize("path", ["contabilidades", "polizas", "lotes", "lotes/1", "cuentas", "balanza"])
def test_a_parameter_that_nobody_reads_is_refused(scene: Any, program: Any, path: str) -> None:
    base = "" if path == "contabilidades" else f"contabilidades/{scene.libros.pk}/"
    answer = program(scene.alicia, f"{base}{path}?pagina=2")
    assert (answer.status_code, answer.json()["errores"][0]["columna"]) == (422, "pagina")


def test_the_list_of_books_asks_as_many_queries_of_one_as_of_many(scene: Any, program: Any) -> None:
    key = create_key(scene.alicia, "Programa").texto
    first, who = scene.libros.candidatura, []

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert len(program(scene.alicia, "contabilidades", token=key).json()) == 2 + len(who)
        return len(seen)

    asked()
    few = asked()
    for place in range(6):
        who.append(register_persona(f"Eva Ríos {'ABCDEF'[place]}"))
        approval = (scene.etapa.inicia_el, "INE/CG232/2024")
        new = NewCandidatura(f"F-{place}", who[-1], scene.partido, first.cargo, first.territorio, 1000, "A", *approval)
        approve_candidatura(scene.etapa, new)
    assert asked() == few


def test_it_is_told_in_openapi_and_shown_without_other_hosts(client: Client) -> None:
    told = client.get("/api/v1/openapi.json").json()
    assert told["openapi"].startswith("3.")
    assert "/api/v1/contabilidades/{number}/polizas" in told["paths"]
    known = "clave permiso solo_lectura sin_tls peticion forma parametro filas limite Link"
    for code in known.split():
        assert f"`{code}`" in told["info"]["description"]
    guide = client.get("/api/v1/guia").content.decode()
    assert "http://" not in guide and "https://" not in guide and "cdn" not in guide


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain"])
def test_a_body_that_is_no_json_is_refused_with_its_reason(scene: Any, kind: str) -> None:
    headers = {"authorization": f"Bearer {create_key(scene.alicia, 'Programa').texto}", "idempotency-key": "k"}
    path = f"/api/v1/contabilidades/{scene.libros.pk}/polizas"
    answer = Client().generic("POST", path, b"x", content_type=kind, headers=headers)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")

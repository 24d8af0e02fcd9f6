"""Pages of the campaign: each works, tells its term before it ends and errors at the field, refuses a stranger."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sif.catalogs.models import Evento
from sif.catalogs.services.campaign_events import NewEvento, register_evento
from sif.registry import clock
from sif.registry.scope import everything

LISTS = [
    "eventos",
    "avisos",
    "casas",
    "inventario",
    "activos",
    "repap",
    "ceps",
    "creditos",
    "proyectos",
    "presupuesto",
    "resoluciones",
]


@pytest.fixture
def alicia(scene: Any, enter: Any) -> Client:
    return enter(scene.alicia)


def typed_event(scene: Any, days: int = 8, **more: str) -> dict[str, str]:
    day = clock.today() + timedelta(days=days)
    fields = {
        "contabilidad": str(scene.libros.pk),
        "nombre": "Cierre en la plaza",
        "tipo": "publico",
        "oneroso": "on",
        "fecha": f"{day:%d/%m/%Y}",
        "hora_inicio": "17:30",
        "hora_fin": "20:00",
        "entidad": "mex",
        "municipio": "San Jacinto",
        "lugar": "Plaza Juárez, Centro",
        "responsable": "Rita Solís",
    }
    return {**fields, **more}


def an_event(scene: Any, days: int = 8, hours: int = 0) -> Evento:
    begins = clock.now() + timedelta(days=days, hours=hours)
    new = NewEvento(
        "Cierre en la plaza",
        "publico",
        True,
        begins.date(),
        datetime.min.time(),
        datetime.max.time(),
        "MEX",
        "San Jacinto",
        "Plaza Juárez, Centro",
        "Rita Solís",
    )
    with everything():
        return register_evento(scene.libros, new, scene.alicia)


@pytest.mark.parametrize("name", LISTS)
def test_lists_work_and_refuse_who_has_no_seat(scene: Any, enter: Any, alicia: Client, name: str) -> None:
    address = reverse(f"party:{name}")
    assert alicia.get(address).status_code == 200
    assert Client().get(address).status_code == 302
    assert enter(scene.dario).get(address).status_code == 403
    assert alicia.post(address).status_code == 405
    for kind in ("csv", "xlsx"):
        assert alicia.get(address, {"formato": kind})["Content-Disposition"].endswith(f'.{kind}"')


def test_each_list_says_its_own_name_in_title_and_heading(alicia: Client) -> None:
    """Lists that share tabs are told apart by who hears the title and by the list of windows."""
    told = {}
    for name in LISTS:
        page = alicia.get(reverse(f"party:{name}")).text
        title, head = re.search(r"<title>(.*?) · SIF</title>", page), re.search(r"<h1>(.*?)</h1>", page)
        assert title and head and title[1] == head[1], name
        told[name] = title[1]
    assert len(set(told.values())) == len(LISTS), told


def test_an_event_is_registered_and_says_it_came_in_time(scene: Any, alicia: Client) -> None:
    page = alicia.post(reverse("party:evento_nuevo"), typed_event(scene), follow=True)
    assert "registrado a tiempo" in page.text
    assert "A tiempo" in page.text
    with everything():
        assert Evento.objects.get().entidad == "MEX"


def test_late_is_said_before_admitted_and_marked(scene: Any, alicia: Client) -> None:
    first = clock.today() + timedelta(days=7)
    form = alicia.get(reverse("party:evento_nuevo")).text
    assert f"del {['lunes', 'martes', 'miércoles', 'jueves', 'viernes', 'sábado', 'domingo'][first.weekday()]}" in form
    page = alicia.post(reverse("party:evento_nuevo"), typed_event(scene, days=6), follow=True)
    assert "fuera de plazo; queda marcado" in page.text
    assert "Extemporáneo" in alicia.get(reverse("party:eventos")).text


def test_each_error_stands_at_its_field(scene: Any, alicia: Client) -> None:
    wrong = typed_event(scene, fecha="31/02/2026", hora_fin="25:00", nombre="")
    page = alicia.post(reverse("party:evento_nuevo"), wrong)
    assert page.status_code == 422
    assert 'id="id_fecha-error"' in page.text
    assert 'id="id_hora_fin-error"' in page.text
    page = alicia.post(reverse("party:evento_nuevo"), typed_event(scene, hora_fin="09:00", nombre=" "))
    assert 'id="id_hora_fin-error"' in page.text
    assert 'id="id_nombre-error"' in page.text
    with everything():
        assert not Evento.objects.exists()


def test_a_change_keeps_what_it_was(scene: Any, alicia: Client) -> None:
    event = an_event(scene)
    args = [scene.libros.pk, event.pk]
    moved = typed_event(scene, days=9, lugar="Quiosco", motivo="Cambió el permiso")
    page = alicia.post(reverse("party:evento_cambiar", args=args), moved, follow=True)
    assert "lo anterior queda escrito" in page.text
    assert "Quiosco" in page.text
    assert "Plaza Juárez, Centro" in page.text
    page = alicia.post(reverse("party:evento_cancelar", args=args), {"motivo": ""})
    assert page.status_code == 422
    assert 'id="cancelar_motivo-error"' in page.text
    page = alicia.post(reverse("party:evento_cancelar", args=args), {"motivo": "Lluvia"}, follow=True)
    assert "cancelado a tiempo" in page.text
    with everything():
        kept = Evento.objects.order_by("version")
        assert [(row.identidad, row.estatus, row.motivo) for row in kept] == [
            (event.pk, "por_realizar", ""),
            (event.pk, "por_realizar", "Cambió el permiso"),
            (event.pk, "cancelado", "Lluvia"),
        ]


def test_an_event_not_begun_is_not_held(scene: Any, alicia: Client) -> None:
    event = an_event(scene)
    page = alicia.post(reverse("party:evento_realizado", args=[scene.libros.pk, event.pk]))
    assert page.status_code == 422
    assert "Dígalo realizado desde entonces" in page.text


def test_the_month_shows_its_events_and_the_first_day_in_time(scene: Any, alicia: Client) -> None:
    event = an_event(scene)
    page = alicia.get(reverse("party:eventos"), {"mes": f"{event.fecha:%Y-%m}"}).text
    assert f'datetime="{event.fecha.isoformat()}"' in page
    assert "Cierre en la plaza" in page
    first = clock.today() + timedelta(days=7)
    assert "primer día a tiempo" in alicia.get(reverse("party:eventos"), {"mes": f"{first:%Y-%m}"}).text
    assert alicia.get(reverse("party:eventos"), {"mes": "2026-99"}).status_code == 200


def test_another_partys_event_is_not_seen_nor_touched(scene: Any, enter: Any) -> None:
    event = an_event(scene)
    args = [scene.libros.pk, event.pk]
    carla = enter(scene.carla)
    assert carla.get(reverse("party:evento", args=args)).status_code == 403
    assert carla.post(reverse("party:evento_cancelar", args=args), {"motivo": "x"}).status_code == 403
    assert carla.get(reverse("party:evento", args=[scene.ajenos.pk, event.pk])).status_code == 404
    assert "Cierre en la plaza" not in carla.get(reverse("party:eventos")).text
    assert carla.post(reverse("party:evento_nuevo"), typed_event(scene)).status_code == 422


def person(scene: Any, relacion: str, name: str) -> None:
    from sif.catalogs.models import PersonaSujeto
    from sif.registry.models import Persona

    with everything():
        PersonaSujeto.objects.create(
            sujeto=scene.partido,
            persona=Persona.objects.create(nombre=name),
            relacion=relacion,
            desde=clock.today() - timedelta(days=60),
            registrada_el=clock.now(),
            registrada_por=scene.alicia,
        )


def day(days: int = 0) -> str:
    return f"{clock.today() + timedelta(days=days):%d/%m/%Y}"


def a_contract(scene: Any, client: Client, signed: int = 0) -> str:
    fields = {
        "contabilidad": str(scene.libros.pk),
        "proveedor": "Impresos del Prado",
        "objeto": "Lonas",
        "monto": "50,000",
        "suscrito_el": day(signed),
        "entrega_el": day(9),
    }
    return str(client.post(reverse("party:contrato_nuevo"), fields)["Location"])


def test_a_contract_shows_its_clock_until_it_is_noticed(scene: Any, alicia: Client) -> None:
    address = a_contract(scene, alicia)
    page = alicia.get(reverse("party:avisos")).text
    assert "Para avisar el contrato con Impresos del Prado" in page
    assert "LGPP 61.1.f.III" in page
    assert "quedan 3 días" in page
    wrong = alicia.post(f"{address}avisar/", {"condiciones": "", "monto": "0.005"})
    assert wrong.status_code == 422
    assert 'id="id_condiciones-error"' in wrong.text
    assert 'id="id_monto-error"' in wrong.text
    page = alicia.post(f"{address}avisar/", {"condiciones": "Pago contra entrega"}, follow=True)
    assert "Avisado a tiempo" in page.text
    assert "Faltan" not in page.text
    acuse = alicia.get(reverse("party:aviso_acuse", args=[scene.libros.pk, _last("AvisoContratacion")]))
    assert acuse.content.startswith(b"%PDF-")
    page = alicia.post(f"{address}avisar/", {"condiciones": "En dos pagos", "monto": "60,000.00"}, follow=True)
    assert "$60,000.00" in page.text or "60,000.00" in page.text
    page = alicia.post(f"{address}cancelar/", {"motivo": "No pudo"}, follow=True)
    assert "Contrato cancelado" in page.text


def _last(name: str) -> int:
    from django.apps import apps

    with everything():
        return int(apps.get_model("books", name).objects.latest("pk").pk)


def test_a_late_notice_is_admitted_and_marked(scene: Any, alicia: Client) -> None:
    address = a_contract(scene, alicia, signed=-9)
    page = alicia.post(f"{address}avisar/", {"condiciones": "Pago contra entrega"}, follow=True)
    assert "fuera de plazo; queda marcado" in page.text
    assert "Avisado tarde" in alicia.get(reverse("party:avisos")).text


def test_a_supplier_unknown_is_told_at_its_field(scene: Any, alicia: Client) -> None:
    fields = {
        "contabilidad": str(scene.libros.pk),
        "proveedor": "Nadie",
        "objeto": "x",
        "monto": "1",
        "suscrito_el": day(),
    }
    page = alicia.post(reverse("party:contrato_nuevo"), fields)
    assert page.status_code == 422
    assert 'id="id_proveedor-error"' in page.text


def test_a_house_is_valued_and_can_be_cancelled(scene: Any, alicia: Client) -> None:
    fields = {
        "contabilidad": str(scene.libros.pk),
        "nombre": "Casa norte",
        "titulo": "comodato",
        "propietario": "Ana Ruiz",
        "entidad": "mex",
        "municipio": "San Jacinto",
        "domicilio": "Morelos 4",
        "desde": day(-20),
        "hasta": day(20),
    }
    assert "Sin casa de campaña registrada" in alicia.get(reverse("party:casas")).text
    page = alicia.post(reverse("party:casa_nueva"), fields)
    assert 'id="id_valuacion-error"' in page.text
    made = alicia.post(reverse("party:casa_nueva"), {**fields, "valuacion": "12,000.00"})
    assert "$12,000.00" in alicia.get(made["Location"]).text
    page = alicia.post(made["Location"], {"motivo": "Se devolvió"}, follow=True)
    assert "Cancelada" in page.text
    assert f"<dt>Canceló</dt><dd>{scene.alicia.nombre}</dd>" in page.text
    assert re.search(r"<dt>Cancelada el</dt><dd>\d+ de \w+ de \d{4}, \d\d:\d\d h</dd>", page.text)
    assert "<dt>Motivo</dt><dd>Se devolvió</dd>" in page.text


def an_article(scene: Any, client: Client) -> str:
    fields = {
        "contabilidad": str(scene.libros.pk),
        "clave": "PLA-01",
        "nombre": "Playera",
        "unidad": "pieza",
        "clase": "utilitaria",
    }
    return str(client.post(reverse("party:articulo_nuevo"), fields)["Location"])


def test_the_kardex_runs_and_refuses_what_there_is_not(scene: Any, alicia: Client) -> None:
    address, event = an_article(scene, alicia), an_event(scene)
    came = {"fecha": day(), "cantidad": "10", "costo": "1,000.01", "origen": "compra"}
    assert "Entrada registrada" in alicia.post(f"{address}entrada/", came, follow=True).text
    page = alicia.post(f"{address}salida/", {"fecha": day(), "cantidad": "11", "evento": str(event.pk)})
    assert page.status_code == 422
    assert "Salen 11 pieza y hay 10." in page.text
    page = alicia.post(f"{address}salida/", {"fecha": day(), "cantidad": "3", "evento": str(event.pk)}, follow=True)
    assert "costó $300.00" in page.text
    assert "700.01" in page.text
    assert "Playera" in alicia.get(reverse("party:evento", args=[scene.libros.pk, event.pk])).text
    moved = _last("MovimientoInventario")
    assert alicia.get(reverse("party:nota", args=[scene.libros.pk, moved])).content.startswith(b"%PDF-")
    rows = alicia.get(address, {"formato": "csv"}).content.decode("utf-8-sig").splitlines()
    assert [row.split(",")[8:11] for row in rows[1:]] == [
        ["1000.01", "10", "1000.01"],
        ["'-300.00", "7", "700.01"],
    ] or [row.split(",")[8:11] for row in rows[1:]] == [["1000.01", "10", "1000.01"], ["-300.00", "7", "700.01"]]
    undo = reverse("party:revertir", args=[scene.libros.pk, moved])
    assert alicia.post(undo, {"motivo": ""}).status_code == 422
    assert "quedó revertida" in alicia.post(undo, {"motivo": "No se usaron"}, follow=True).text
    assert "1,000.01" in alicia.get(reverse("party:inventario")).text


def test_an_asset_is_depreciated_and_written_off(scene: Any, alicia: Client) -> None:
    fields = {
        "contabilidad": str(scene.libros.pk),
        "numero": "AF-001",
        "descripcion": "Computadora",
        "cuenta": "1-2-05-00-0000",
        "adquirido_el": day(-400),
        "costo": "12,000.00",
        "vida_meses": "36",
        "ubicacion": "Oficina",
        "resguardante": "Ana",
    }
    made = alicia.post(reverse("party:activo_nuevo"), fields)
    assert "$4,333.33" in alicia.get(made["Location"]).text
    page = alicia.post(made["Location"], {"baja_el": day(1), "motivo": "Robo"})
    assert 'id="id_baja_el-error"' in page.text
    assert "De baja" in alicia.post(made["Location"], {"baja_el": day(), "motivo": "Robo"}, follow=True).text


def test_a_repap_receipt_says_what_the_person_has_received(scene: Any, alicia: Client) -> None:
    person(scene, "repap", "Luz Peña Ávila")
    fields = {
        "contabilidad": str(scene.libros.pk),
        "persona": "luz pena",
        "actividad": "Brigada",
        "desde": day(-9),
        "hasta": day(-2),
        "monto": "1,500.00",
        "medio": "transferencia",
        "pagado_el": day(-1),
    }
    made = alicia.post(reverse("party:repap_nuevo"), fields)
    page = alicia.get(made["Location"]).text
    assert "Lleva $1,500.00 de" in page
    assert "Cifra por confirmar." in page
    assert alicia.get(f"{made['Location']}recibo.pdf").content.startswith(b"%PDF-")
    page = alicia.post(reverse("party:repap_nuevo"), {**fields, "persona": "Nadie"})
    assert 'id="id_persona-error"' in page.text
    assert "Cancelado" in alicia.post(made["Location"], {"motivo": "Otra persona"}, follow=True).text


def test_a_paid_cep_warns_until_it_is_signed(scene: Any, alicia: Client, enter: Any) -> None:
    person(scene, "representante", "Sara Mora")
    fields = {
        "contabilidad": str(scene.libros.pk),
        "persona": "Sara Mora",
        "representacion": "casilla",
        "seccion": "0412",
        "oneroso": "on",
        "monto": "500.00",
        "medio": "efectivo",
        "pagado_el": day(-1),
    }
    address = alicia.post(reverse("party:cep_nuevo"), fields)["Location"]
    assert "1 CEP oneroso sin firmar, por $500.00" in alicia.get(reverse("party:ceps")).text
    bruno = enter(scene.bruno)
    assert "Firmar CEP" not in bruno.get(address).text
    assert bruno.post(f"{address}firmar-aqui/").status_code == 403
    wrong = alicia.post(f"{address}firmar/", {"sello": "AAAA"})
    assert wrong.status_code == 422
    page = alicia.post(f"{address}firmar-aqui/", follow=True).text
    assert "firmado." in page
    assert "Válido: es de lo que dice este comprobante" in page
    assert "sin firmar, por" not in alicia.get(reverse("party:ceps")).text
    assert alicia.get(f"{address}comprobante.pdf").content.startswith(b"%PDF-")


def test_credits_projects_and_resolutions_are_registered(scene: Any, alicia: Client) -> None:
    own = str(scene.partido.pk)
    posts = {
        "credito": {
            "contabilidad": str(scene.libros.pk),
            "numero": "C-1",
            "acreedor": "Banco Uno",
            "tasa_pb": "1250",
            "contratado_el": day(-9),
            "vence_el": day(300),
            "monto": "100,000",
        },
        "proyecto": {
            "sujeto": own,
            "clave": "AE-1",
            "nombre": "Curso de historia",
            "anio": str(clock.today().year),
            "rubro": "actividades_especificas",
        },
        "resolucion": {
            "sujeto": own,
            "clave": "INE/CG1/2026",
            "concepto": "Multa",
            "aprobada_el": day(-30),
            "monto": "3,000",
        },
    }
    for name, fields in posts.items():
        address = reverse(f"party:{name}_{'nueva' if name == 'resolucion' else 'nuevo'}")
        page = alicia.post(address, fields, follow=True)
        assert page.status_code == 200, name
        assert fields.get("acreedor", fields.get("nombre", fields.get("concepto"))) in page.text
        assert alicia.post(address, {**fields, "clave": "", "numero": ""}).status_code == 422


def test_a_budget_is_recorded_amended_and_compared_with_what_is_spent(scene: Any, alicia: Client, enter: Any) -> None:
    address = reverse("party:partida_nueva")
    fields = {
        "contabilidad": str(scene.libros.pk),
        "cuenta": "5-5-01-00-0000",
        "monto": "50,000",
        "aprobada_el": day(-20),
        "acuerdo": "Comité, sesión 3",
    }
    assert "Ninguno" in alicia.get(address).text
    page = alicia.post(address, fields, follow=True)
    assert "Partida registrada." in page.text and "50,000.00" in page.text and "Comité, sesión 3" in page.text
    unchosen = alicia.post(
        address, {**fields, "cuenta": ""}
    )  # the whole spending is not budgeted by forgetting to choose
    assert unchosen.status_code == 422 and "Elija una cuenta." in unchosen.text
    refused = alicia.post(address, {**fields, "cuenta": "5-5-01-03-0000"})
    assert refused.status_code == 422 and 'id="id_cuenta-error"' in refused.text and "dos veces" in refused.text
    [mark] = re.findall(r'name="una_vez" value="([^"]+)"', alicia.get(address).text)
    twice = {**fields, "cuenta": "5-5-02-00-0000", "una_vez": mark}
    assert [alicia.post(address, twice).status_code for _ in range(2)] == [302, 302]
    assert alicia.get(reverse("party:presupuesto"), {"q": "5-5-02"}).text.count("5-5-02-00-0000") == 1
    amended = alicia.post(address, {**fields, "monto": "40,000", "acuerdo": "Sesión 4"}, follow=True)
    assert "40,000.00" in amended.text
    book = alicia.get(reverse("party:libro", args=["presupuesto"]), {"contabilidad": scene.libros.pk}).text
    assert "50,000.00" in book and "40,000.00" in book and "5-5-01-00-0000" in book
    assert enter(scene.carla).post(address, fields).status_code == 422  # not of her books


def test_an_amount_moves_between_lines_of_a_budget_by_its_page(scene: Any, alicia: Client, enter: Any) -> None:
    address, listed = reverse("party:partida_traspaso"), reverse("party:presupuesto")
    assert address not in alicia.get(listed).text  # there is nothing to move yet
    line = {
        "contabilidad": str(scene.libros.pk),
        "cuenta": "5-5-01-00-0000",
        "monto": "50,000",
        "aprobada_el": day(-20),
        "acuerdo": "Comité, sesión 3",
    }
    alicia.post(reverse("party:partida_nueva"), line)
    assert f'href="{address}"' in alicia.get(listed).text
    form = alicia.get(address).text
    [origin] = re.findall(r'<option value="([0-9]+)"[^>]*>[^<]*50,000.00', form)
    moved = {**line, "origen": origin, "cuenta": "5-5-03-00-0000", "monto": "12,000", "acuerdo": "Sesión 4"}
    unchosen = alicia.post(address, {**moved, "origen": ""})
    assert unchosen.status_code == 422 and "Elija la partida que da el monto." in unchosen.text
    refused = alicia.post(address, {**moved, "monto": "50,000.01"})
    assert refused.status_code == 422 and 'id="id_monto-error"' in refused.text
    done = alicia.post(address, moved, follow=True).text
    assert "Traspaso registrado." in done and "38,000.00" in done and "12,000.00" in done
    elsewhere = alicia.post(address, {**moved, "contabilidad": str(scene.otros.pk)})
    assert elsewhere.status_code == 422 and 'id="id_origen-error"' in elsewhere.text
    assert enter(scene.carla).post(address, moved).status_code == 422  # not of her books


def test_a_stranger_sees_no_sheet_and_does_no_act(scene: Any, alicia: Client, enter: Any) -> None:
    carla = enter(scene.carla)
    for address in (a_contract(scene, alicia), an_article(scene, alicia)):
        assert carla.get(address).status_code == 403
    for tail in ("entrada/", "salida/"):
        assert carla.get(f"{an_article(scene, alicia) if tail == '' else address}{tail}").status_code == 403
    missing = reverse("party:kardex", args=[scene.ajenos.pk, 987_654])
    assert carla.get(missing).status_code == 404

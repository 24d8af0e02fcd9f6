"""Suppliers, contributions, accounts and people through their pages: each works, refuses a stranger, and exports."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from sif.books.models import Aportacion
from sif.catalogs.models import FichaProveedor, FolioCancelado, PersonaSujeto, SerieRecibos
from sif.catalogs.services import (
    NewAportante,
    NewPersona,
    NewProveedor,
    NewSerie,
    authorize_serie,
    save_aportante,
    save_persona,
    save_proveedor,
)
from sif.counterparties.services import record_aportacion
from sif.registry import clock
from sif.registry.models import Aportante, CuentaBancaria
from sif.registry.scope import acting, everything
from sif.registry.selectors import reach_of
from sif.values import Refused
from sif.web.party.auxiliaries import match

LISTS = ["proveedores", "aportaciones", "aportantes", "folios", "cuentas", "gente"]
FICHAS = [
    "proveedor",
    "proveedor_editar",
    "aportante",
    "aportante_editar",
    "serie",
    "cuenta",
    "persona",
    "persona_editar",
]
FORMS = ["proveedor_nuevo", "aportante_nuevo", "serie_nueva", "cuenta_nueva", "persona_nueva"]


@pytest.fixture
def alicia(scene: Any, enter: Any) -> Client:
    return enter(scene.alicia)


@pytest.fixture
def kept(scene: Any) -> dict[str, Any]:
    """One record of each catalogue of Alicia's party."""
    with everything():
        return {
            "proveedor": save_proveedor(
                NewProveedor(scene.partido.pk, scene.proveedor.rfc, "Impresos del Prado"), scene.alicia
            ).proveedor,
            "aportante": save_aportante(
                NewAportante(scene.partido.pk, "Úrsula Peña", rfc="PEUU800101AA1"), scene.alicia
            ),
            "serie": authorize_serie(NewSerie(scene.partido.pk, "RSEF", 1, 50), scene.alicia),
            "cuenta": scene.banco,
            "persona": save_persona(NewPersona(scene.partido.pk, "Rosa Zepeda", "caja", clock.today()), scene.alicia),
        }


def gift(scene: Any, kept: dict[str, Any], **changes: str) -> dict[str, Any]:
    """What is typed for a sound contribution of the last day of the first period."""
    period = scene.periodos[0]
    typed = {
        "aportante": "Úrsula Peña",
        "calidad": "simpatizante",
        "medio": "transferencia",
        "monto": "1,500.00",
        "fecha": f"{period.hasta:%d/%m/%Y}",
        "ventana": f"{period.pk}:normal",
        "lugar": "Toluca",
        "cuenta_bancaria": str(scene.banco.pk),
    }
    return typed | changes


def test_a_contribution_pressed_twice_is_recorded_once(scene: Any, kept: Any, alicia: Client) -> None:
    address = reverse("party:aportacion_en", args=[scene.libros.pk])
    marks = [re.search(r'name="una_vez" value="([^"]+)"', alicia.get(address).text) for _ in range(2)]
    first, other = [mark[1] for mark in marks if mark]
    refused = alicia.post(address, gift(scene, kept, una_vez=first, monto="0"))
    assert refused.status_code == 422
    done = [alicia.post(address, gift(scene, kept, una_vez=first)) for _ in range(2)]
    assert done[0]["Location"] == done[1]["Location"]
    with everything():
        assert Aportacion.objects.count() == 1
    assert alicia.post(address, gift(scene, kept, una_vez=other))["Location"] != done[0]["Location"]


def test_whoever_left_meanwhile_records_no_contribution(
    scene: Any, kept: Any, alicia: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leaving(*given: Any, **named: Any) -> Any:
        with acting():
            Session.objects.all().delete()
        return record_aportacion(*given, **named)

    monkeypatch.setattr("sif.web.party.catalogos.aportacion_form.record_aportacion", leaving)
    address = reverse("party:aportacion_en", args=[scene.libros.pk])
    assert alicia.post(address, gift(scene, kept)).status_code == 400
    with everything():
        assert not Aportacion.objects.exists()


def test_they_work_and_refuse_a_stranger(scene: Any, kept: Any, alicia: Client, enter: Any) -> None:
    dario = enter(scene.dario)
    for name in LISTS + FORMS:
        address = reverse(f"party:{name}")
        answers = [client.get(address).status_code for client in (alicia, Client(), dario)]
        assert answers == [200, 302, 403], name


def test_the_limits_of_the_year_are_told_only_to_a_person_who_sees_all_the_books(
    scene: Any, kept: Any, alicia: Client, enter: Any
) -> None:
    address = reverse("party:aportaciones")
    assert "Límites del año" in alicia.get(address).text
    assert "Límites del año" not in enter(scene.bruno).get(address).text


def test_each_ficha_is_of_its_subject(scene: Any, kept: Any, alicia: Client, enter: Any) -> None:
    carla = enter(scene.carla)
    for name in FICHAS:
        address = reverse(f"party:{name}", args=[kept[name.removesuffix("_editar")].pk])
        assert alicia.get(address).status_code == 200, name
        assert carla.get(address).status_code in (403, 404), name
        assert carla.post(address, {"nombre": "Ajena", "fecha": "01/01/2026"}).status_code in (403, 404, 405), name
        assert alicia.get(reverse(f"party:{name}", args=[999_999])).status_code == 404, name


def test_each_list_is_a_file(kept: Any, alicia: Client) -> None:
    for name in LISTS:
        rows = alicia.get(reverse(f"party:{name}"), {"formato": "csv"}).content.decode("utf-8-sig").splitlines()
        assert len(rows) == {"aportaciones": 1, "aportantes": 3}.get(name, 2), name
        assert alicia.get(reverse(f"party:{name}"), {"formato": "xlsx"}).content[:2] == b"PK", name


def test_a_supplier_is_corrected_at_the_field(scene: Any, alicia: Client) -> None:
    address = reverse("party:proveedor_nuevo")
    page = alicia.post(address, {"rfc": "Ñ&A01020", "nombre": "Ñandú & Asociados", "clabe": "1"})
    assert page.status_code == 422
    assert "tiene 8 caracteres" in page.text
    assert "debe tener 18 dígitos" in page.text
    assert 'value="Ñandú &amp; Asociados"' in page.text
    done = alicia.post(address, {"rfc": "Ñ&A010203AB9", "nombre": "Ñandú & Asociados"})
    with everything():
        ficha = FichaProveedor.objects.get(proveedor__rfc="Ñ&A010203AB9")
    assert done["Location"] == reverse("party:proveedor", args=[ficha.proveedor_id])
    sheet = alicia.get(done["Location"]).text
    assert "El dígito verificador de Ñ&amp;A010203AB9 no corresponde" in sheet
    assert "Sin registro; todavía no se exige" in sheet


def test_who_writes_another_name_than_the_first_one_of_a_supplier_is_told(
    scene: Any, alicia: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sif.web.party.catalogos import proveedores

    address, rfc = reverse("party:proveedor_nuevo"), "LPN140203AB2"
    with everything():
        save_proveedor(NewProveedor(scene.rival.pk, rfc, "Imprenta Falsa"), scene.carla)
    sent = {"rfc": rfc, "nombre": "Imprenta Pública"}
    sheet = alicia.post(address, sent, follow=True).text
    assert "Proveedor guardado: Imprenta Falsa." in sheet and "usted escribió «Imprenta Pública»" in sheet
    assert "Su factura más reciente" not in sheet
    monkeypatch.setattr(proveedores, "name_said", lambda supplier, books: "IMPRENTA <b>PÚBLICA")
    with everything():
        number = FichaProveedor.objects.get(sujeto=scene.partido, proveedor__rfc=rfc).proveedor_id
    shown = alicia.get(reverse("party:proveedor", args=[number])).text
    assert "Su factura más reciente dice «IMPRENTA &lt;b&gt;PÚBLICA»" in shown
    same = alicia.post(address, {"rfc": "Ñ&A010203AB9", "nombre": "Ñandú & Asociados"}, follow=True).text
    assert "usted escribió" not in same


def test_the_meter_of_a_supplier_warns_before_the_threshold(scene: Any, kept: Any, alicia: Client) -> None:
    from sif.counterparties.standing import rnp_threshold

    limit = rnp_threshold(clock.today())
    scene.post(scene.expense(str(limit * 3)[:-3].replace(",", "")[:-2] + "00.00"))
    page = alicia.get(reverse("party:proveedores")).text
    assert "Sin registro activo y ya se exige" in page
    assert "Impresos del Prado" in alicia.get(reverse("party:proveedores"), {"rnp": "rebasado"}).text
    assert "Ningún proveedor responde" in alicia.get(reverse("party:proveedores"), {"rnp": "cerca"}).text
    sheet = alicia.get(reverse("party:proveedor", args=[kept["proveedor"].pk])).text
    assert "PN1/DR-1" in sheet


def test_a_supplier_in_the_69b_list_is_seen(
    kept: dict[str, Any], alicia: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sif.catalogs.selectors.listed import Listed
    from sif.web.party.catalogos import proveedores

    address, place = reverse("party:proveedores"), Listed("definitivo", clock.today(), "DOF")
    assert "Sin lista cargada" in alicia.get(address).text
    monkeypatch.setattr(proveedores, "listed_on", lambda rfcs, day: dict.fromkeys(rfcs, place))
    assert "Definitivo" in alicia.get(address).text
    monkeypatch.setattr(proveedores, "listed_on", lambda rfcs, day: {})
    assert "No aparece" in alicia.get(address).text


def test_a_contribution_enters_with_its_receipt(scene: Any, kept: Any, alicia: Client) -> None:
    address = reverse("party:aportacion_en", args=[scene.libros.pk])
    page = alicia.get(address).text
    assert "RSEF-0001" in page
    place = re.search(r'<input[^>]*name="lugar"[^>]*>', page)
    assert place and "value=" not in place[0]
    proof = SimpleUploadedFile("spei.pdf", b"%PDF-1.4 transferencia")
    done = alicia.post(address, gift(scene, kept) | {"soporte": proof})
    assert done.status_code == 302, done.text
    with everything():
        given = Aportacion.objects.get()
        files = {row.clase_id: row.pk for row in given.poliza.evidencias.all()}
    assert (given.folio, given.monto) == ("RSEF-0001", 150_000)
    assert set(files) == {"recibo_aportacion", "transferencia"}
    receipt = alicia.get(reverse("party:evidencia", args=[scene.libros.pk, files["recibo_aportacion"]]))
    assert receipt.content[:5] == b"%PDF-"
    listed = alicia.get(reverse("party:aportaciones"), {"q": "ursula 0001"}).text
    assert "RSEF-0001" in listed
    assert "Adjunto" in listed
    assert "Ninguna aportación responde" in alicia.get(reverse("party:aportaciones"), {"medio": "especie"}).text
    assert "$1,500.00" in alicia.get(reverse("party:aportante", args=[kept["aportante"].pk])).text


WRONG: list[tuple[dict[str, str], str]] = [
    ({"aportante": "Nadie"}, "«Nadie» no es uno de sus aportantes."),
    ({"monto": "0.005"}, "3 decimales"),
    ({"monto": ""}, "Falta el monto."),
    ({"monto": "0"}, "Escriba un importe mayor a cero."),
    ({"fecha": "31/02/2026"}, "No es un día del calendario."),
    ({"lugar": ""}, "Falta el lugar"),
    ({"folio": "RSEF-9999"}, "no es un folio autorizado"),
    ({"cuenta_bancaria": "0"}, "Falta en qué cuenta"),
    ({"ventana": ""}, "ajeno a esta etapa"),
    ({"medio": "especie"}, "Falta qué bien o servicio se aporta."),
    ({"calidad": "militante"}, "No hay folios RMEF por usar."),
]


def test_what_is_wrong_is_said_and_nothing_is_kept(scene: Any, kept: Any, alicia: Client) -> None:
    for typed, said in WRONG:
        page = alicia.post(reverse("party:aportacion_en", args=[scene.libros.pk]), gift(scene, kept, **typed))
        assert page.status_code == 422, typed
        assert said in page.text, typed
    with everything():
        assert not Aportacion.objects.exists()


def test_a_limit_is_told_before_it_is_broken(scene: Any, kept: Any, alicia: Client) -> None:
    address = reverse("party:aportacion_en", args=[scene.libros.pk])
    cash = gift(scene, kept, medio="efectivo", monto="50,000.00")
    page = alicia.post(address, cash)
    assert page.status_code == 422
    assert "rebasaría un límite" in page.text
    with everything():
        assert not Aportacion.objects.exists()
    assert alicia.post(address, cash | {"enterado": "si"}).status_code == 302


def test_another_partys_books_receive_nothing(scene: Any, kept: Any, enter: Any) -> None:
    address = reverse("party:aportacion_en", args=[scene.libros.pk])
    assert enter(scene.carla).post(address, gift(scene, kept)).status_code == 403


def test_a_folio_is_cancelled_with_its_reason(kept: Any, alicia: Client) -> None:
    address = reverse("party:serie", args=[kept["serie"].pk])
    page = alicia.post(address, {"numero": "RSEF-0003", "motivo": ""})
    assert page.status_code == 422
    assert "Falta el motivo." in page.text
    assert alicia.post(address, {"numero": "RSEF-0003", "motivo": "Se manchó"}).status_code == 302
    assert FolioCancelado.objects.get().numero == 3
    sheet = alicia.get(address).text
    assert "Se manchó" in sheet
    assert '<span class="under">Alicia Robles Zepeda</span>' in sheet
    assert "RSEF-0004" in sheet
    rows = alicia.get(address, {"formato": "csv"}).content.decode("utf-8-sig").splitlines()
    assert len(rows) == 4


def test_a_series_says_what_is_wrong(kept: Any, alicia: Client) -> None:
    address = reverse("party:serie_nueva")
    assert "ya tiene los folios" in alicia.post(address, {"clave": "RSEF", "desde": "5", "hasta": "9"}).text
    assert "No es un número entero." in alicia.post(address, {"clave": "RSEF", "desde": "x", "hasta": "9"}).text
    assert alicia.post(address, {"clave": "RSES", "desde": "1", "hasta": "9"}).status_code == 302
    assert SerieRecibos.objects.count() == 2


def test_an_account_runs_a_clock_until_its_notice(scene: Any, alicia: Client) -> None:
    typed = {
        "contabilidad": str(scene.otros.pk),
        "clabe": "012180001182080318",
        "tipo": "campana",
        "apertura_el": f"{clock.today() - timedelta(days=1):%d/%m/%Y}",
        "mancomunada": "on",
    }
    bad = alicia.post(reverse("party:cuenta_nueva"), typed | {"clabe": "012180001182080317"})
    assert "dígito de control" in bad.text
    done = alicia.post(reverse("party:cuenta_nueva"), typed)
    sheet = alicia.get(done["Location"]).text
    assert "BBVA Mexico" in sheet
    assert "Avisar a la autoridad de la apertura" in sheet
    assert "mancomunadas" in sheet
    late = alicia.post(done["Location"], {"fecha": "01/01/2020", "acto": "avisar"})
    assert "no está entre la apertura" in late.text
    assert alicia.post(done["Location"], {"fecha": f"{clock.today():%d/%m/%Y}", "acto": "avisar"}).status_code == 302
    with everything():
        assert CuentaBancaria.objects.get(clabe=typed["clabe"]).avisada_el == clock.today()
    assert "Avisada en plazo" in alicia.get(reverse("party:cuentas"), {"estado": "avisada"}).text
    assert alicia.post(done["Location"], {"fecha": f"{clock.today():%d/%m/%Y}", "acto": "cancelar"}).status_code == 302
    assert "Cancelada" in alicia.get(done["Location"]).text


def test_what_is_kept_of_a_supplier_is_corrected_by_a_version(scene: Any, kept: Any, alicia: Client) -> None:
    ficha = FichaProveedor.objects.get(sujeto=scene.partido, proveedor=kept["proveedor"])
    address = reverse("party:proveedor_editar", args=[ficha.proveedor_id])
    said = {"rfc": ficha.proveedor.rfc, "nombre": ficha.proveedor.nombre, "domicilio": "Norte 9"}
    assert "Falta el motivo del cambio" in alicia.post(address, said).text
    done = alicia.post(address, said | {"motivo": "Cambió de domicilio", "vista": str(ficha.pk)})
    sheet = alicia.get(done["Location"]).text
    assert "Norte 9" in sheet and "Cambió de domicilio" in sheet
    assert FichaProveedor.objects.get(pk=ficha.pk).domicilio == ""


def test_a_person_and_a_donor_are_edited(scene: Any, kept: Any, alicia: Client) -> None:
    person = reverse("party:persona_editar", args=[kept["persona"].pk])
    before = alicia.get(person).text
    assert 'value="Rosa Zepeda"' in before
    typed = {"nombre": "Rosa Zepeda", "relacion": "caja", "desde": f"{clock.today():%d/%m/%Y}", "hasta": "01/01/2020"}
    assert "antes de empezar" in alicia.post(person, typed).text
    moved = typed | {"hasta": "", "domicilio": "Centro 1"}
    assert "Falta el motivo del cambio" in alicia.post(person, moved).text
    moved |= {"motivo": "Se mudó", "vista": str(kept["persona"].pk)}
    done = alicia.post(person, moved)
    assert done["Location"] == reverse("party:persona", args=[kept["persona"].pk])
    sheet = alicia.get(done["Location"]).text
    assert "Centro 1" in sheet and "Se mudó" in sheet
    assert PersonaSujeto.objects.get(pk=kept["persona"].pk).domicilio == ""
    assert "mientras usted editaba" in alicia.post(person, moved | {"domicilio": "Centro 2"}).text
    donor = reverse("party:aportante_editar", args=[kept["aportante"].pk])
    assert "no puede aportar" in alicia.post(donor, {"nombre": "X", "rfc": "AAA010101AAA"}).text
    changed = {"nombre": "Úrsula Peña Ríos", "rfc": "PEUU800101AA1"}
    assert "Falta el motivo del cambio" in alicia.post(donor, changed).text
    done = alicia.post(donor, changed | {"motivo": "Así consta en su credencial", "vista": str(kept["aportante"].pk)})
    assert Aportante.objects.get(pk=kept["aportante"].pk).nombre == "Úrsula Peña"
    sheet = alicia.get(done["Location"]).text
    for words in ("Úrsula Peña Ríos</h1>", "Versión 2", "Así consta en su credencial", scene.alicia.nombre):
        assert words in sheet
    assert "Nombre: decía Úrsula Peña, dice Úrsula Peña Ríos" in sheet
    again = changed | {"nombre": "Otra", "motivo": "Llegó tarde", "vista": str(kept["aportante"].pk)}
    assert "mientras usted editaba la anterior" in alicia.post(donor, again).text


def test_a_donor_in_the_books_keeps_its_name_there_and_sums_as_one_person(
    scene: Any, kept: Any, alicia: Client
) -> None:
    address = reverse("party:aportacion_en", args=[scene.libros.pk])
    first = alicia.post(address, gift(scene, kept))
    edit = reverse("party:aportante_editar", args=[kept["aportante"].pk])
    changed = {"nombre": "Úrsula Nueva", "rfc": "NUUU800101AA1", "motivo": "Otra identificación"}
    assert alicia.post(edit, changed).status_code == 302
    with everything():
        cited = Aportacion.objects.get(aportante__identidad=kept["aportante"].pk)
        assert cited.aportante.nombre == "Úrsula Peña"
    alicia.get(reverse("party:aportante", args=[kept["aportante"].pk]))  # it says that the correction was kept
    page = alicia.get(first["Location"]).text
    assert "Úrsula Peña" in page
    assert "Úrsula Nueva" not in page
    assert alicia.post(address, gift(scene, kept, aportante=f"A{kept['aportante'].pk} Úrsula Nueva")).status_code == 302
    with everything():
        names = Aportacion.objects.order_by("pk").values_list("aportante__nombre", flat=True)
        assert list(names) == ["Úrsula Peña", "Úrsula Nueva"]
    listed = alicia.get(reverse("party:aportantes"), {"q": "ursula"}).text
    assert "3,000.00" in listed
    assert "Úrsula Peña" not in listed
    sheet = alicia.get(reverse("party:aportante", args=[kept["aportante"].pk])).text
    assert sheet.count("1,500.00") >= 2
    assert "3,000.00" in sheet


def test_who_captures_in_some_books_corrects_only_donors_of_them(
    scene: Any, kept: Any, alicia: Client, enter: Any
) -> None:
    bruno, edit = enter(scene.bruno), reverse("party:aportante_editar", args=[kept["aportante"].pk])
    changed = {"nombre": "Úrsula Nueva", "rfc": "PEUU800101AA1", "motivo": "Lo pidió"}
    refused = bruno.post(edit, changed)
    assert refused.status_code == 403
    assert "lo usan otras contabilidades del sujeto" in refused.text
    with everything(), pytest.raises(Refused, match="aportó a otras contabilidades del sujeto"):
        new = NewAportante(scene.partido.pk, changed["nombre"], rfc=changed["rfc"])
        save_aportante(new, scene.bruno, aportante=kept["aportante"], motivo="Lo pidió")
    assert alicia.post(reverse("party:aportacion_en", args=[scene.libros.pk]), gift(scene, kept)).status_code == 302
    assert bruno.post(edit, changed).status_code == 302


def test_an_auxiliary_of_another_subject_is_not_named_by_its_number(scene: Any, kept: Any) -> None:
    with everything():
        theirs = save_aportante(NewAportante(scene.rival.pk, "Ajena", rfc="AEUU800101AA1"), scene.carla)
        own = reach_of(scene.carla)
        assert match(scene.libros, "aportante", f"A{theirs.pk}", reach_of(scene.alicia)) == []
        assert [each.numero for each in match(scene.ajenos, "aportante", f"A{theirs.pk}", own)] == [theirs.pk]


def test_who_only_consults_writes_nothing(scene: Any, kept: Any, enter: Any) -> None:
    from sif.registry.services import appoint, create_usuario

    reader = create_usuario("lectora", "Lectora", "x")
    appoint(reader, "consulta", scene.partido, desde=clock.today() - timedelta(days=9))
    client = enter(reader)
    assert "Proveedor nuevo" not in client.get(reverse("party:proveedores")).text
    refused = client.post(reverse("party:proveedor_nuevo"), {"rfc": "AAA010101AAA", "nombre": "Uno"})
    assert refused.status_code == 403 and "Usted consulta estos libros y no captura" in refused.text

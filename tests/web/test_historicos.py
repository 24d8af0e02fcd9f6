"""Past processes on pages: a file is looked at and loaded, the portal shows it marked, a stranger nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from commands.test_historico import LOCAL
from sif.disclosure.history import load_history, standing
from sif.disclosure.models import CargaHistorica
from sif.registry.models import Contabilidad, Nombramiento, Usuario
from sif.registry.scope import everything
from sif.registry.services import appoint, create_usuario

Enter = Callable[[Any], Client]
OTHER = "Partido,Cuenta,Erogado,Lonas\nPU,ANA,10.50,10.50\nPD,EVA,5,4\n"


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.DATOS = tmp_path


@pytest.fixture
def ana(db: None) -> Usuario:
    person = create_usuario("ana", "Ana", None)
    appoint(person, Nombramiento.Rol.ADMINISTRADOR)
    return person


def address(name: str, *args: object) -> str:
    return reverse(f"administration:{name}", args=args)


def upload(client: Client, text: str, name: str = "local.csv") -> Any:
    file = SimpleUploadedFile(name, text.encode("latin-1"))
    return client.post(address("historico_nuevo"), {"archivo": file})


def loaded(by: Usuario | None = None) -> CargaHistorica:
    with everything(by.pk if by else None):
        return load_history(LOCAL.encode("latin-1"), "local.csv", by).carga


def test_a_file_is_looked_at_and_loaded(ana: Usuario, enter: Enter) -> None:
    client = enter(ana)
    assert "Todavía no hay procesos históricos." in client.get(address("historicos")).text
    seen = upload(client, LOCAL)["Location"]
    page = client.get(seen).text
    assert "1,240.52" in page
    assert "Nada ha entrado todavía." in page
    assert not CargaHistorica.objects.exists()
    form = client.get(seen).context["form"]
    typed = {name: form.initial[name] for name in form.initial if form.initial[name]}
    done = client.post(seen, {**typed, "cargar": "1", "titulo": "Local de 2021"}, follow=True).text
    assert "Quedó cargado: 4 cuentas." in done
    carga = standing().get()
    assert (carga.nombre, carga.archivo, carga.cargada_por) == ("Local de 2021", "local.csv", ana)
    assert not Contabilidad.objects.exists()
    listed = client.get(address("historicos")).text
    assert "A la vista" in listed and "1,240.52" in listed
    assert "Local de 2021" in client.get(address("procesos")).text
    again = client.post(seen, {**typed, "cargar": "1"}, follow=True).text
    assert "Ya estaba cargado: nada cambió." in again
    assert enter(ana).get(seen).status_code == 404  # another session did not bring it


def test_the_columns_of_another_file_are_chosen(ana: Usuario, enter: Enter) -> None:
    client = enter(ana)
    seen = upload(client, OTHER, "otro.csv")["Location"]
    assert "No se puede cargar así" in client.get(seen).text
    refused = client.post(seen, {"nombre": "Cuenta", "cargar": "1"})
    assert refused.status_code == 422
    typed = {"nombre": "Cuenta", "sujeto": "Partido", "gasto": "Erogado", "rubros": ["Lonas"], "clave": "PEL-2009"}
    looked = client.post(seen, {**typed, "ver": "1"})
    assert (looked.status_code, "15.50" in looked.text, "Cuentas que no cuadran" in looked.text) == (200, True, True)
    assert not CargaHistorica.objects.exists()
    client.post(seen, {**typed, "cargar": "1"})
    assert standing().get().clave == "PEL-2009"
    assert client.post(address("historico_nuevo"), {}).status_code == 422
    nothing = client.get(upload(client, "x\n", "nada.csv")["Location"]).text
    assert "No se encontró la fila de títulos." in nothing


def test_a_file_too_large_for_a_page_says_how_it_is_loaded(
    ana: Usuario, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sif.web.admin.historicos.NewPast.most", 10)
    assert "sif historico cargar" in upload(enter(ana), LOCAL).text


def test_the_portal_shows_it_beside_what_is_published_and_marked(ana: Usuario, enter: Enter) -> None:
    carga = loaded()
    page = reverse("public:historico", args=[carga.pk])
    visitor = Client()
    shown = visitor.get(page).text
    assert "Proceso histórico." in shown and "No salen de libros de este sistema" in shown
    assert "2 cuentas" in shown and "1 con tope de cero" in shown
    assert "tope de cero" in shown and "no consta" in shown
    assert "10.05" in shown
    only = visitor.get(page, {"solo": "sobre"}).text
    assert "ANA LUNA" in only and "EVA RÍO" not in only
    assert "IRIS MAR" in visitor.get(page, {"solo": "sin"}).text
    assert "EVA RÍO" in visitor.get(page, {"solo": "negativos"}).text
    assert "LUZ SOL" in visitor.get(page, {"q": "alcaldia"}).text
    rows = visitor.get(page, {"formato": "csv"}).content.decode("utf-8-sig").splitlines()
    assert (len(rows), rows[0].split(",")[0]) == (5, "nombre")
    other = loaded_again()
    assert visitor.get(page).status_code == 404  # another load of the process stands in its place
    home = visitor.get(reverse("public:home")).text
    assert home.count("(histórico)") == 1  # alone and with nothing published, it is reached from the first page
    assert reverse("public:historico", args=[other.pk]) in home
    with everything():
        load_history(OTHER.replace("Erogado", "TOTAL GASTOS").replace("Cuenta", "NOMBRE").encode(), "2009.csv", None)
    home = visitor.get(reverse("public:home")).text
    assert home.count("(histórico)") == 2
    assert reverse("public:historico", args=[other.pk]) in home


def loaded_again() -> CargaHistorica:
    with everything():
        return load_history(LOCAL.replace("900.50", "900.49").encode("latin-1"), "local.csv", None).carga


def test_one_is_withdrawn_with_a_reason(ana: Usuario, enter: Enter) -> None:
    carga, client = loaded(ana), enter(ana)
    page = client.get(address("historico", carga.pk)).text
    assert "ANA LUNA" in page and "Ver en el portal" in page
    gone = client.post(address("historico_retirar", carga.pk), {"motivo": ""}, follow=True).text
    assert "Falta el motivo." in gone
    done = client.post(address("historico_retirar", carga.pk), {"motivo": "Archivo equivocado"}, follow=True).text
    assert "Archivo equivocado" in done and "Ver en el portal" not in done
    assert Client().get(reverse("public:historico", args=[carga.pk])).status_code == 404
    assert "Retirada" in client.get(address("historicos")).text
    assert client.get(address("historico", 999_999)).status_code == 404


def test_a_stranger_reaches_nothing(ana: Usuario, enter: Enter) -> None:
    carga = loaded()
    eva = create_usuario("eva", "Eva", None)
    appoint(eva, Nombramiento.Rol.AUDITOR)
    places = [("historicos",), ("historico_nuevo",), ("historico", carga.pk), ("historico_visto", "a" * 64)]
    for place in places:
        assert enter(eva).get(address(*place)).status_code == 403
        assert "/cuenta/login/" in Client().get(address(*place))["Location"]
    assert upload(enter(eva), LOCAL).status_code == 403
    assert enter(eva).post(address("historico_retirar", carga.pk), {"motivo": "x"}).status_code == 403
    assert standing().exists()
    assert enter(ana).get(address("historico_visto", "a" * 64)).status_code == 404

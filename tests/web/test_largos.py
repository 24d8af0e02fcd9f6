"""Files too long for a request: offered as a job, written as the page would, and of who asked alone."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from sif.jobs import bounds
from sif.jobs.models import Trabajo
from sif.registry import clock, services
from sif.registry.appointments import end_nombramiento
from sif.registry.models import Nombramiento
from sif.registry.scope import everything
from web.audit_scene import Scene, audited, review

__all__ = ["audited", "review"]
Enter = Callable[[Any], Client]
APART = "/trabajos/aparte/"


@pytest.fixture
def shorten(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Make every list with a row too long for a request."""

    def shortened() -> None:
        for form in bounds.MOST_ROWS:
            monkeypatch.setitem(bounds.MOST_ROWS, form, 0)

    return shortened


def body(answer: Any) -> bytes:
    return answer.getvalue() if answer.streaming else answer.content


def cells(data: bytes) -> object:
    """What a file says: the cells of a workbook, the bytes of any other."""
    if not data.startswith(b"PK") or b"[Content_Types].xml" not in data:
        return data
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(data)).worksheets[0].iter_rows()]


def leave(person: Any, scene: Any) -> None:
    """End the appointments of a person, who consults the books of another party from then on."""
    with everything():
        hugo = services.create_usuario("hugo.largo", "Hugo Lara", None)
        services.appoint(hugo, "administrador", desde=clock.today())
        for each in Nombramiento.objects.filter(usuario=person):
            end_nombramiento(each, "Cambió de partido.", hugo)
        services.appoint(person, "consulta", scene.rival, desde=clock.today())


def offer_of(page: str) -> str:
    found = re.search(r'name="oferta" value="([^"]+)"', page)
    assert found, page[:2000]
    return found[1]


def asked_apart(client: Client, address: str, data: dict[str, str] | None = None) -> str:
    """The address of the job that an offer asks for."""
    told = client.post(address, data) if data is not None else client.get(address)
    assert told.status_code == 200 and "su archivo se hace aparte" in told.text
    return client.post(APART, {"oferta": offer_of(told.text)})["Location"].split("?")[0]


def same_file(client: Client, address: str, shorten: Callable[[], None], data: dict[str, str] | None = None) -> None:
    """A list too long for a request has, from its job, the file that a short one has at once."""
    direct = client.post(address, data) if data is not None else client.get(address)
    wanted = cells(body(direct))
    shorten()
    job = asked_apart(client, address, data)
    assert "La lista está escrita" in client.get(job).text
    made = client.get(f"{job}archivo/")
    assert made["Content-Disposition"] == direct["Content-Disposition"]
    assert cells(body(made)) == wanted


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("name", ["polizas", "cuentas", "contabilidades"])
def test_a_long_list_of_a_party(scene: Any, enter: Enter, shorten: Callable[[], None], name: str, form: str) -> None:
    scene.post(scene.expense("1000.00"))
    same_file(enter(scene.alicia), f"{reverse(f'party:{name}')}?formato={form}", shorten)


@pytest.mark.parametrize("kind", ["polizas", "auxiliar"])
def test_a_long_month_for_sat(scene: Any, enter: Enter, shorten: Callable[[], None], kind: str) -> None:
    scene.post(scene.expense("1000.00"))
    page = f"{reverse('party:libros_sat')}?contabilidad={scene.libros.pk}&mes={scene.periodos[0].hasta:%Y-%m}"
    page += f"&solicitud=AF&orden=ABC1234567/24&archivo={kind}"
    same_file(enter(scene.alicia), page, shorten)


@pytest.mark.parametrize("address", ["exportar.csv", "exportar.xlsx"])
def test_the_long_queue_of_an_auditor(review: Scene, enter: Enter, shorten: Callable[[], None], address: str) -> None:
    same_file(enter(review.world.dario), f"{reverse('auditor:hallazgos')}{address}?decision=todas", shorten)


def test_the_long_matrix_of_an_auditor(review: Scene, enter: Enter, shorten: Callable[[], None]) -> None:
    same_file(enter(review.world.dario), f"{reverse('auditor:matriz_xlsx')}?decision=todas", shorten)


def test_the_long_trail_of_an_installation(scene: Any, enter: Enter, shorten: Callable[[], None]) -> None:
    with everything():
        hugo = services.create_usuario("hugo.largo", "Hugo Lara", None)
        services.appoint(hugo, "administrador", desde=clock.today())
    client = enter(hugo)
    shorten()
    job = asked_apart(client, f"{reverse('accesos')}?formato=csv")
    assert body(client.get(f"{job}archivo/")).decode("utf-8-sig").startswith("suceso,ocurrido_el")


def test_the_page_refuses_in_the_job_as_it_would_at_once(
    scene: Any, enter: Enter, shorten: Callable[[], None], settings: Any
) -> None:
    from sif.jobs.running import run_pieces

    scene.post(scene.expense("1000.00"))
    settings.TRABAJOS_EN_LINEA = False
    client = enter(scene.alicia)
    shorten()
    job = asked_apart(client, f"{reverse('party:contabilidad', args=[scene.libros.pk])}?formato=csv")
    leave(scene.alicia, scene)
    with everything():
        run_pieces(int(job.split("/")[2]))
    told = client.get(job).text
    assert "No se escribió la lista" in told and "Esta contabilidad es de otro sujeto" in told


def test_the_file_is_of_who_asked_while_the_books_are(scene: Any, enter: Enter, shorten: Callable[[], None]) -> None:
    scene.post(scene.expense("1000.00"))
    shorten()
    page = f"{reverse('party:polizas')}?formato=csv"
    alicia = enter(scene.alicia)
    offer = offer_of(alicia.get(page).text)
    carla = enter(scene.carla)
    for wrong in (offer, offer[:-1], ""):
        told = carla.post(APART, {"oferta": wrong}, follow=True).text
        assert "Esa oferta ya no sirve" in told
    with everything():
        assert not Trabajo.objects.exists()
    assert Client().post(APART, {"oferta": offer})["Location"].startswith("/cuenta/login/")
    assert alicia.get(APART).status_code == 405
    job = alicia.post(APART, {"oferta": offer})["Location"].split("?")[0]
    assert carla.get(f"{job}archivo/").status_code == 404
    assert alicia.get(f"{job}archivo/").status_code == 200
    leave(scene.alicia, scene)
    refused = alicia.get(f"{job}archivo/")
    assert refused.status_code == 403 and "Ya no puede consultar" in refused.text


def test_a_list_that_no_sheet_holds_is_told(scene: Any, enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.post(scene.expense("1000.00"))
    monkeypatch.setattr(bounds, "SHEET_ROWS", 0)
    told = enter(scene.alicia).get(f"{reverse('party:polizas')}?formato=xlsx")
    assert told.status_code == 422 and "Pídala en CSV" in told.text


def test_a_file_with_whole_keys_is_looked_at_once(scene: Any, enter: Enter, shorten: Callable[[], None]) -> None:
    from sif.registry.models import Mirada

    client = enter(scene.alicia)
    page = reverse("party:aportantes")
    asked = {"formato": "csv", "finalidad": "cotejar", "motivo": "Informe anual de aportantes"}
    direct = body(client.post(page, asked))
    assert len(direct.splitlines()) > 1
    shorten()
    with everything():
        before = Mirada.objects.count()
    job = asked_apart(client, page, asked)
    assert body(client.get(f"{job}archivo/")) == direct
    with everything():
        assert Mirada.objects.count() == before + 1

"""Masked keys, who saw them whole, the part of an oficio and the page of access, in a real browser."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from playwright.sync_api import Browser, Page, expect

from journeys.browser import chromium, look, open_context, shoot, watch
from journeys.shared import enter, shared_site
from rfcs import new_rfc
from scene import PASSWORD
from sif.registry.scope import registering

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path) -> Iterator[Any]:
    """A campaign with a donor of three keys and a person."""
    from scene import make_scene
    from sif.catalogs.services import NewAportante, NewPersona, save_aportante, save_persona
    from sif.registry import clock
    from sif.registry.scope import everything

    settings.DATOS = tmp_path
    made = make_scene(tmp_path)
    keys = {"rfc": "GOMC800101AB4", "curp": "GOMC800101MDFXXX08", "clave_elector": "GMMCCR80010109M400"}
    with everything():
        save_aportante(NewAportante(made.partido.pk, "Carmen Gómez", **keys), made.alicia)
        save_persona(NewPersona(made.partido.pk, "Rosa Zepeda", "caja", clock.today(), **keys), made.alicia)
    yield made


def test_keys_are_seen_whole_once_and_told(chromium: Browser, shared_site: str, scene: Any) -> None:
    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    page = seen.page
    page.goto(f"{shared_site}/partido/miradas/")
    page.get_by_text("Nadie ha visto datos completos").wait_for()
    look(page, "miradas-vacia")
    page.goto(f"{shared_site}/partido/aportaciones/aportantes/")
    look(page, "aportantes-cubiertos")
    page.locator("#id_clave_completa").fill("GOMC800101MDFXXX08")
    page.get_by_role("button", name="Buscar por clave").click()
    page.get_by_role("heading", name="Carmen Gómez").wait_for()
    assert "GOMC" not in page.url
    look(page, "aportante-cubierto")
    page.locator("#id_finalidad").select_option("recibo")
    page.locator("#id_para_que").fill("x")
    page.get_by_role("button", name="Ver completo").click()
    page.get_by_text("no dice para qué los ve").wait_for()
    look(page, "aportante-sin-motivo")
    page.locator("#id_para_que").fill("Cotejar su credencial antes de firmar el recibo")
    page.get_by_role("button", name="Ver completo").click()
    page.get_by_text("GOMC800101MDFXXX08").wait_for()
    look(page, "aportante-completo")
    page.goto(f"{shared_site}/partido/gente/")
    look(page, "gente-cubierta")
    page.goto(f"{shared_site}/partido/miradas/")
    page.get_by_text("Cotejar su credencial").wait_for()
    look(page, "miradas")
    assert [error for error in seen.errors if "422" not in error] == []
    assert seen.strangers == []
    context.close()


def test_the_page_of_access(chromium: Browser, shared_site: str, scene: Any) -> None:
    from sif.registry import clock, events, services, trail
    from sif.registry.trail import Clase

    person = services.create_usuario(f"hugo{scene.partido.pk}", "Hugo Lara", "")
    services.appoint(person, "administrador", desde=clock.today() - timedelta(days=1))
    with events.context(direccion="203.0.113.0/24", pedido=events.new_pedido()):
        trail.write(Clase.ENTRADA, "rechazada", None)
        trail.write(Clase.ENTRADA, "aceptada", scene.alicia, via="password", factor=True)
        trail.write(Clase.RECHAZO, "party:polizas", scene.dario)
        trail.act("presentar", scene.alicia, scene.etapa)
        trail.write(Clase.EXPORTACION, "party:aportantes", scene.alicia)
    context = open_context(chromium)
    enter(context, person, shared_site)
    seen = watch(context)
    page = seen.page
    page.goto(f"{shared_site}/cuenta/accesos/")
    page.get_by_role("heading", name="Accesos").wait_for()
    look(page, "accesos")
    page.goto(f"{shared_site}/cuenta/accesos/?hasta=2020-01-01")
    look(page, "accesos-vacia")
    seen.assert_quiet()
    context.close()


def test_the_page_of_people_and_what_waits_for_another(chromium: Browser, shared_site: str, scene: Any) -> None:
    from sif.registry import clock, proposals, services
    from sif.registry.invited import Invited

    people = []
    for name in ("Hugo", "Inés"):
        person = services.create_usuario(f"{name.lower()}{scene.partido.pk}", f"{name} Lara", "", rfc=new_rfc())
        services.appoint(person, "administrador", desde=clock.today() - timedelta(days=1))
        people.append(person)
    held = services.appoint(scene.bruno, "consulta", scene.partido, hasta=clock.today() + timedelta(days=9))
    proposals.propose_invitation(Invited("revisor", "Eva Mora", "eva.mora", new_rfc()), people[0])
    proposals.propose_link(scene.dario, people[1])
    context = open_context(chromium)
    enter(context, people[1], shared_site)
    seen = watch(context)
    page = seen.page
    page.goto(f"{shared_site}/cuenta/personas/")
    look(page, "personas")
    page.get_by_role("link", name="Accesos Dar").click()
    page.get_by_text("Nada de esto se borra").wait_for()
    look(page, "accesos-de-una-persona")
    page.goto(f"{shared_site}/cuenta/nombramientos/{held.pk}/")
    page.get_by_role("heading", name="Terminar antes").wait_for()
    look(page, "nombramiento")
    page.get_by_role("link", name="Prolongar").click()
    page.get_by_role("heading", name="Prolongar un nombramiento").wait_for()
    look(page, "nombramiento-prolongar")
    page.goto(f"{shared_site}/cuenta/personas/")
    page.locator("details.confirm summary").first.click()
    page.get_by_role("button", name="Rechazar lo propuesto para Eva Mora").wait_for()
    look(page, "personas-rechazar")
    page.get_by_role("button", name="Aprobar Eva Mora").click()
    page.get_by_text("Copie ahora el enlace").wait_for()
    look(page, "personas-aprobada")
    seen.assert_quiet()
    context.close()


def test_a_role_is_delegated(chromium: Browser, shared_site: str, scene: Any) -> None:
    from sif.registry import clock, services
    from sif.registry.delegating import NewDelegation, delegate
    from sif.registry.papers import Paper

    services.appoint(scene.bruno, "consulta", scene.partido)
    mine, today = scene.alicia.nombramientos.latest("pk"), clock.today()
    paper = Paper("CEN/SF/8", "oficio.pdf", "c" * 64, 12)
    delegate(mine, NewDelegation(scene.bruno, today, today + timedelta(days=9), paper), scene.alicia)
    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    page = seen.page
    page.goto(f"{shared_site}/cuenta/nombramientos/{mine.pk}/")
    look(page, "nombramiento-propio")
    page.get_by_role("link", name="Delegar").click()
    page.get_by_role("heading", name="Delegar una función").wait_for()
    look(page, "nombramiento-delegar")
    page.goto(f"{shared_site}/cuenta/nombramientos/{mine.pk}/")
    page.get_by_role("link", name=scene.bruno.nombre).click()
    page.get_by_role("heading", name="Revocar la delegación").wait_for()
    look(page, "nombramiento-delegado")
    seen.assert_quiet()
    context.close()


def test_the_page_of_the_rfc_of_an_account(chromium: Browser, shared_site: str, scene: Any) -> None:
    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    page = seen.page
    page.goto(f"{shared_site}/cuenta/rfc/")
    page.get_by_text("RFC sin probar").wait_for()
    look(page, "rfc-de-mi-cuenta")
    page.get_by_text("Firmar con un programa").click()
    page.get_by_role("button", name="Probar mi RFC").click()
    page.get_by_text("Falta el sello").first.wait_for()
    look(page, "rfc-de-mi-cuenta-rechazo")
    assert [error for error in seen.errors if "422" not in error] == []
    context.close()


def test_the_recovery_codes_are_kept_and_one_session_is_ended(chromium: Browser, shared_site: str, scene: Any) -> None:
    contexts = [open_context(chromium) for _each in range(3)]
    for each in contexts[1:]:
        _sign_in(each.new_page(), shared_site, scene.alicia.username)
    seen = watch(contexts[0])
    page = seen.page
    _sign_in(page, shared_site, scene.alicia.username)
    expect(page.get_by_text("Su cuenta no tiene segundo factor.")).to_be_visible()
    look(page, "hoy-sin-segundo-factor")
    with registering():
        RecoveryCodes.activate(scene.alicia)
    _keep_codes(page, shared_site)
    page.goto(f"{shared_site}/cuenta/sessions/")
    rows = page.locator("main li")
    expect(rows).to_have_count(3)
    look(page, "sesiones")
    rows.filter(has_not_text="Esta sesión").first.get_by_role("button", name="Cerrar").press("Enter")
    expect(page.get_by_text("La sesión quedó cerrada.")).to_be_visible()
    expect(rows).to_have_count(2)
    look(page, "sesion-cerrada")
    page.goto(f"{shared_site}/cuenta/mis-accesos/")
    expect(page.get_by_text("Con contraseña").first).to_be_visible()
    look(page, "mis-accesos")
    seen.assert_quiet()
    for each in contexts:
        each.close()


def _sign_in(page: Page, site: str, username: str) -> None:
    page.goto(f"{site}/cuenta/login/")
    page.locator("#id_login").fill(username)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    page.get_by_role("heading", name="Su campaña, hoy").wait_for()


def _keep_codes(page: Page, site: str) -> None:
    """Copied, downloaded and printed from the keyboard; shown once."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/cuenta/2fa/recovery-codes/")
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    look(page, "codigos-de-recuperacion")
    page.get_by_role("button", name="Copiar").press("Enter")
    expect(page.get_by_role("button", name="Copiados")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").split() == codes
    with page.expect_download() as waited:
        page.get_by_role("link", name="Descargar").press("Enter")
    kept = Path(waited.value.path()).read_text().splitlines()
    assert kept[0].startswith("SIF. Códigos de recuperación de ") and ", descargados el " in kept[0]
    assert "una sola vez" in kept[1] and kept[2:] == ["", *codes]
    assert waited.value.suggested_filename.startswith("codigos-de-recuperacion-sif-")
    page.evaluate("window.print = () => document.body.dataset.printed = 'si'")
    page.get_by_role("button", name="Imprimir").press("Enter")
    assert page.evaluate("document.body.dataset.printed") == "si"
    page.emulate_media(media="print")
    shoot(page, "codigos-de-recuperacion-impresos")
    expect(page.locator(".codes li").first).to_be_visible()
    expect(page.get_by_role("button", name="Imprimir")).to_be_hidden()
    page.emulate_media(media="screen")
    page.reload()
    expect(page.get_by_text("Quedan 10 de 10 códigos.")).to_be_visible()


def test_books_are_looked_for_and_ticked_for_who_captures(
    chromium: Browser, shared_site: str, scene: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sif.web.accounts import inviting

    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    page = seen.page
    page.goto(f"{shared_site}/cuenta/personas/")
    look(page, "personas-contabilidades")
    monkeypatch.setattr(inviting, "OFFERED", 1)
    page.reload()
    page.get_by_label("Nombre completo").fill("Nora Paz")
    page.get_by_label("Buscar contabilidades").fill(str(scene.libros.pk))
    page.get_by_role("button", name="Buscar").click()
    page.get_by_role("checkbox", name=str(scene.libros.pk)).check()
    expect(page.get_by_label("Nombre completo")).to_have_value("Nora Paz")
    look(page, "personas-buscadas")
    seen.assert_quiet()
    context.close()

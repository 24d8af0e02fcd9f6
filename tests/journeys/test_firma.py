"""A report signed with an e.firma in a browser: the key stays in the frame, and what does not serve is said there."""

import base64
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, FrameLocator, Page, Route, expect

from filing.campaign import make_campaign
from filing.ordinary import Ordinary, filed_year, make_ordinary
from journeys.browser import check, chromium, look, open_context, shoot, watch
from journeys.shared import at_rest, enter, shared_site
from public_data import public
from sat_pruebas import PASSWORD as SAT_PASSWORD
from sat_pruebas import believe
from sif.books.services import read_file
from sif.commands.main import main
from sif.filing.annexes import annexes_in
from sif.filing.models import Compromiso, Presentacion
from sif.filing.presenting import CONTENT_NAME
from sif.registry import clock
from sif.signing import minting
from sif.signing.certificates import read_certificate
from sif.signing.chain import canonical_json
from sif.web.public import servicio

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser
PASSWORD = "contraseña-ñ-12"


@pytest.fixture
def place(db: None, settings: Any, tmp_path: Path) -> Path:
    """The folder of an installation with no authority of its own yet."""
    settings.DATOS = tmp_path
    (tmp_path / "certificados").mkdir()
    return tmp_path


@pytest.fixture
def ordinary(place: Path) -> Ordinary:
    """The year 2025, its annual signed by its external auditor alone, where who minted its e.firmas is believed."""
    with at_rest():
        made = filed_year()
        made.keep(made.books.informes.get(tipo="IA"), made.auditor)
    return _believed(made, place)


@pytest.fixture
def unfiled(place: Path) -> Ordinary:
    """The same year with no report generated."""
    with at_rest():
        made = make_ordinary(minting.mint_authority())
        made.fill()
    return _believed(made, place)


def _believed(made: Ordinary, place: Path) -> Ordinary:
    (place / "certificados" / "prueba.cer").write_bytes(made.mint.cer)
    return made


def _files(ordinary: Ordinary, place: Path) -> dict[str, Path]:
    """The pair of the officer, another's certificate, a digital seal and an expired one, as files."""
    mint, span = ordinary.mint, (date(2023, 1, 1), date(2040, 1, 1))
    past = date(2015, 1, 1), date(2019, 1, 1)
    made = {
        "cer": ordinary.officer.cer,
        "key": minting.encrypt_key(ordinary.officer.key, PASSWORD),
        "aes": minting.encrypt_key(ordinary.officer.key, PASSWORD, "aes256_cbc"),
        "otra": minting.mint_fiel(mint, "AAAA8001019A1", "AAAA800101MDFSLL08", "OTRA PERSONA ÑÚ", *span).cer,
        "csd": minting.mint_csd(mint, "EKU9003173C9", "", "ESCUELA KEMPER URGATE", *span).cer,
        "vencido": minting.mint_fiel(mint, "AAAA8001019A1", "AAAA800101MDFSLL08", "VENCIDA", *past).cer,
    }
    for name, content in made.items():
        (place / name).write_bytes(content)
    return {name: place / name for name in made}


def _fill(frame: FrameLocator, cer: Path, key: Path, password: str) -> None:
    frame.get_by_label("Certificado (.cer)").set_input_files(cer)
    frame.get_by_label("Llave privada (.key)").set_input_files(key)
    frame.get_by_label("Contraseña de la llave").fill(password)
    frame.get_by_role("button", name="Continuar").click()


def _annual(page: Page, site: str, ordinary: Ordinary) -> FrameLocator:
    page.goto(f"{site}/partido/informes/{ordinary.books.pk}/IA/4/", wait_until="networkidle")
    return page.frame_locator(".efirma iframe")


def _kept_before_the_cut_and_again_after_it(page: Page, place: Path, shots: str = "") -> None:
    """Save the acuse of the page when it was signed, verify it offline, and save it again once the day was cut.

    shots: how the pictures of what the verifier says are called, where they are taken.
    """
    (place / "verificar.html").write_bytes(servicio.VERIFIER.read_bytes())
    expect(page.get_by_text("descárguelo otra vez después del corte, junto con raices.json")).to_be_visible()
    with at_rest():
        made = Presentacion.objects.latest("pk")
        given = {CONTENT_NAME: canonical_json(made.informe.contenido)}
        given |= {each.archivo: read_file(each.sha256) for each in annexes_in(made.informe)}
    for name, data in given.items():
        (place / name).write_bytes(data)
    offline = page.context.new_page()
    offline.goto((place / "verificar.html").as_uri())
    offline.get_by_label("Los archivos presentados").set_input_files([place / name for name in given])
    _verified(offline, _saved(page, place), "ÍNTEGRO, FALTA COMPARAR LA RAÍZ")
    expect(offline.get_by_text("este acuse se guardó antes del corte de su día")).to_be_visible()
    if shots:
        shoot(offline, f"{shots}-antes")
    with at_rest():
        assert main(["raices", "--salida", str(place / "raices.json")]) == 0
    page.reload()
    expect(page.get_by_text("El corte de su día ya se hizo: el JSON lleva la prueba del registro")).to_be_visible()
    offline.get_by_label("Las raíces publicadas (raices.json)").set_input_files(place / "raices.json")
    _verified(offline, _saved(page, place), "VÁLIDO")
    expect(offline.get_by_text("Qué falta comprobar")).to_have_count(0)
    if shots:
        shoot(offline, f"{shots}-valido")
    offline.close()


def _saved(page: Page, place: Path) -> Path:
    with page.expect_download() as got:
        page.get_by_role("link", name="JSON").click()
    got.value.save_as(place / "acuse.json")
    return place / "acuse.json"


def _verified(offline: Page, acuse: Path, verdict: str) -> None:
    offline.get_by_label("El acuse (acuse.json)").set_input_files(acuse)
    offline.get_by_role("button", name="Comprobar").click()
    expect(offline.get_by_role("heading", name=verdict, exact=True)).to_be_focused()


@pytest.mark.parametrize("closed", ["key", "aes"])
def test_the_annual_is_signed_in_the_page_and_its_key_never_leaves_the_frame(
    chromium: Browser, shared_site: str, ordinary: Ordinary, place: Path, closed: str
) -> None:
    files = _files(ordinary, place)
    context = open_context(chromium)
    enter(context, ordinary.clerk, shared_site)
    seen = watch(context)
    sent: list[bytes] = []
    seen.page.on("request", lambda request: sent.append(request.url.encode() + (request.post_data_buffer or b"")))
    frame = _annual(seen.page, shared_site, ordinary)
    _fill(frame, files["cer"], files[closed], PASSWORD)
    expect(frame.get_by_role("heading", name="Esto se firma")).to_be_visible()
    expect(frame.locator("#actos")).to_contain_text("IA-")
    if closed == "key":
        check(seen.page, "firma-revisar-1280")
    frame.get_by_role("button", name="Firmar y enviar").click()
    seen.page.wait_for_url(re.compile("/acuse/$"))
    with at_rest():
        assert Presentacion.objects.filter(informe__tipo="IA").count() == 1
    numbers = ordinary.officer.key.private_numbers()
    secrets = [PASSWORD.encode(), files[closed].read_bytes(), *(each.to_bytes(128) for each in (numbers.p, numbers.q))]
    everything_sent = b"\n".join(sent)
    for secret in secrets:
        for form in (secret, secret.hex().encode(), *(base64.b64encode(secret[n:])[4:-4] for n in range(3))):
            assert form not in everything_sent
    assert base64.b64encode(ordinary.officer.cer)[:200] in everything_sent.replace(b"%2B", b"+").replace(b"%2F", b"/")
    if closed == "key":
        _kept_before_the_cut_and_again_after_it(seen.page, place)
    seen.assert_quiet()
    context.close()


@pytest.mark.parametrize("name", ["cacx7605101p8", "cañf770131pa3"])
def test_a_report_signed_with_an_efirma_that_sat_issued_for_tests_is_verified_offline(
    chromium: Browser, shared_site: str, place: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sign with the .cer and .key that SAT publishes, as they are; they ended in 2023, and the house lives in 2022."""
    cer, key = (public("certs", "fiel", f"{name}.{kind}") for kind in ("cer", "key"))
    cert, shots = read_certificate(cer.read_bytes()), f"firma-sat-{name[:3]}"
    with at_rest():
        made = make_campaign(minting.mint_authority(), 2022, cert.rfc)
        made.spend(made.ana, "1234.56", date(2022, 4, 10))
    noon = datetime(2022, 5, 2, 12, tzinfo=clock.legal_zone())
    since = noon - timezone.now()
    monkeypatch.setattr(clock, "now", lambda: (timezone.now() + since).astimezone(clock.legal_zone()))
    context = open_context(chromium)
    context.clock.set_fixed_time(noon)
    enter(context, made.world.clerk, shared_site)
    seen = watch(context)
    page = seen.page
    page.goto(f"{shared_site}/partido/informes/{made.ana.pk}/IC/1/", wait_until="networkidle")
    page.get_by_role("button", name="Generar informe").click()
    expect(page.get_by_text("Revíselo y fírmelo.")).to_be_visible()
    page.wait_for_load_state("networkidle")
    frame = page.frame_locator(".efirma iframe")
    _fill(frame, cer, key, SAT_PASSWORD)
    expect(frame.get_by_role("alert")).to_contain_text("no procede de una autoridad conocida del SAT")
    shoot(page, f"{shots}-desconocida")
    believe(place / "certificados")
    seen.errors.clear()  # the answer 422 to a certificate of an authority that nobody had brought yet
    _fill(frame, cer, key, SAT_PASSWORD)
    expect(frame.get_by_role("heading", name="Esto se firma")).to_be_visible()
    shoot(page, f"{shots}-revisar")
    frame.get_by_role("button", name="Firmar y enviar").click()
    page.wait_for_url(re.compile("/acuse/$"))
    expect(page.get_by_text(cert.nombre)).to_be_visible()
    expect(page.get_by_text("Recibido2 de mayo de 2022, 12:0")).to_be_visible()
    check(page, f"{shots}-acuse")
    _kept_before_the_cut_and_again_after_it(page, place, shots)
    with at_rest():
        act = Presentacion.objects.get()
        assert (act.rfc, act.serie, act.hoja, act.certificado) == (cert.rfc, cert.serie, 0, cer.read_bytes())
    seen.assert_quiet()
    context.close()


def test_what_does_not_serve_to_sign_is_said_in_the_frame_and_nothing_is_presented(
    chromium: Browser, shared_site: str, ordinary: Ordinary, place: Path
) -> None:
    files = _files(ordinary, place)
    context = open_context(chromium)
    enter(context, ordinary.clerk, shared_site)
    page = context.new_page()
    frame = _annual(page, shared_site, ordinary)
    check(page, "firma-1280")
    frame.get_by_role("button", name="Continuar").click()
    expect(frame.get_by_role("alert")).to_contain_text("Elija los dos archivos de su e.firma")
    for cer, key, password, said in (
        ("key", "cer", PASSWORD, "Quizá eligió la llave en su lugar"),
        ("csd", "key", PASSWORD, "es de sello digital (CSD)"),
        ("vencido", "key", PASSWORD, "venció el"),
        ("cer", "cer", PASSWORD, "no es una llave .key del SAT"),
        ("cer", "key", "otra", "La contraseña no abre esta llave"),
        ("otra", "key", PASSWORD, "La llave no es la del certificado de RFC AAAA8001019A1"),
    ):
        _fill(frame, files[cer], files[key], password)
        expect(frame.get_by_role("alert")).to_contain_text(said)
        expect(frame.locator("#revisar")).to_be_hidden()
    with at_rest():
        assert not Presentacion.objects.filter(informe__tipo="IA").exists()
    context.close()


def test_another_persons_efirma_is_refused_before_anything_is_signed(
    chromium: Browser, shared_site: str, ordinary: Ordinary, place: Path
) -> None:
    span = date(2023, 1, 1), date(2040, 1, 1)
    foreign = minting.mint_fiel(ordinary.mint, "AAAA8001019A1", "AAAA800101MDFSLL08", "OTRA PERSONA", *span)
    for name, content in (("ajena.cer", foreign.cer), ("ajena.key", foreign.key)):
        (place / name).write_bytes(content)
    context = open_context(chromium, "360", "dark")
    enter(context, ordinary.clerk, shared_site)
    page = context.new_page()
    frame = _annual(page, shared_site, ordinary)
    _fill(frame, place / "ajena.cer", place / "ajena.key", foreign.password)
    expect(frame.get_by_role("alert")).to_contain_text("El RFC AAAA8001019A1 no es el de quien debe firmar")
    check(page, "firma-ajena-360")
    context.close()


def test_several_reports_are_generated_and_signed_with_one_password(
    chromium: Browser, shared_site: str, unfiled: Ordinary, place: Path
) -> None:
    files = _files(unfiled, place)
    context = open_context(chromium)
    enter(context, unfiled.clerk, shared_site)
    seen = watch(context)
    page = seen.page
    page.goto(f"{shared_site}/partido/informes/firmar/", wait_until="networkidle")
    generating = page.locator("section", has=page.get_by_role("heading", name="Faltan por generar"))
    generating.get_by_role("button", name="Marcar todos").click()
    page.get_by_role("button", name="Generar los marcados").click()
    signing = page.locator("section", has=page.get_by_role("heading", name="Esperan firma"))
    expect(signing.get_by_role("checkbox")).to_have_count(4)
    check(page, "firmar-varios-1280")
    frame = page.frame_locator(".efirma iframe")
    _fill(frame, files["cer"], files["key"], PASSWORD)
    expect(frame.get_by_role("alert")).to_contain_text("No eligió ninguno")
    signing.get_by_role("button", name="Marcar todos").click()
    _fill(frame, files["cer"], files["key"], PASSWORD)
    expect(frame.locator("#actos tbody tr")).to_have_count(4)
    check(page, "firmar-varios-revisar-1280")
    frame.get_by_role("button", name="Firmar y enviar").click()
    expect(page.get_by_text("Se presentaron 3 informes")).to_be_visible()
    expect(page.get_by_text("Se recibió su firma de 1 informe que lleva dos")).to_be_visible()
    with at_rest():
        assert Presentacion.objects.count() == 3
    assert all("422" in error for error in seen.errors), seen.errors  # none chosen, and the quarter without movements
    assert seen.strangers == []
    context.close()


def test_the_second_signer_finds_the_annual_and_presents_it_with_their_own_efirma(
    chromium: Browser, shared_site: str, place: Path
) -> None:
    with at_rest():
        made = _believed(filed_year(), place)
    files = _files(made, place)
    (place / "berta.cer").write_bytes(made.external.cer)
    (place / "berta.key").write_bytes(minting.encrypt_key(made.external.key, PASSWORD))
    context = open_context(chromium)
    enter(context, made.clerk, shared_site)
    page = context.new_page()
    frame = _annual(page, shared_site, made)
    _fill(frame, files["cer"], files["key"], PASSWORD)
    frame.get_by_role("button", name="Firmar y enviar").click()
    expect(page.get_by_role("heading", name="En espera de la otra firma")).to_be_visible()
    expect(page.get_by_text("Falta auditor externo: Berta")).to_be_visible()
    look(page, "segunda-firma-espera-1280")
    page.goto(f"{shared_site}/partido/informes/", wait_until="networkidle")
    expect(page.get_by_text("Falta la firma de auditor externo: Berta")).to_be_visible()
    look(page, "segunda-firma-lista-1280")
    context.close()
    with at_rest():
        assert not Presentacion.objects.filter(informe__tipo="IA").exists()
    context = open_context(chromium)
    enter(context, made.auditor, shared_site)
    page = context.new_page()
    page.goto(f"{shared_site}/partido/", wait_until="networkidle")
    expect(page.get_by_text("Informe que espera su firma")).to_be_visible()
    look(page, "segunda-firma-hoy-1280")
    page.get_by_role("link", name="Firmar", exact=True).click()
    signing = page.locator("section", has=page.get_by_role("heading", name="Esperan firma"))
    signing.get_by_role("button", name="Marcar todos").click()
    look(page, "segunda-firma-firmar-1280")
    frame = page.frame_locator(".efirma iframe")
    _fill(frame, place / "berta.cer", place / "berta.key", PASSWORD)
    expect(frame.get_by_role("heading", name="Esto se firma")).to_be_visible()
    frame.get_by_role("button", name="Firmar y enviar").click()
    page.wait_for_url(re.compile("/acuse/$"))
    expect(page.get_by_text("BERTA SOLÍS MORA")).to_be_visible()
    expect(page.get_by_text("ALICIA ROSAS NÚÑEZ")).to_be_visible()
    look(page, "segunda-firma-acuse-1280")
    with at_rest():
        assert Presentacion.objects.get(informe__tipo="IA").acuse["formato"] == "sif-acuse/2"
    context.close()


def test_what_is_signed_without_a_network_is_kept_here_and_sent_when_it_returns(
    chromium: Browser, shared_site: str, ordinary: Ordinary, place: Path
) -> None:
    files = _files(ordinary, place)
    context = open_context(chromium)
    enter(context, ordinary.clerk, shared_site)
    page = context.new_page()
    frame = _annual(page, shared_site, ordinary)
    _fill(frame, files["cer"], files["key"], PASSWORD)
    expect(frame.get_by_role("heading", name="Esto se firma")).to_be_visible()
    context.set_offline(True)
    frame.get_by_role("button", name="Firmar y enviar").click()
    outbox = page.get_by_role("region", name="Firmas guardadas en este equipo")
    expect(outbox).to_contain_text("Aún no llega al servidor")
    check(page, "firma-sin-red-1280")
    page.set_viewport_size({"width": 360, "height": 800})
    check(page, "firma-sin-red-360")
    with at_rest():
        assert not Presentacion.objects.filter(informe__tipo="IA").exists()
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"{shared_site}/partido/informes/", wait_until="networkidle")
    again.wait_for_url(re.compile("/acuse/$"))
    expect(again.get_by_text("Hora según la computadora de quien firmó")).to_be_visible()
    check(again, "firma-acuse-dos-horas-1280")
    with at_rest():
        assert Presentacion.objects.filter(informe__tipo="IA").count() == 1
    context.close()


FULL_STORAGE = """
    const keep = Storage.prototype.setItem;
    Storage.prototype.setItem = function (key, text) {
      if (key === "sif.salida") throw new DOMException("", "QuotaExceededError");
      keep.call(this, key, text);
    };
"""


def test_what_the_server_took_leaves_the_outbox_and_what_the_browser_does_not_keep_is_said(
    chromium: Browser, shared_site: str, ordinary: Ordinary
) -> None:
    context = open_context(chromium)
    enter(context, ordinary.clerk, shared_site)
    page, sending = context.new_page(), "**/informes/firmar/enviadas/"
    page.add_init_script(FULL_STORAGE)
    page.route(sending, lambda route: route.abort())
    page.goto(f"{shared_site}/partido/informes/", wait_until="networkidle")
    page.evaluate("efirmaSalida.keep('', ['A', 'B'].map((folio) => ({ folio, sello: '' })))")
    outbox = page.get_by_role("region", name="Firmas guardadas en este equipo")
    expect(outbox).to_contain_text("este navegador no pudo guardarla")
    check(page, "firma-sin-guardar-1280")
    page.unroute(sending)
    told = {"problemas": ["No es de sus contabilidades."], "hechos": ["A"], "ir": ""}
    page.route(sending, lambda route: route.fulfill(status=422, json=told))
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(outbox).to_contain_text("No es de sus contabilidades.")
    expect(outbox.get_by_role("listitem")).to_contain_text("B. Hora según la computadora de quien firmó")
    expect(outbox).not_to_contain_text("A, B")
    context.close()


SENDING = "**/informes/firmar/enviadas/"
KEEP = "efirmaSalida.keep('', [{ folio: 'A', sello: '' }])"


def test_two_pages_of_a_person_send_a_signature_once_and_both_say_so(
    chromium: Browser, shared_site: str, ordinary: Ordinary
) -> None:
    context = open_context(chromium)
    enter(context, ordinary.clerk, shared_site)
    held: list[Route] = []
    context.route(SENDING, lambda route: held.append(route))
    pages = [context.new_page() for _ in range(2)]
    for page in pages:
        page.goto(f"{shared_site}/partido/informes/", wait_until="networkidle")
    with pages[0].expect_request(SENDING):
        pages[0].evaluate(KEEP)
    boxes = [page.get_by_role("region", name="Firmas guardadas en este equipo") for page in pages]
    for box in boxes:  # the other page says it too, without being opened again
        expect(box.get_by_role("listitem")).to_contain_text("A. Hora según la computadora")
    pages[1].evaluate("dispatchEvent(new Event('online'))")
    pages[1].evaluate("fetch('/').then(() => null)")
    assert len(held) == 1
    held[0].fulfill(status=200, json={"problemas": [], "hechos": ["A"], "ir": "/partido/"})
    pages[0].wait_for_url("**/partido/")
    expect(boxes[1]).to_be_hidden()
    assert len(held) == 1 and pages[1].url.endswith("/partido/informes/")
    context.close()


def test_a_signature_of_a_session_that_ended_waits_for_its_person_and_nobody_else_sends_or_sees_it(
    chromium: Browser, shared_site: str, ordinary: Ordinary, place: Path
) -> None:
    files = _files(ordinary, place)
    context = open_context(chromium)
    enter(context, ordinary.clerk, shared_site)
    page = context.new_page()
    frame = _annual(page, shared_site, ordinary)
    _fill(frame, files["cer"], files["key"], PASSWORD)
    expect(frame.get_by_role("heading", name="Esto se firma")).to_be_visible()
    context.clear_cookies()  # it went out, or its session ended, before it signed
    frame.get_by_role("button", name="Firmar y enviar").click()
    outbox = page.get_by_role("region", name="Firmas guardadas en este equipo")
    expect(outbox).to_contain_text("La sesión terminó antes de enviarla.")
    enter(context, ordinary.auditor, shared_site)  # another person, at the same computer
    sent: list[str] = []
    context.on("request", lambda request: sent.append(request.url) if "firmar/enviadas" in request.url else None)
    other = context.new_page()
    other.goto(f"{shared_site}/partido/informes/", wait_until="networkidle")
    expect(other.get_by_role("region", name="Firmas guardadas en este equipo")).to_have_count(0)
    assert sent == []
    page.evaluate(
        "dispatchEvent(new Event('online'))"
    )  # the page of the first one, still open under the other's session
    expect(outbox).to_contain_text("La sesión terminó antes de enviarla.")
    with at_rest():
        assert not Compromiso.objects.filter(informe__tipo="IA", recibido_de=ordinary.clerk).exists()
    page.close()
    other.close()
    enter(context, ordinary.clerk, shared_site)
    again = context.new_page()
    again.goto(f"{shared_site}/partido/informes/", wait_until="networkidle")
    again.wait_for_url(re.compile("/acuse/$"))
    with at_rest():
        assert Presentacion.objects.filter(informe__tipo="IA").count() == 1
    context.close()

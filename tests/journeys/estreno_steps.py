"""The steps of an election once it is open, by pages: a report, its audit, a resolución, its publication, the next."""

from datetime import datetime

from playwright.sync_api import Page, expect

from journeys.browser import PATIENCE, look, open_context, watch
from journeys.institute import House, Signers
from journeys.shared import ONE_AT_A_TIME
from sif.cfdi.write import Contribuyente
from sif.filing.models import Presentacion
from sif.registry import clock
from sif.registry.models import Contabilidad

PARTY = "Partido Jacaranda"
READ = "DOF, textos vigentes al 16 de junio de 2025, dof.gob.mx"


def reported(house: House, signers: Signers) -> None:
    """A party keeps an invoice with its evidence, and signs its report in the browser."""
    house.lives("2025-04-12 10:00")
    with ONE_AT_A_TIME:
        books = Contabilidad.objects.get(
            clase="candidatura", sujeto__siglas="PJ", candidatura__persona__nombre="ANA LUNA"
        )
    issued = datetime(2025, 4, 10, 11, tzinfo=clock.legal_zone())
    invoice = signers.invoice(books.pk, Contribuyente("PJA140101AB1", PARTY), issued)
    page = house.opens("alicia", "/partido/cfdi/")
    page.get_by_label("Archivos").set_input_files({"name": "factura.xml", "mimeType": "text/xml", "buffer": invoice})
    page.get_by_role("button", name="Recibir").click()
    expect(page.get_by_text("Todos entraron a la bandeja.")).to_be_visible()
    look(page, "estreno-bandeja")
    page.get_by_role("link", name="Impresos del Prado").first.click()
    page.get_by_role("button", name="Abrir su propuesta").click()
    page.locator("#captura").wait_for()
    page.wait_for_load_state("networkidle")
    for name, kind in (
        ("muestra.pdf", "Muestras (fotografía, video o audio)"),
        ("papel.pdf", "Comprobante fiscal PDF"),
    ):
        page.get_by_label("Clase de evidencia").select_option(label=kind)
        page.locator("#id_archivo").set_input_files(
            {"name": name, "mimeType": "application/pdf", "buffer": f"%PDF-1.4 {name}".encode()}
        )
        page.get_by_role("button", name="Adjuntar").click()
        expect(page.locator("#evidencias-lista").get_by_text(name).first).to_be_visible()
    page.get_by_role("button", name="Registrar póliza").click()
    page.get_by_role("heading", name="Póliza PN1/DR-1/ABR-2025").wait_for()
    expect(page.get_by_text("Evidencia completa")).to_be_visible()
    house.lives("2025-04-30 10:00")
    house.opens("alicia", "/partido/informes/")
    page.get_by_role("table").get_by_role("link").first.click()
    page.get_by_role("button", name="Generar informe").click()
    expect(page.get_by_text("Revíselo y fírmelo.")).to_be_visible()
    page.wait_for_load_state("networkidle")
    _sign(page, signers)
    page.get_by_role("heading", name="Acuse de").wait_for()
    look(page, "estreno-acuse")
    with ONE_AT_A_TIME:
        assert Presentacion.objects.filter(informe__contabilidad=books).count() == 1


def _sign(page: Page, signers: Signers) -> None:
    fiel, frame = signers.fiel("MORA800505AB3", "ALICIA MORA RIOS"), page.frame_locator(".efirma iframe")
    for label, name, content in (
        ("Certificado (.cer)", "a.cer", fiel.cer),
        ("Llave privada (.key)", "a.key", fiel.key),
    ):
        file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        frame.get_by_label(label).set_input_files(file)
    frame.get_by_label("Contraseña de la llave").fill(fiel.password)
    frame.get_by_role("button", name="Continuar").click()
    frame.get_by_role("button", name="Firmar y enviar").click()


def audited(house: House) -> None:
    """The authority freezes the books, two people adopt what it found, and the party answers its oficio."""
    house.lives("2025-06-07 10:00")
    bruno = house.opens("bruno", "/auditoria/corridas/")
    bruno.get_by_role("button", name="Congelar y correr").click(timeout=PATIENCE * 20)  # in its request
    expect(bruno.get_by_text("El reglamento corrió")).to_be_visible()
    for rule in ("CF008", "IN001"):
        house.opens("bruno", "/auditoria/hallazgos/")
        bruno.get_by_label("Sujeto").select_option(label=PARTY)
        bruno.get_by_role("button", name="Filtrar").click()
        bruno.get_by_role("row", name=rule).first.get_by_role("link").first.click()
        bruno.get_by_role("heading", level=1, name=rule).wait_for()
        found = bruno.url
        bruno.get_by_role("button", name="Adoptar como observación").click()
        expect(bruno.get_by_text("Falta que otra persona lo confirme.")).to_be_visible()
        rosa = house.pages["rosa"]
        rosa.goto(found)
        rosa.get_by_role("button", name="Confirmar").click()
        expect(rosa.get_by_text("Se adoptó 1 observación.")).to_be_visible()
    house.opens("bruno", "/auditoria/oficios/").get_by_role("link", name="Revisar y emitir").click()
    bruno.get_by_role("button", name="Proponer el oficio").click()
    expect(bruno.get_by_role("button", name="Retirar mi propuesta")).to_be_visible()
    rosa.goto(bruno.url)
    rosa.get_by_role("button", name="Emitir y notificar el oficio").click()
    expect(rosa.get_by_text("SIF/UTF/DA/00001/2025").first).to_be_visible()
    alicia = house.opens("alicia", "/partido/oficios/")
    alicia.get_by_role("link", name="SIF/UTF/DA/00001/2025", exact=True).click()
    for n in (1, 2):
        alicia.get_by_label("Lo que quiere decir a la autoridad").fill("El pago quedó pendiente; se acompaña.")
        alicia.get_by_role("button", name="Contestar la observación").click()
        expect(alicia.get_by_text(f"{n} de 2 observaciones contestadas")).to_be_visible()
    look(alicia, "estreno-respuesta")


def resolved(house: House) -> None:
    """One person opens the dictamen and another closes it; its bases are confirmed by two, and the council votes."""
    house.lives("2025-06-16 10:00")
    rosa = house.opens("rosa", "/auditoria/dictamenes/")
    rosa.get_by_role("row", name=PARTY).get_by_role("link", name="Abrir dictamen").click()
    rosa.get_by_role("button", name="Abrir dictamen").click()
    expect(rosa.get_by_text("SIF/UTF/DC/0001/2025 abierto.")).to_be_visible()
    dictamen = rosa.url
    rosa.get_by_role("table").get_by_role("link").first.click()
    for n in (1, 2):
        rosa.get_by_label("Análisis").fill("No obra en el expediente el comprobante del pago.")
        rosa.get_by_label("No atendida").check()
        rosa.get_by_role("button", name="Guardar y cerrar la conclusión").click()
        expect(rosa.get_by_text(f"C{n}_DG cerrada.")).to_be_visible()
    elena = house.pages["elena"]
    elena.goto(dictamen)
    elena.get_by_role("button", name="Cerrar el dictamen").click()
    expect(elena.get_by_text("SIF/UTF/DC/0001/2025 cerrado.")).to_be_visible()
    gabriela = house.opens("gabriela", "/consejo/")
    gabriela.get_by_role("link", name="Elaborar el proyecto").first.click()
    gabriela.get_by_role("button", name="Elaborar el proyecto").click()
    gabriela.get_by_role("heading", name="SIF/CG001/2025").wait_for()
    matter = gabriela.url
    look(gabriela, "estreno-proyecto")
    gabriela.get_by_role("link", name="bases de ley por confirmar").click()
    gabriela.get_by_label("Qué se leyó").fill(READ)
    gabriela.get_by_role("button", name="Proponer las").click()
    expect(gabriela.get_by_text("las confirma otra persona")).to_be_visible()
    lucero = house.opens("lucero", "/consejo/leyes/espera/")
    for each in lucero.get_by_role("table").get_by_role("checkbox").all():
        each.check()
    lucero.get_by_role("button", name="Confirmar las elegidas").click()
    expect(lucero.get_by_text("bases resueltas.")).to_be_visible()
    house.lives("2025-07-08 10:00")
    lucero.goto(matter)
    lucero.get_by_role("button", name="Someter a votación").click()
    expect(lucero.get_by_text("está a discusión y votación")).to_be_visible()
    for name in ("marta", "jorge"):
        page = house.opens(name, "/consejo/")
        page.get_by_role("link", name=PARTY).first.click()
        page.get_by_role("link", name="A favor", exact=True).click()
        page.get_by_role("button", name="Emitir mi voto a favor").click()
        expect(page.get_by_text("Su voto quedó emitido")).to_be_visible()
    lucero.goto(matter)
    lucero.get_by_role("button", name="Contar los votos y cerrar").click()
    expect(lucero.get_by_text("quedó aprobada y se notificó al sujeto.")).to_be_visible()
    look(lucero, "estreno-votada")


def published(house: House) -> None:
    """One person proposes the figures of the stage, another publishes them, and anybody reads what was voted."""
    rosa = house.opens("rosa", "/auditoria/publicacion/")
    rosa.get_by_role("button", name="Proponer las cifras de hoy").click(timeout=PATIENCE * 20)
    expect(rosa.get_by_text("Usted la propuso: la publica otra persona.")).to_be_visible()
    elena = house.opens("elena", "/auditoria/publicacion/")
    elena.get_by_role("button", name="Publicar estas cifras").click(timeout=PATIENCE * 20)
    expect(elena.get_by_text("El público ve las cifras del").first).to_be_visible()
    visitor = watch(open_context(house.chromium))
    house.seen.append(visitor)
    visitor.page.goto(f"{house.site}/")
    expect(visitor.page.get_by_text("Proceso electoral local 2024-2025, Durango").first).to_be_visible()
    look(visitor.page, "estreno-portal")
    visitor.page.goto(f"{house.site}/sanciones/")
    expect(visitor.page.get_by_role("table").get_by_text(PARTY).first).to_be_visible()
    look(visitor.page, "estreno-portal-sanciones")


def succeeded(house: House) -> None:
    """The next election begins with the stages and terms of this one."""
    hugo, ines = house.opens("hugo.salas", "/administracion/procesos/"), house.pages["ines.vela"]
    hugo.get_by_role("link", name="Proceso electoral local 2024-2025, Durango").first.click()
    hugo.get_by_role("link", name="Proceso siguiente").click()
    hugo.get_by_label("Año").fill("2026")
    hugo.get_by_role("button", name="Ver el calendario propuesto").click()
    look(hugo, "estreno-siguiente")
    hugo.locator("#id_campana_acuerdo").fill("IEPC/CG1/2026")
    hugo.get_by_role("button", name="Proponer este calendario").click()
    expect(hugo.get_by_text("lo abre otra persona")).to_be_visible()
    ines.goto(hugo.url)
    ines.get_by_role("button", name="Abrir el proceso").click()
    expect(ines.get_by_text("El proceso quedó abierto")).to_be_visible()

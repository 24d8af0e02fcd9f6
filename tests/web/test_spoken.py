"""No key, name of a field, placeholder nor value of a program reaches a person, in any page that links lead to."""

from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml import html

from batch.lots import csv_of, poliza_rows
from election import Election, election
from published_world import PDF, publish_world
from scene import LEAFLETS, PAYABLE
from seeds import WHOLE, is_of_today
from sif.batch.claves import create_key
from sif.books.models import Recepcion
from sif.cfdi.write import Contribuyente, Linea
from sif.registry.looks import NewLook, Reason, look
from sif.registry.scope import everything
from sif.values import Money
from web.audit_scene import Scene, audited, review
from web.cast import cast_of
from web.libros_books import fill
from web.spoken import Crawl, left_in_spanish, texts_of, unmarked

__all__ = ["audited", "election", "review"]
FOLIO = "7C1E90B4-3F0A-4D52-9B17-{:012X}"
STRANGER = Contribuyente("TAL170516AB1", "Talleres de Nadie")


def told(client: Client, least: int, *starts: str) -> None:
    """Read what links lead to, in Spanish one day and in English the next: it is all said to people."""
    for english in (False, True) if WHOLE else (is_of_today("".join(starts)),):
        crawl = Crawl(client, english).go(*starts)
        assert not crawl.found, "\n".join(crawl.found)
        assert len(crawl.read) >= least, sorted(crawl.read)


def test_the_reader_finds_what_is_not_said(client: Client) -> None:
    page = html.fromstring(
        "<p>fecha_operacion <u>/cfdi:Comprobante/@Certificado</u>"
        "<b>party:polizas</b> None {'a': 1} %(n)s <i>2026-05-01T10:00</i> ‹anio›"
        '<span translate="no">poliza_tmp</span><script>a_b</script></p>'
    )
    crawl = Crawl(client)
    crawl._judge("/", "x", texts_of(page))
    assert sorted(each.split("«")[0] for each in crawl.found) == sorted(
        f"x: {what} "
        for what in (
            "clave",
            "dirección por su nombre",
            "ruta de un XML",
            "valor de programa",
            "estructura de programa",
            "hueco",
            "hueco",
            "instante de programa",
        )
    )


def test_the_reader_finds_a_citation_that_nobody_read_and_does_not_say_so() -> None:
    page = html.fromstring(
        '<div><p><a class="article-ref">RF 9.1.f</a></p><p><a class="article-ref">LGPP 61.1.a</a></p>'
        '<p><a class="article-ref">RF 38.1</a> <span>por confirmar</span></p><p>Según RF 46.1 y LGPP 61.</p></div>'
    )
    assert [each.split(" en ")[0] for each in unmarked(page)] == ["RF 9.1.f", "RF 46.1"]


def test_the_reader_finds_what_was_left_in_spanish() -> None:
    page = html.fromstring(
        "<p>Revisor de auditoría, Partido Jacaranda <b>System administrator</b> Transferencia"
        '<span translate="no">Efectivo</span><i>Gasto de la gira</i></p>'
    )
    assert left_in_spanish(list(texts_of(page))) == ["Revisor de auditoría", "Transferencia"]


def test_the_desk_of_a_party(election: Election, enter: Any) -> None:
    fill(election)
    told(enter(election.world.clerk), 60, "/partido/")


ODD = {
    "alterada.xml": lambda scene: scene.invoice(FOLIO.format(1)).replace(b"tiro de 10", b"tiro de 90"),
    "sin-complemento.xml": lambda scene: scene.invoice(FOLIO.format(2), ine=None),
    "de-otra.xml": lambda scene: scene.invoice(FOLIO.format(3), books=999_999),
    "de-nadie.xml": lambda scene: scene.invoice(FOLIO.format(4), receptor=STRANGER, emisor=STRANGER),
    "sin-cuenta.xml": lambda scene: scene.invoice(
        FOLIO.format(5), lineas=(Linea("Asesoría jurídica", 1000, Money(110_300), "80121600", iva_pb=0),)
    ),
    "recibo.xml": lambda scene: b"%PDF-1.7 no es un XML",
    "bomba.xml": lambda scene: b'<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>',
}


def test_what_is_wrong_with_invoices(scene: Any, enter: Any) -> None:
    client = enter(scene.alicia)
    crawl = Crawl(client)
    files = [SimpleUploadedFile(name, make(scene)) for name, make in ODD.items()]
    crawl.hear(client.post(reverse("party:cfdi"), {"contabilidad": scene.libros.pk, "archivos": files}))
    with everything():
        rows = list(Recepcion.objects.order_by("pk"))
    numbers = [row.pk for row in rows]
    crawl.hear(client.post(reverse("party:cfdi_decidir"), {"decision": "registrar", "elegir": numbers}))
    for row in rows:
        draft = client.post(reverse("party:proponer", args=[scene.libros.pk, row.pk]))["Location"]
        crawl.hear(client.get(draft))
        crawl.hear(client.post(draft, {"accion": "registrar"}))
        crawl.hear(client.get(reverse("party:cfdi_ficha", args=[scene.libros.pk, row.pk])))
    crawl.hear(client.get("/partido/cfdi/"))
    assert len(rows) == 5
    assert not crawl.found, "\n".join(crawl.found)


def test_lots_jobs_keys_and_looks_of_a_party(scene: Any, enter: Any) -> None:
    client = enter(scene.alicia)
    day = f"{scene.periodos[0].hasta:%d/%m/%Y}"
    good, bad = (
        poliza_rows(1, "1.00", LEAFLETS, PAYABLE, fecha=day),
        poliza_rows(2, "1.00", LEAFLETS, PAYABLE, cargo="x"),
    )
    file = BytesIO(csv_of(*good, *bad))
    file.name = "polizas.csv"
    client.post("/partido/lotes/", {"contabilidad": str(scene.libros.pk), "tipo": "polizas", "archivo": file})
    with everything():
        create_key(scene.alicia, "Contabilidad")
        new = NewLook(scene.partido.pk, "aportante", scene.donante.pk, ("curp", "rfc"))
        look(new, Reason("recibo", "Recibo por firmar"), scene.alicia)
    told(client, 60, "/partido/lotes/", "/partido/", "/partido/miradas/", "/trabajos/")


def test_the_desk_of_audit(review: Scene, enter: Any) -> None:
    told(enter(review.world.dario), 20, "/auditoria/")


def test_the_desk_of_the_council(review: Scene, enter: Any) -> None:
    review.adopted("EV001")
    review.adopted("CF001")
    review.notified()
    review.discussed()
    told(enter(review.world.consejo[0]), 5, "/consejo/")
    told(enter(review.world.elena), 20, "/auditoria/")


def test_the_pages_of_who_administers(scene: Any, enter: Any) -> None:
    people = cast_of(scene)
    enter(people["Dario"]).get("/partido/polizas/")
    told(enter(people["Hugo"]), 4, "/cuenta/accesos/", "/trabajos/", "/cuenta/personas/", "/administracion/correos/")
    told(enter(people["Hugo"]), 1, "/cuenta/correo/", "/cuenta/password/reset/")


@pytest.mark.django_db
def test_the_public_portal(settings: Any, tmp_path: Path) -> None:
    settings.DATOS = tmp_path
    kept = tmp_path / "archivos" / sha256(PDF).hexdigest()[:2]
    kept.mkdir(parents=True)
    (kept / sha256(PDF).hexdigest()[2:]).write_bytes(PDF)
    publish_world()
    told(Client(), 12, "/", "/muestras/", "/teclas/")

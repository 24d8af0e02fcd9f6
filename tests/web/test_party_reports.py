"""Reports, oficios, mailbox and calendar: each page works, refuses a stranger and writes only by POST, once."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from flat import flat
from rfcs import new_rfc
from runs import find, new_run
from sif.filing.authority import AuthorityMissing
from sif.filing.models import Compromiso, Informe, Presentacion
from sif.filing.selectors import obligations
from sif.registry import clock
from sif.registry.scope import everything
from sif.registry.services import open_correction
from sif.web.party.terms import why_words
from sif.web.term_pages import basis_html
from sif.web.terms_line import Term


@pytest.fixture
def alicia(scene: Any, enter: Any) -> Client:
    return enter(scene.alicia)


def report(scene: Any, name: str = "informe", *more: int) -> str:
    return reverse(f"party:{name}", args=[scene.libros.pk, "IC", 1, *more])


def test_a_report_is_prepared_signed_and_its_acuse_given(scene: Any, alicia: Client) -> None:
    scene.post(scene.expense("1,500.25"))
    page = alicia.get(report(scene)).text
    assert "Como dicen los libros ahora" in page
    assert "1,500.25" in page
    assert alicia.post(report(scene, "generar")).status_code == 302
    assert "Congeladas en IC-" in alicia.get(report(scene)).text
    done = alicia.post(report(scene, "firmar_aqui", 1))
    assert done["Location"] == report(scene, "acuse", 1)
    assert alicia.post(report(scene, "firmar_aqui", 1))["Location"] == done["Location"]
    with everything():
        assert Presentacion.objects.count() == 1
    page = alicia.get(done["Location"]).text
    assert "Alicia Robles Zepeda" in page
    assert "Presentado" in page
    acuse = json.loads(alicia.get(done["Location"], {"formato": "json"}).content)
    assert acuse["formato"] == "sif-acuse/1"
    assert alicia.get(done["Location"], {"formato": "pdf"}).content[:5] == b"%PDF-"
    assert alicia.get(report(scene, "informe_pdf", 1)).content[:5] == b"%PDF-"


def test_the_page_of_a_report_adds_up_its_books_once(scene: Any, alicia: Client) -> None:
    scene.post(scene.expense("1,500.25"))
    alicia.get(report(scene))
    with CaptureQueriesContext(connection) as asked:
        page = alicia.get(report(scene)).text
    assert "Como dicen los libros ahora" in page
    sums = [each["sql"] for each in asked if 'SUM("books_movimiento"."cargo")' in each["sql"]]
    assert sums
    assert len(sums) == len(set(sums))


def test_the_page_of_a_report_reads_terms_accounts_and_notices_once(scene: Any, alicia: Client) -> None:
    scene.post(scene.expense("1,500.25"))
    alicia.get(report(scene))  # what is kept for every page is read here
    with CaptureQueriesContext(connection) as asked:
        assert "Aviso de la cuenta" in alicia.get(report(scene)).text
    said = [query["sql"] for query in asked.captured_queries]
    assert sum('"books_cuenta"."proceso_id" IS NOT NULL' in each for each in said) == 1
    assert sum('FROM "filing_informe"' in each and "llegada" in each for each in said) == 1
    assert not [each for each in said if 'FROM "registry_avisocuenta"' in each]


def test_without_the_key_of_acuses_what_is_signed_is_received_and_presented_once_there_is_one(
    scene: Any, alicia: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent() -> None:
        raise AuthorityMissing("Se busca la llave /srv/sif/datos/certificados/acuses.key")

    scene.post(scene.expense("1,500.25"))
    alicia.post(report(scene, "generar"))
    with monkeypatch.context() as patch:
        patch.setattr("sif.filing.presenting.authority_key", absent)
        answer = alicia.post(report(scene, "firmar_aqui", 1), follow=True)
    assert "se recibió" in answer.text and "Espera su acuse" in answer.text and "/srv/sif" not in answer.text
    assert "Firmar y presentar informe" not in answer.text
    with everything():
        assert not Presentacion.objects.exists()
        arrived = Compromiso.objects.get().recibido_el
    assert alicia.post(report(scene, "firmar_aqui", 1))["Location"] == report(scene, "acuse", 1)
    with everything():
        assert Presentacion.objects.get().recibida_el == arrived


def test_what_is_posted_after_presenting_is_shown_and_asks_for_a_new_version(scene: Any, alicia: Client) -> None:
    scene.post(scene.expense("1,500.25"))
    alicia.post(report(scene, "generar"))
    alicia.post(report(scene, "firmar_aqui", 1))
    said = "Los libros dicen otra cosa que el informe presentado"
    page = alicia.get(report(scene)).text
    assert said not in page and "V1 ya se presentó y no cambia" in page and "Generar informe" not in page
    scene.post(scene.expense("777.00"))
    page = alicia.get(report(scene)).text
    assert said in page and "1 operación de este periodo se registró después de presentar" in page
    assert "777.00" in page and "2,277.25" in page and "cuando se abra el periodo de corrección" in page
    assert "1 operación después de presentar" in alicia.get(reverse("party:informes")).text


def test_a_cadena_is_signed_elsewhere_and_its_seal_brought_back(scene: Any, alicia: Client, settings: Any) -> None:
    from sif.signing.efirma import open_key, sign
    from sif.signing.minting import DEMO_PASSWORD

    folder = settings.DATOS / "certificados" / "efirmas"
    cer, key = ((folder / f"{scene.alicia.rfc}.{end}").read_bytes() for end in ("cer", "key"))
    scene.post(scene.expense("100.00"))
    alicia.post(report(scene, "generar"))
    cadena = alicia.post(report(scene, "cadena", 1), {"certificado": SimpleUploadedFile("a.cer", cer)})
    text = cadena.content.decode().strip()
    assert text.startswith("||1.0|INFORME|")
    good = sign(text, open_key(key, DEMO_PASSWORD))
    spoilt = f"{'B' if good[0] == 'A' else 'A'}{good[1:]}"
    bad = alicia.post(report(scene, "presentar", 1), {"certificado": SimpleUploadedFile("a.cer", cer), "sello": spoilt})
    assert bad.status_code == 422
    assert "no corresponde a su contenido" in bad.text
    for name, version in (("cadena", 1), ("presentar", 1)):
        empty = alicia.post(report(scene, name, version), {"sello": ""})
        assert empty.status_code == 422
        assert "No eligió su certificado." in empty.text and "está vacío" not in empty.text
    assert "Falta el sello." in empty.text
    sent = {"certificado": SimpleUploadedFile("a.cer", cer), "sello": good}
    assert alicia.post(report(scene, "presentar", 1), sent)["Location"] == report(scene, "acuse", 1)


def test_nothing_is_signed_here_in_production(scene: Any, alicia: Client, settings: Any) -> None:
    scene.post(scene.expense("100.00"))
    alicia.post(report(scene, "generar"))
    settings.PRODUCTION = True
    assert alicia.post(report(scene, "firmar_aqui", 1)).status_code == 403
    assert "Firmar y presentar informe" not in alicia.get(report(scene)).text


def test_the_annexes_of_a_report_are_listed_and_given(scene: Any, enter: Any, alicia: Client) -> None:
    scene.post(scene.expense("100.00"))
    assert "Su huella va en lo que se firma" not in alicia.get(report(scene)).text
    alicia.post(report(scene, "generar"))
    balanza = reverse("party:anexo", args=[scene.libros.pk, "IC", 1, 1, "balanza"])
    told = alicia.get(report(scene)).text
    events = told.partition("eventos.csv")[2].partition("</td>")[0]
    assert balanza in told and events.count("por confirmar") == 1 and "balanza.csv · por" not in told
    assert "Lo que la ley pide aparte" not in told
    alicia.post(report(scene, "firmar_aqui", 1))
    page = alicia.get(report(scene, "acuse", 1))
    assert balanza in page.text
    acuse = json.loads(alicia.get(report(scene, "acuse", 1), {"formato": "json"}).content)
    given = alicia.get(balanza)
    entry = next(each for each in acuse["archivos"] if each["nombre"] == "balanza.csv")
    assert hashlib.sha256(given.content).hexdigest() == entry["sha256"]
    assert given["Content-Type"] == "text/csv; charset=utf-8"
    assert "100.00" in given.content.decode("utf-8-sig")
    assert alicia.get(reverse("party:anexo", args=[scene.libros.pk, "IC", 1, 1, "flujo"])).status_code == 404
    assert enter(scene.carla).get(balanza).status_code == 403
    assert Client().get(balanza).status_code == 302


def test_a_report_without_movements_is_declared(scene: Any, alicia: Client) -> None:
    refused = alicia.post(report(scene, "generar"))
    assert refused.status_code == 422
    assert "marque «Declaro que el periodo no tuvo movimientos»" in refused.text
    assert alicia.post(report(scene, "generar"), {"sin_movimientos": "on"}).status_code == 302
    assert "Sin movimientos" in alicia.get(report(scene)).text


def test_a_report_refuses_strangers_and_clerks(scene: Any, enter: Any, alicia: Client) -> None:
    scene.post(scene.expense("100.00"))
    alicia.post(report(scene, "generar"))
    carla, bruno = enter(scene.carla), enter(scene.bruno)
    for name, more in (("informe", ()), ("acuse", (1,)), ("informe_pdf", (1,))):
        assert carla.get(report(scene, name, *more)).status_code == 403
    for name, more in (("generar", ()), ("firmar_aqui", (1,)), ("presentar", (1,)), ("cadena", (1,))):
        assert carla.post(report(scene, name, *more)).status_code == 403
        assert alicia.get(report(scene, name, *more)).status_code == 405
        assert Client().post(report(scene, name, *more)).status_code == 302
    assert bruno.post(report(scene, "firmar_aqui", 1)).status_code == 403
    assert bruno.post(report(scene, "generar")).status_code == 422
    assert alicia.get(report(scene, "acuse", 1)).status_code == 404
    with everything():
        assert Informe.objects.count() == 1


@pytest.fixture
def oficio(scene: Any) -> Any:
    """One observation notified to Alicia's party on the last day of the term, by the authority."""
    from sif.audit.models import Observacion
    from sif.proceedings.proposing import propose_oficio
    from sif.proceedings.services import issue_oficio
    from sif.proceedings.terms import first_oficio_day
    from sif.registry import clock, services

    with everything():
        posted = scene.post(scene.expense("100.00"))
        elena = services.create_usuario(f"elena{scene.etapa.pk}", "Elena", "x", rfc=new_rfc())
        services.appoint(elena, "revisor")
        run = new_run(scene.etapa, f"{scene.etapa.pk:064d}")
        fact = find(
            corrida=run,
            regla="CF001",
            regla_digest="0" * 64,
            parametros=[],
            clave="1",
            contabilidad=scene.libros,
            estado="hallazgo",
            resultado="sin_xml",
            dia=posted.fecha_operacion,
            monto=10000,
            fila={"poliza_id": posted.pk},
            mensaje="La póliza no tiene su archivo XML.",
        )
        for number in (1, 2):
            row = Observacion.objects.create(
                etapa=scene.etapa,
                sujeto=scene.partido,
                numero=number,
                regla="CF001",
                titulo=f"Gasto sin XML {number}",
                texto="Hay pólizas sin su XML.",
                solicitud="Presente el XML.",
                fundamento="RF 46.1",
                criterio="sin_xml",
                monto=10000,
                adoptada_el=clock.now(),
                adoptada_por=scene.dario,
            )
            row.hallazgos.set([fact])
        after = datetime.combine(first_oficio_day(scene.etapa), time(12), clock.legal_zone())
        with clock.at(after):  # an oficio is issued once the report is due
            propose_oficio(scene.etapa, scene.partido, scene.dario)
            return issue_oficio(scene.etapa, scene.partido, elena)


def test_an_observation_is_answered_with_its_polizas(scene: Any, alicia: Client, oficio: Any) -> None:
    from sif.books.selectors import reference_of

    page = alicia.get(reverse("party:oficio", args=[oficio.pk])).text
    assert "0 de 2" in page
    address = reverse("party:contestar", args=[oficio.pk, 1])
    wrong = alicia.post(address, {"texto": "Se aclara.", "polizas": "PN9/EG-77"})
    assert wrong.status_code == 422
    assert "«PN9/EG-77» no está en sus libros." in wrong.text
    assert "Se aclara." in wrong.text
    with everything():
        cited = reference_of(scene.polizas[0])
    for _twice in range(2):
        assert alicia.post(address, {"texto": "Se aclara.", "polizas": cited}).status_code == 302
    assert oficio.respuestas.count() == 1
    page = alicia.get(reverse("party:oficio", args=[oficio.pk]), {"observacion": "1"}).text
    assert "1 de 2" in page
    assert "Guardar otra versión" in page
    assert alicia.get(reverse("party:oficio_pdf", args=[oficio.pk])).content[:5] == b"%PDF-"


def test_an_empty_answer_is_refused_in_words(alicia: Client, oficio: Any) -> None:
    refused = alicia.post(reverse("party:contestar", args=[oficio.pk, 2]), {"texto": "  ", "polizas": ""})
    assert refused.status_code == 422
    assert "La respuesta no tiene texto." in refused.text


def test_an_oficio_refuses_strangers(scene: Any, enter: Any, oficio: Any) -> None:
    carla = enter(scene.carla)
    assert carla.get(reverse("party:oficio", args=[oficio.pk])).status_code == 404
    assert carla.get(reverse("party:oficio_pdf", args=[oficio.pk])).status_code == 404
    assert carla.post(reverse("party:contestar", args=[oficio.pk, 1]), {"texto": "x"}).status_code == 404
    assert enter(scene.alicia).get(reverse("party:contestar", args=[oficio.pk, 1])).status_code == 405
    refused = enter(scene.bruno).post(reverse("party:contestar", args=[oficio.pk, 1]), {"texto": "x"})
    assert refused.status_code == 422


def test_opening_a_notification_records_who_read_it(scene: Any, alicia: Client, enter: Any, oficio: Any) -> None:
    note = oficio.notificacion
    page = alicia.get(reverse("party:buzon")).text
    assert note.folio in page and "Plazo terminado" not in page
    with clock.at(note.vence_el + timedelta(days=40)):
        ended = flat(alicia.get(reverse("party:buzon")).text)
        assert re.search(r'class="state[^"]*tone-grave[^"]*">.{0,300}?Plazo terminado', ended)
    address = reverse("party:notificacion", args=[note.pk])
    assert "sin abrir" in alicia.get(address).text
    for _twice in range(2):
        assert alicia.post(reverse("party:leer", args=[note.pk])).status_code == 302
    assert note.lecturas.count() == 1
    assert "sin abrir" not in alicia.get(address).text
    assert alicia.get(reverse("party:documento", args=[note.pk])).content[:5] == b"%PDF-"
    assert alicia.get(reverse("party:leer", args=[note.pk])).status_code == 405
    carla = enter(scene.carla)
    for name in ("notificacion", "documento"):
        assert carla.get(reverse(f"party:{name}", args=[note.pk])).status_code == 404
    assert carla.post(reverse("party:leer", args=[note.pk])).status_code == 404


def test_an_oficio_answered_no_longer_runs(scene: Any, alicia: Client, oficio: Any) -> None:
    from sif.registry.selectors import reach_of
    from sif.web.party.terms import next_term

    with everything():
        before = next_term([], reach_of(scene.alicia), oficio.notificado_el)
    assert before is not None
    assert oficio.numero in str(before.titulo)
    for number in (1, 2):
        alicia.post(reverse("party:contestar", args=[oficio.pk, number]), {"texto": "Se aclara."})
    with everything():
        assert next_term([], reach_of(scene.alicia), oficio.notificado_el) is None
    assert "Contestada" in alicia.get(reverse("party:oficios")).text


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (1, "1 día después del fin del periodo."),
        (3, "3 días después del fin del periodo."),
    ],
)
def test_the_days_to_report_are_those_that_its_accord_gives(scene: Any, days: int, said: str) -> None:
    with everything():
        owed = next(each for each in obligations([scene.libros]) if each.tipo == "IC")
    given = replace(owed, vence_el=clock.midnight(owed.hasta + timedelta(days=days + 1)))
    assert why_words(given) == said


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("10 días naturales (LGPP 80.1.d.II)", "/ley/LGPP-80.1.d.II/"),
        ("LGPP 79.1.b.III", "/ley/LGPP-79.1.b.III/"),
        ("Convocatoria IEPC-JAL 15/2026", "Convocatoria IEPC-JAL 15/2026"),
        ("Acuerdo IEPC 15/2026", "Acuerdo IEPC 15/2026"),
    ],
)
def test_an_accord_that_fixes_a_term_is_said_whole_and_is_no_article(base: str, said: str) -> None:
    shown = basis_html(Term("informe1", "Informe", date(2026, 12, 16), date(2026, 12, 19), "Partidos", base))
    assert said in shown
    assert ("/ley/" in shown) == ("/ley/" in said)


def test_the_calendar_gives_each_term_with_its_article(scene: Any, alicia: Client) -> None:
    page = alicia.get(reverse("party:calendario")).text
    assert "Informe de campaña, periodo 1" in page
    assert "LGPP 80.1.d.III" in page
    text = alicia.get(reverse("party:ics")).content.decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.count("BEGIN:VEVENT") == 9  # two reports, each with its oficio and answer, and one dictamen (ADR 0270)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    rows = alicia.get(reverse("party:calendario"), {"formato": "csv"}).content.decode("utf-8-sig").splitlines()
    assert len(rows) == 10


def test_today_says_which_presented_reports_may_be_corrected(scene: Any, alicia: Client, enter: Any) -> None:
    scene.post(scene.expense("1,500.25"))
    alicia.post(report(scene, "generar"))
    alicia.post(report(scene, "firmar_aqui", 1))
    page, period, said = reverse("party:home"), scene.periodos[0], "Informe que puede corregirse"
    closes = next(each.vence_el for each in obligations(scene.libros) if each.periodo == period)
    with everything():
        open_correction(scene.etapa, scene.partido, closes, closes + timedelta(days=10), "LGPP 80.1", [period])
    assert said not in alicia.get(page).text
    with clock.at(closes + timedelta(days=1)):
        told = flat(alicia.get(page).text)
        assert said in told and "Del periodo 1; su corrección cierra" in told
        assert said not in enter(scene.carla).get(page).text
    with clock.at(closes + timedelta(days=10)):
        assert said not in alicia.get(page).text


def test_a_version_of_correction_says_on_its_page_what_changes_from_the_one_before(scene: Any, alicia: Client) -> None:
    scene.post(scene.expense("1,500.25"))
    alicia.post(report(scene, "generar"))
    first, corrects = alicia.get(report(scene)).text, "Es una versión de corrección"
    assert "Podrá corregirlo en la ventana de corrección" in first and corrects not in first
    alicia.post(report(scene, "firmar_aqui", 1))
    period = scene.periodos[0]
    closes = next(each.vence_el for each in obligations(scene.libros) if each.periodo == period)
    with everything():
        open_correction(scene.etapa, scene.partido, closes, closes + timedelta(days=10), "LGPP 80.1", [period])
    with clock.at(closes + timedelta(days=1)):
        alicia.post(report(scene, "generar"))
        same = alicia.get(report(scene))
        told = flat(same.text)
        assert f"{corrects}: va después de IC-{scene.libros.pk}-P1-V1, ya presentada. Sin diferencias." in told
        assert "Las dos versiones dicen las mismas cifras." in told and 'href="#cambios-titulo"' in told
        assert "Podrá corregirlo en la ventana de corrección" not in told and "se compensa" not in told
    scene.post(scene.expense("777.00"))
    with clock.at(closes + timedelta(days=1, minutes=5)):
        alicia.post(report(scene, "generar"))
        other = alicia.get(report(scene))
        many = other.context["cuantos_cambios"]
        assert many and f"ya presentada. Cambian {many} líneas." in flat(other.text)
        assert "2,277.25" in other.text and "Sin diferencias." not in other.text

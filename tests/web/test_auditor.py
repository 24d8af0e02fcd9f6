"""The pages of the auditor desk: each works, refuses a stranger, and writes only by POST, once."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from proceedings.world import at
from rfcs import new_rfc
from runs import find
from sif.audit import review as bench
from sif.audit.models import Descarte, Hallazgo, Observacion, Propuesta
from sif.audit.selectors import coverage_of
from sif.books.services.file_store import almacen_of
from sif.mail.addresses import keep_address
from sif.proceedings.models import OficioPropuesto
from sif.proceedings.services import close_conclusion
from sif.registry import services as registry
from sif.registry.scope import everything, registering
from web.audit_scene import UUID, Scene, audited, review

__all__ = ["audited", "review"]
Enter = Callable[[Any], Client]
LISTS = ["home", "etapas", "hallazgos", "cobertura", "observaciones", "oficios", "respuestas", "dictamenes"]


@pytest.fixture
def dario(review: Scene, enter: Enter) -> Client:
    return enter(review.world.dario)


def things(review: Scene) -> dict[str, str]:
    """An address of each page about one thing."""
    found = review.pending("CF001")[0]
    observacion = review.adopted("EV001")
    oficio = review.notified()
    dictamen = review.opened()
    return {
        "hallazgo": reverse("auditor:hallazgo", args=[found.pk]),
        "regla": reverse("auditor:regla", args=["CF001"]),
        "regla_texto": reverse("auditor:regla_texto", args=["CF001"]),
        "observacion": reverse("auditor:observacion", args=[observacion.pk]),
        "emitir": reverse("auditor:emitir", args=[review.world.otro.pk]),
        "oficio": reverse("auditor:oficio", args=[oficio.pk]),
        "oficio_documento": reverse("auditor:oficio_documento", args=[oficio.pk, "pdf"]),
        "abrir_dictamen": reverse("auditor:abrir_dictamen", args=[review.world.otro.pk]),
        "dictamen": reverse("auditor:dictamen", args=[dictamen.pk]),
        "conclusion": reverse("auditor:conclusion", args=[dictamen.conclusiones.get().pk]),
    }


@pytest.mark.parametrize("name", LISTS)
def test_it_works(dario: Client, name: str) -> None:
    response = dario.get(reverse(f"auditor:{name}"))
    assert response.status_code == 200
    assert "<h1>" in response.text


@pytest.mark.parametrize("name", LISTS)
def test_it_refuses_a_stranger(review: Scene, enter: Enter, name: str) -> None:
    address = reverse(f"auditor:{name}")
    assert "/cuenta/login/" in Client().get(address)["Location"]
    assert enter(review.world.alicia).get(address).status_code == 403
    if name != "etapas":
        assert enter(review.world.consejo[0]).get(address).status_code == 403


@pytest.mark.parametrize("name", [name for name in LISTS if name != "etapas"])
def test_it_only_reads(dario: Client, name: str) -> None:
    assert dario.post(reverse(f"auditor:{name}")).status_code == 405


def test_every_thing_has_its_page_and_no_stranger_sees_it(review: Scene, enter: Enter) -> None:
    dario, alicia, felix = (enter(p) for p in (review.world.dario, review.world.alicia, review.world.consejo[0]))
    for name, address in things(review).items():
        assert dario.get(address).status_code == 200, name
        assert alicia.get(address).status_code == 403, name
        assert felix.get(address).status_code == 403, name
        assert Client().get(address).status_code == 302, name


@pytest.mark.parametrize("name", ["decidir", "resolver", "anotar", "masa", "guardar_vista", "cerrar_dictamen"])
def test_it_only_allows_post_where_it_writes(review: Scene, enter: Enter, name: str) -> None:
    address = reverse(f"auditor:{name}", args=[] if name in ("masa", "guardar_vista") else [1])
    assert enter(review.world.dario).get(address).status_code == 405
    assert enter(review.world.alicia).post(address).status_code == 403
    assert enter(review.world.consejo[0]).post(address).status_code == 403


def test_the_queue_narrows_by_what_the_address_says(review: Scene, dario: Client) -> None:
    queue = reverse("auditor:hallazgos")
    assert "1 a 4 de 4" in dario.get(queue).text
    assert "1 a 1 de 1" in dario.get(queue, {"regla": "RE001"}).text
    assert "1 a 1 de 1" in dario.get(queue, {"q": "re001"}).text
    assert "1 a 2 de 2" in dario.get(queue, {"monto": "50,000.00"}).text
    assert "1 a 4 de 4" in dario.get(queue, {"contabilidad": "8802"}).text
    assert "Ningún hallazgo con este filtro." in dario.get(queue, {"contabilidad": "8803"}).text
    assert "Ningún hallazgo con este filtro." in dario.get(queue, {"decision": "adoptado"}).text
    assert "$278,400.00" in dario.get(queue).text  # 92,800 + 92,800 + 46,400 + 46,400
    page = dario.get(queue, {"contabilidad": "ocho", "monto": "mucho"}).text
    assert "«ocho» no es un ID de contabilidad" in page


def test_the_export_is_of_the_filtered_set(review: Scene, dario: Client) -> None:
    answer = dario.get(reverse("auditor:exportar", args=["csv"]), {"regla": "CF001"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["Regla", "CF001"]
    assert rows[1][9] == "46400.00"
    book = dario.get(reverse("auditor:exportar", args=["xlsx"]))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert len(sheet) == 5
    assert sheet[1][9] == 92800.0
    assert dario.get(reverse("auditor:exportar", args=["exe"])).status_code == 404


def test_a_message_that_looks_like_a_formula_is_text(review: Scene, dario: Client) -> None:
    _copy(review.pending("CF001")[0], "=HYPERLINK()")
    body = dario.get(reverse("auditor:exportar", args=["csv"]), {"regla": "CF001"}).text
    assert "'=HYPERLINK()" in body


def _copy(row: Hallazgo, mensaje: str) -> Hallazgo:
    names = [f.attname for f in Hallazgo._meta.concrete_fields if not f.primary_key]
    kept = {name: getattr(row, name) for name in names}
    return find(**{**kept, "clave": f"{row.clave}-otra", "mensaje": mensaje})


def test_the_expediente_sets_law_books_and_proof_side_by_side(review: Scene, dario: Client) -> None:
    page = dario.get(reverse("auditor:hallazgo", args=[review.pending("CF001")[0].pk])).text
    assert "«Estar amparados con un comprobante que cumpla los requisitos fiscales»" in page
    assert "LGPP 63.1.a" in page
    assert "5-5-01-03-0000" in page
    assert UUID in page
    assert "volantes.pdf" in page
    assert "No se cuenta con el XML" in page
    assert "Pago en transferencia por $46,400.00" in page
    assert "sanción posible" in page


def test_a_file_of_the_proof_is_downloaded_and_no_other(review: Scene, enter: Enter) -> None:
    dario, found = enter(review.world.dario), review.pending("CF001")[0]
    with everything():
        paper = review.world.contabilidades[0].polizas.order_by("-eslabon")[0].evidencias.get().archivo_id
        bench.assign([found], review.world.dario, review.world.elena)
    address = reverse("auditor:archivo", args=[found.pk, paper])
    kept = dario.get(address)
    assert kept.content.startswith(b"%PDF")
    assert "attachment" in kept["Content-Disposition"]
    late = review.pending("RE001")[0]
    assert dario.get(reverse("auditor:archivo", args=[late.pk, paper])).status_code == 404
    assert enter(review.world.alicia).get(address).status_code == 403


def test_a_paper_that_is_lost_leaves_its_page_and_says_so(review: Scene, enter: Enter, settings: Any) -> None:
    dario, found = enter(review.world.dario), review.pending("CF001")[0]
    dario.raise_request_exception = False
    with everything():
        paper = review.world.contabilidades[0].polizas.order_by("-eslabon")[0].evidencias.get().archivo_id
        bench.assign([found], review.world.dario, review.world.elena)
    almacen_of(settings.ARCHIVOS or str(settings.DATOS / "archivos")).path_of(paper).unlink()
    assert "volantes.pdf" in dario.get(reverse("auditor:hallazgo", args=[found.pk])).text
    answer = dario.get(reverse("auditor:archivo", args=[found.pk, paper]))
    assert answer.status_code == 503 and "no está donde se guardó" in answer.text


def test_proposing_goes_on_to_the_next_and_twice_is_once(review: Scene, dario: Client) -> None:
    first, second = review.pending()[:2]
    address = reverse("auditor:decidir", args=[first.pk])
    answer = dario.post(address, {"decision": "adoptar", "motivo": "Se solicita aclarar."})
    assert answer["Location"] == reverse("auditor:hallazgo", args=[second.pk])
    again = dario.post(address, {"decision": "adoptar"}, follow=True)
    assert "no se escribió nada nuevo" in again.text
    made = Propuesta.objects.get()
    assert (made.propuesta_por, made.motivo, made.decision) == (review.world.dario, "Se solicita aclarar.", "adoptar")
    assert not Observacion.objects.exists()


def test_a_second_person_confirms_or_returns_and_the_first_takes_back(review: Scene, enter: Enter) -> None:
    dario, elena, (first, second, third, _last) = enter(review.world.dario), enter(review.world.elena), review.pending()
    for row in (first, second, third):
        dario.post(reverse("auditor:decidir", args=[row.pk]), {"decision": "adoptar", "motivo": "Del cruce."})
    resolve = reverse("auditor:resolver", args=[first.pk])
    one, two, three = ({"propuesta": row.pk} for row in Propuesta.objects.order_by("pk"))
    assert "Confirmar" not in dario.get(reverse("auditor:hallazgo", args=[first.pk])).text.split("resolver")[-1]
    assert dario.post(resolve, {"acto": "confirmar", **one}).status_code == 422  # it is his own
    assert elena.post(resolve, {"acto": "devolver", **one}).status_code == 422  # without saying what to correct
    page = elena.post(resolve, {"acto": "confirmar", "motivo": "De acuerdo.", **one}, follow=True).text
    assert "Se adoptó 1 observación." in page
    assert "no se escribió nada nuevo" in elena.post(resolve, {"acto": "confirmar"}, follow=True).text
    made = Observacion.objects.get()
    assert (made.adoptada_por, made.motivo, made.monto) == (review.world.elena, "Del cruce.", 9_280_000)
    returned = {"acto": "devolver", "motivo": "Falta citar el RF.", **two}
    elena.post(reverse("auditor:resolver", args=[second.pk]), returned)
    assert "devolvió</" not in page
    assert "Falta citar el RF." in dario.get(reverse("auditor:hallazgo", args=[second.pk])).text
    dario.post(reverse("auditor:resolver", args=[third.pk]), {"acto": "retirar", **three})
    assert [row.resuelta.sentido for row in Propuesta.objects.order_by("pk")] == ["confirmada", "devuelta", "retirada"]
    assert elena.post(reverse("auditor:resolver", args=[third.pk]), {"acto": "quemar", **three}).status_code == 302
    assert Observacion.objects.count() == 1


def test_dismissing_without_a_reason_says_so_beside_the_field(review: Scene, enter: Enter) -> None:
    dario, elena, found = enter(review.world.dario), enter(review.world.elena), review.pending()[0]
    address = reverse("auditor:decidir", args=[found.pk])
    page = dario.post(address, {"decision": "desechar", "motivo": "  "})
    assert page.status_code == 422
    assert "Desechar pide un motivo" in page.text
    assert 'aria-invalid="true"' in page.text
    assert not Propuesta.objects.exists()
    dario.post(address, {"decision": "desechar", "motivo": "La evidencia obra en otra póliza."})
    seen = Propuesta.objects.get().pk
    elena.post(reverse("auditor:resolver", args=[found.pk]), {"acto": "confirmar", "propuesta": seen})
    kept = Descarte.objects.get()
    assert (kept.hallazgo, kept.hecho_por, kept.motivo) == (
        found,
        review.world.elena,
        "La evidencia obra en otra póliza.",
    )


def pressed(shown: Any) -> dict[str, str]:
    """What the page of a whole filter sends when it is pressed."""
    return {"decision": shown.context["acto"], "pedido": shown.context["pedido"]}


def test_what_was_shown_is_written_by_who_saw_it_alone_and_once(review: Scene, enter: Enter) -> None:
    dario, elena, address = enter(review.world.dario), enter(review.world.elena), reverse("auditor:masa")
    shown = dario.post(address, {"decision": "adoptar", "alcance": "filtro", "motivo": "Del cruce."})
    sent = pressed(shown)
    for client, other in ((elena, sent), (dario, {**sent, "pedido": sent["pedido"] + "x"})):
        assert "ya no se guarda" in client.post(address, other, follow=True).text
    assert not Propuesta.objects.exists()
    assert "Se propusieron 4 decisiones" in dario.post(address, sent, follow=True).text
    again = dario.post(address, sent, follow=True).text
    assert "ya tiene una propuesta" in again or "No se escribió nada" in again
    assert Propuesta.objects.count() == 4


def test_a_whole_filter_changes_hands_by_a_job(review: Scene, enter: Enter) -> None:
    dario, elena = enter(review.world.dario), review.world.elena
    sent = {"decision": "asignar", "alcance": "filtro", "asignado": str(elena.pk)}
    assert "4 hallazgos pasaron a Elena" in dario.post(reverse("auditor:masa"), sent, follow=True).text
    refused = {**sent, "asignado": str(review.world.alicia.pk)}
    assert "no audita" in dario.post(reverse("auditor:masa"), refused, follow=True).text


def test_deciding_together_is_reviewed_then_written_whole(review: Scene, enter: Enter) -> None:
    dario, elena = enter(review.world.dario), enter(review.world.elena)
    address, chosen = reverse("auditor:masa"), [str(row.pk) for row in review.pending()]
    page = dario.post(address, {"decision": "adoptar", "elegir": chosen})
    assert "Propone 4 observaciones" in page.text
    assert not Propuesta.objects.exists()
    sent = {"decision": "adoptar", "elegir": chosen, "paso": "confirmar", "motivo": "Del cruce."}
    assert "Se propusieron 4 decisiones" in dario.post(address, sent, follow=True).text
    assert "No eligió hallazgos por revisar" in dario.post(address, sent, follow=True).text  # pressed twice
    waiting = f"{address}?decision=propuesto"
    whole = {"decision": "confirmar", "alcance": "filtro"}
    assert "No eligió propuestas de otras personas" in dario.post(waiting, whole, follow=True).text
    shown = elena.post(waiting, whole)
    assert "Confirmar 4 decisiones" in shown.text
    assert not Observacion.objects.exists()
    done = elena.post(waiting, pressed(shown), follow=True).text
    assert "Se adoptaron 4 observaciones." in done
    assert Observacion.objects.count() == 4
    assert "Partido de la Arboleda" in dario.get(reverse("auditor:observaciones")).text


def test_dismissing_the_whole_filter_asks_for_a_reason(review: Scene, dario: Client) -> None:
    address = f"{reverse('auditor:masa')}?regla=CF012"
    assert (
        "Desechar pide un motivo"
        in dario.post(address, {"decision": "desechar", "alcance": "filtro"}, follow=True).text
    )
    sent = {"decision": "desechar", "alcance": "filtro", "motivo": "El complemento se revisó a mano."}
    shown = dario.post(address, {**sent, "paso": "confirmar"})  # a whole filter is never written unseen
    assert "Propone desechar 1 hallazgo" in shown.text and not Propuesta.objects.exists()
    dario.post(address, pressed(shown))
    assert [row.hallazgo.regla for row in Propuesta.objects.all()] == ["CF012"]


def test_choosing_nothing_writes_nothing(review: Scene, dario: Client) -> None:
    address = reverse("auditor:masa")
    page = dario.post(address, {"decision": "adoptar", "elegir": ["x", "99999999999999999999"]}, follow=True)
    assert "No eligió hallazgos por revisar" in page.text
    assert dario.post(address, {"decision": "quemar", "alcance": "filtro"}).status_code == 404


def test_coverage_adds_up_on_the_page(review: Scene, dario: Client) -> None:
    page = dario.get(reverse("auditor:cobertura")).text
    assert "juzgadas = hallazgo + cumple + no aplica + sin dato" in page
    rows = coverage_of(review.corrida)
    assert f"Suma de {len(rows)} reglas" in page
    assert f'<span class="sum">{sum(r.hallazgo + r.cumple + r.no_aplica + r.sin_dato for r in rows)}</span>' in page


def test_the_oficio_is_reviewed_issued_once_and_downloaded(review: Scene, enter: Enter) -> None:
    dario, elena = enter(review.world.dario), enter(review.world.elena)
    review.adopted("EV001")
    address = reverse("auditor:emitir", args=[review.world.partido.pk])
    before = elena.get(address).text
    assert "El oficio con 1 observación" in before
    assert "Emitir y notificar el oficio" not in before
    assert elena.post(address).status_code == 404  # an empty form does nothing
    assert elena.post(address, {"acto": "emitir"}).status_code == 422  # nobody proposed it
    assert dario.post(address, {"acto": "proponer"}).status_code == 302
    assert dario.post(address, {"acto": "emitir"}).status_code == 422  # an auditor proposes; the reviewer issues
    assert "Retirar mi propuesta" in dario.get(address).text
    assert dario.post(address, {"acto": "retirar"}).status_code == 302
    assert elena.post(address, {"acto": "proponer"}).status_code == 302
    refused = elena.post(address, {"acto": "emitir"})
    assert refused.status_code == 422
    assert "propuso este oficio" in refused.text
    assert elena.post(address, {"acto": "retirar"}).status_code == 302
    assert dario.post(address, {"acto": "proponer"}).status_code == 302
    shown = elena.get(address).text
    assert "Darío Salas propuso este oficio" in shown
    assert "Emitir y notificar el oficio" in shown
    sent = {"acto": "emitir", "propuesta": OficioPropuesto.objects.latest("pk").pk}
    issued = elena.get(elena.post(address, sent)["Location"])  # the page of its job leads to the oficio
    assert elena.post(address, {"acto": "emitir"})["Location"] == issued["Location"]
    receipt = dario.get(issued["Location"]).text
    assert "SIF/UTF/DA/00001/2024" in receipt
    assert "0 de 1 observaciones contestadas" in receipt
    pdf = dario.get(f"{issued['Location']}documento.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert dario.get(f"{issued['Location']}documento.docx").content.startswith(b"PK")
    assert dario.get(f"{issued['Location']}documento.txt").status_code == 404


def test_nothing_adopted_is_nothing_to_notify(review: Scene, enter: Enter) -> None:
    address = reverse("auditor:emitir", args=[review.world.otro.pk])
    page = enter(review.world.elena).post(address, {"acto": "proponer"})
    assert page.status_code == 422
    assert "No hay observaciones adoptadas" in page.text


def test_a_conclusion_without_answer_or_analysis_says_it_in_its_field(review: Scene, enter: Enter) -> None:
    review.adopted("EV001")
    review.notified()
    row, elena = review.opened().conclusiones.get(), enter(review.world.elena)
    address = reverse("auditor:conclusion", args=[row.pk])
    with at("2024-06-26 12:00"):
        assert "no presentó respuesta a esta observación dentro del plazo" in elena.get(address).text
        sent = {
            "respuesta_considerada": " ",
            "analisis": "",
            "referencia": "no_atendida",
            "monto": "92,800.00",
            "acto": "cerrar",
        }
        page = elena.post(address, sent)
        assert page.status_code == 422
        assert 'id="id_respuesta_considerada-error"' in page.text
        assert 'id="id_analisis-error"' in page.text
        assert "error-summary" in page.text
        row.refresh_from_db()
        assert row.cerrada_el is None
        sent |= {
            "respuesta_considerada": "No presentó respuesta en el plazo.",
            "analisis": "No obra evidencia.",
            "monto": "x",
        }
        assert 'id="id_monto-error"' in elena.post(address, sent).text
        assert elena.post(address, {**sent, "monto": "92,800.01"}).status_code == 422
        for ending, left in (("atendida", 0), ("no_atendida", 9_280_000)):
            saved = elena.post(address, {**sent, "referencia": ending, "monto": "", "acto": "guardar"})
            row.refresh_from_db()
            assert (saved.status_code, row.monto_no_atendido) == (302, left)
        assert elena.post(address, {**sent, "referencia": "atendida", "monto": "1.00"}).status_code == 422
        done = elena.post(address, {**sent, "monto": "92,800.00"})
        assert done["Location"] == reverse("auditor:dictamen", args=[row.dictamen_id])
        assert "no se escribió nada nuevo" in elena.post(address, sent, follow=True).text
    row.refresh_from_db()
    assert (row.cerrada_por, row.monto_no_atendido) == (review.world.elena, 9_280_000)


def test_a_dictamen_with_a_loose_thread_does_not_close(review: Scene, enter: Enter) -> None:
    review.adopted("EV001")
    review.notified()
    with at("2024-06-25 12:00"):
        elena, dario = enter(review.world.elena), enter(review.world.dario)
        address = reverse("auditor:abrir_dictamen", args=[review.world.partido.pk])
        assert dario.post(address).status_code == 422
        opened = elena.post(address)["Location"]
        assert elena.post(address)["Location"] == opened
        page = elena.post(f"{opened}cerrar/", follow=True).text
        assert "Sigue abierta." in page
        assert "Lo que falta para cerrarlo" in page
        assert elena.get(f"{opened}documento.pdf").status_code == 404


def test_a_closed_dictamen_has_its_documents(review: Scene, enter: Enter) -> None:
    review.adopted("EV001")
    review.notified()
    opened = review.opened()
    elena, address = enter(review.world.elena), reverse("auditor:dictamen", args=[opened.pk])
    with at("2024-06-26 12:00"), everything():
        close_conclusion(review.world.judge(opened.conclusiones.get()), review.world.elena)
        nora = registry.create_usuario("nora", "Nora Gil", "", password_hash="!", rfc=new_rfc())
        registry.appoint(nora, "revisor")
    with at("2024-06-26 13:00"):
        told, offered = elena.get(address).text, enter(nora).get(address).text
        assert "lo cierra otra persona que dictamine" in told and "Cerrar el dictamen" not in told
        assert "lo cierra otra persona que dictamine" not in offered and "Cerrar el dictamen" in offered
        assert "lo cierra otra persona" in elena.post(f"{address}cerrar/", follow=True).text
        assert "cerrado" in enter(nora).post(f"{address}cerrar/", follow=True).text
        assert "no se escribió nada nuevo" in elena.post(f"{address}cerrar/", follow=True).text
        assert elena.get(f"{address}documento.pdf").content.startswith(b"%PDF")


def test_a_conclusion_names_the_one_that_sanctions_the_same_facts(review: Scene, enter: Enter) -> None:
    with everything(), at("2024-06-10 12:00"):
        for rule, conduct in (("CF001", "sin_xml"), ("EV001", "egreso_no_comprobado")):
            review.world.observacion([review.world.hallazgo("100.00", rule, poliza_id=500)], criterio=conduct)
    review.notified()
    yields, wins = review.opened().conclusiones.order_by("clave")
    elena = enter(review.world.elena)
    with at("2024-06-26 12:00"):
        page = elena.get(reverse("auditor:conclusion", args=[yields.pk])).text
        assert "Los mismos hechos en otra conclusión" in page
        assert re.search(r"Los sanciona aquélla: \S*1\S*\. El gasto sin comprobar", page)
        assert reverse("auditor:conclusion", args=[wins.pk]) in page
        assert "Esta conclusión los sanciona: " in elena.get(reverse("auditor:conclusion", args=[wins.pk])).text
        told = {
            "respuesta_considerada": "No respondió.",
            "analisis": "Sigue.",
            "referencia": "no_atendida",
            "monto": "1.00",
            "acto": "cerrar",
        }
        refused = elena.post(reverse("auditor:conclusion", args=[yields.pk]), told)
        assert refused.status_code == 422
        assert f"{wins.clave}, ante la que cede" in refused.text


def test_the_stage_chosen_stays_for_the_session(review: Scene, enter: Enter, dario: Client) -> None:
    address = reverse("auditor:etapas")
    assert re.search(r"Del <time[^>]*>[^<]+</time> al <time", dario.get(address).text)
    assert dario.post(address, {"etapa": review.world.etapa.pk})["Location"] == reverse("auditor:home")
    assert dario.session["etapa"] == review.world.etapa.pk
    with registering():
        review.world.etapa.proceso.etapas.create(tipo="precampana", inicia_el="2024-01-01", termina_el="2024-02-01")
    page = dario.get(address).text
    assert page.count("Etapa elegida") == 1 and "En curso" not in page
    assert f"Trabajar en Precampaña de {review.world.etapa.proceso.nombre}" in page
    for absent in ("0", "csv", "²", "9" * 40, ""):
        assert dario.post(address, {"etapa": absent}).status_code == 404


def test_an_observacion_not_notified_is_left_without_effect_by_another_person(review: Scene, enter: Enter) -> None:
    observacion = review.adopted("EV001")
    page, act = (reverse(f"auditor:{name}", args=[observacion.pk]) for name in ("observacion", "sin_efecto"))
    elena, dario = enter(review.world.elena), enter(review.world.dario)
    assert 'action="' + act not in dario.get(page).text
    assert 'action="' + act in elena.get(page).text
    assert elena.get(act).status_code == 405
    assert enter(review.world.alicia).post(act, {"motivo": "x"}).status_code == 403
    assert dario.post(act, {"motivo": "Es mía."}).status_code == 422
    refused = elena.post(act, {"motivo": " "})
    assert refused.status_code == 422
    assert "Dejar sin efecto pide un motivo" in refused.text
    assert elena.post(act, {"motivo": "Se aclaró en los libros."}).status_code == 302
    shown = elena.get(page).text
    assert "Se aclaró en los libros." in shown
    assert 'action="' + act not in shown
    assert "nada que notificar" in elena.get(reverse("auditor:oficios")).text


def test_the_oficio_says_who_was_written_to_and_not_where(review: Scene, enter: Enter, settings: Any) -> None:
    review.adopted("EV001")
    settings.SMTP_SERVIDOR, settings.SMTP_REMITENTE = "correo.instituto.mx", "SIF <sif@instituto.mx>"
    alicia = review.world.alicia
    keep_address(alicia, "alicia@ejemplo.mx", "es-mx")
    page = enter(review.world.elena).get(reverse("auditor:oficio", args=[review.notified().pk])).text
    assert "Aviso por correo" in page and alicia.nombre in page and "En cola" in page
    assert "alicia@ejemplo.mx" not in page


def test_an_oficio_whose_term_ended_says_so_in_a_line_and_alarms_nobody(review: Scene, enter: Enter) -> None:
    review.adopted("EV001")
    elena, page = enter(review.world.elena), reverse("auditor:oficio", args=[review.notified().pk])
    with at("2024-06-12 12:00"):
        assert "Faltan $" in elena.get(page).text
    with at("2024-11-29 12:00"):
        told = elena.get(page).text
        assert "Plazo terminado el" in told and "quedó 1 observación sin contestar" in told
        assert "Venció hace" not in told


def test_without_mail_the_oficio_says_that_none_is_sent(review: Scene, enter: Enter) -> None:
    review.adopted("EV001")
    page = enter(review.world.elena).get(reverse("auditor:oficio", args=[review.notified().pk])).text
    assert "Esta instalación no manda correo" in page

"""The bench of the auditor desk: who has what, saved views, notes on a hallazgo, and pictures of its proof."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from flat import flat
from proceedings.world import at
from runs import find
from sif.audit import review as bench
from sif.audit.models import Comentario, Hallazgo, Observacion, Pedido, Propuesta, Vista
from sif.audit.review_selectors import standings, trail_of, words_of
from sif.books.services import attach_evidencia, store_file
from sif.registry import clock
from sif.registry.scope import everything
from sif.web.auditor.expediente import expediente_page
from sif.web.auditor.queue import read_queue
from web.audit_scene import Scene, audited, review

__all__ = ["audited", "review"]
Enter = Callable[[Any], Client]


@pytest.fixture
def dario(review: Scene, enter: Enter) -> Client:
    return enter(review.world.dario)


def page_of(row: Hallazgo, name: str = "hallazgo") -> str:
    return reverse(f"auditor:{name}", args=[row.pk])


def test_the_queue_narrows_by_person_fault_state_and_stand(review: Scene, dario: Client) -> None:
    queue, rows = reverse("auditor:hallazgos"), review.pending()
    with everything():
        bench.assign(rows[:1], review.world.dario, review.world.elena)
        bench.propose(rows[1:2], "adoptar", "", review.world.elena)
        bench.ask(rows[2], "sat", "¿Vigente?", review.world.dario)
    for query, many in (
        ({"asignado": "yo"}, 1),
        ({"asignado": "nadie"}, 2),
        ({"asignado": str(review.world.elena.pk)}, 0),
        ({"decision": "propuesto"}, 1),
        ({"decision": "en_espera"}, 1),
        ({"entidad": "MEX"}, 3),
    ):
        page = dario.get(queue, query).text
        assert f"1 a {many} de {many}" in page if many else "Ningún hallazgo con este filtro." in page, query
    page = flat(dario.get(queue).text)
    assert "Míos <strong>1</strong>" in page
    assert "Por confirmar <strong>1</strong>" in page
    faults = [dario.get(queue, {"falta": key}).text for key in ("formal", "sustantiva", "grave")]
    assert sum("1 a " in text for text in faults) == 2
    assert 'value="yo" selected' in dario.get(queue, {"asignado": "yo"}).text


def test_the_tabs_keep_the_filter_and_the_file_is_of_what_is_on_screen(review: Scene, dario: Client) -> None:
    rows = review.pending()
    with everything():
        bench.assign(rows[:1], review.world.dario, review.world.elena)
    page = dario.get(reverse("auditor:hallazgos"), {"regla": rows[0].regla}).text
    assert f"?regla={rows[0].regla}&amp;asignado=yo" in page
    answer = dario.get(reverse("auditor:exportar", args=["csv"]), {"asignado": "yo"})
    (only,) = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert (only["Clave"], only["Asignado"], only["Decisión"]) == (rows[0].clave, "Darío Salas", "sin_revisar")


def test_many_change_hands_at_once_and_only_to_who_audits(review: Scene, dario: Client) -> None:
    address, rows, elena = reverse("auditor:masa"), review.pending(), review.world.elena
    sent = {"decision": "asignar", "elegir": [str(row.pk) for row in rows[:2]], "asignado": str(elena.pk)}
    assert "2 hallazgos pasaron a Elena Márquez." in dario.post(address, sent, follow=True).text
    with everything():
        known = standings(list(Hallazgo.objects.filter(corrida=review.corrida)))
    assert [known[row.pk].asignado for row in rows[:3]] == [elena, elena, None]
    refused = dario.post(address, {**sent, "asignado": str(review.world.alicia.pk)}, follow=True).text
    assert "no audita" in refused
    assert "2 hallazgos quedaron sin asignar." in dario.post(address, {**sent, "asignado": ""}, follow=True).text


def test_a_view_is_saved_shared_opened_and_dropped(review: Scene, enter: Enter) -> None:
    dario, elena = enter(review.world.dario), enter(review.world.elena)
    save, queue = reverse("auditor:guardar_vista"), reverse("auditor:hallazgos")
    sent = {"nombre": "Mayores", "consulta": "monto=50000&pagina=7&otra=x", "compartida": "on"}
    assert dario.post(save, sent)["Location"] == f"{queue}?monto=50000"
    page = elena.get(queue).text
    assert f'href="{queue}?monto=50000">Mayores</a>' in page
    assert "de Darío Salas" in page
    kept = Vista.objects.get()
    drop = reverse("auditor:borrar_vista", args=[kept.pk])
    assert "La vista es de otra persona" in elena.post(drop, follow=True).text
    assert "El nombre de la vista" in dario.post(save, {"nombre": " ", "consulta": ""}, follow=True).text
    dario.post(drop)
    assert not Vista.objects.exists()
    assert enter(review.world.alicia).post(drop).status_code == 403


def test_notes_are_written_with_their_author_and_come_back(review: Scene, enter: Enter) -> None:
    dario, elena, row = enter(review.world.dario), enter(review.world.elena), review.pending()[0]
    note = page_of(row, "anotar")
    dario.post(note, {"acto": "comentar", "texto": "Lo vi con <b>el</b> responsable."})
    page = elena.get(page_of(row)).text
    assert "Lo vi con &lt;b&gt;el&lt;/b&gt; responsable." in page
    assert Comentario.objects.get().hecho_por == review.world.dario
    answer = dario.post(note, {"acto": "pedir", "destino": "sat", "texto": "¿Sigue vigente?"})
    assert answer["Location"].endswith("#pedidos")
    assert "En espera" in elena.get(page_of(row)).text
    asked = Pedido.objects.get()
    elena.post(note, {"acto": "responder", "pedido": str(asked.pk), "texto": "Cancelado el 9 de mayo."})
    assert "Cancelado el 9 de mayo." in dario.get(page_of(row)).text
    assert elena.post(note, {"acto": "responder", "pedido": str(asked.pk), "texto": "Otra."}).status_code == 422
    assert elena.post(note, {"acto": "responder", "pedido": "0", "texto": "Otra."}).status_code == 404
    other = page_of(review.pending()[1], "anotar")
    assert elena.post(other, {"acto": "responder", "pedido": str(asked.pk), "texto": "Otra."}).status_code == 404
    dario.post(note, {"acto": "redactar", "texto": "La póliza carece de evidencia."})
    with everything():
        assert words_of([row]) == {row.pk: "La póliza carece de evidencia."}
    dario.post(note, {"acto": "asignar", "asignado": str(review.world.elena.pk)})
    assert "Lo tiene Elena Márquez" in dario.get(page_of(row)).text
    with everything():
        assert len(trail_of(row).asignaciones) == 1
    assert dario.post(note, {"acto": "quemar"}).status_code == 404


def test_other_words_of_an_observacion_are_confirmed_by_another_person(review: Scene, enter: Enter) -> None:
    dario, elena = enter(review.world.dario), enter(review.world.elena)
    adopted = review.adopted("EV001")
    with everything():
        row = adopted.hallazgos.get()
    dario.post(page_of(row, "anotar"), {"acto": "redactar", "texto": "La póliza carece de evidencia."})
    with everything():
        sent = {"acto": "confirmar", "propuesta": Propuesta.objects.get(resuelta=None).pk}
    assert elena.post(page_of(row, "resolver"), sent).status_code == 302
    with everything():
        last = Observacion.objects.get(identidad=adopted.identidad, reemplazada_por=None)
        assert (last.texto, last.registrada_por) == ("La póliza carece de evidencia.", review.world.elena)
        assert words_of([row]) == {row.pk: "La póliza carece de evidencia."}


def test_what_was_typed_is_never_lost_when_it_is_refused(review: Scene, dario: Client) -> None:
    row = review.pending()[0]
    long = "Palabras. " * 900
    page = dario.post(page_of(row, "anotar"), {"acto": "comentar", "texto": long})
    assert page.status_code == 422
    assert "caben 8,000" in page.text
    assert long.strip()[-200:] in page.text


def test_of_many_observaciones_few_are_offered_and_any_is_named_by_its_number(
    review: Scene, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    dario = enter(review.world.dario)
    target, row = review.adopted("EV001"), review.pending()[0]
    assert 'name="numero"' not in dario.get(page_of(row)).text
    monkeypatch.setattr(expediente_page, "UNIONS", 0)
    page = dario.get(page_of(row)).text
    assert f'<option value="{target.pk}">' not in page
    assert 'name="numero"' in page
    refused = dario.post(page_of(row, "decidir"), {"decision": "unir", "numero": "9999"})
    assert refused.status_code == 422
    assert 'value="9999"' in refused.text
    dario.post(page_of(row, "decidir"), {"decision": "unir", "numero": str(target.numero)})
    assert Propuesta.objects.get().observacion_id == target.pk


def test_joining_goes_to_an_observacion_of_the_same_subject(review: Scene, enter: Enter) -> None:
    dario, elena = enter(review.world.dario), enter(review.world.elena)
    target = review.adopted("EV001")
    row = review.pending()[0]
    page = dario.get(page_of(row)).text
    assert f'<option value="{target.pk}">{target.numero}.' in page
    assert dario.post(page_of(row, "decidir"), {"decision": "unir", "observacion": "x"}).status_code == 422
    dario.post(page_of(row, "decidir"), {"decision": "unir", "observacion": str(target.pk)})
    before = target.monto
    sent = {"acto": "confirmar", "propuesta": Propuesta.objects.get().pk}
    assert "Se unió 1 hallazgo." in elena.post(page_of(row, "resolver"), sent, follow=True).text
    last = Observacion.objects.get(identidad=target.identidad, reemplazada_por=None)
    assert last.monto == before + row.monto
    old, new = (dario.get(reverse("auditor:observacion", args=[each.pk])).text for each in (target, last))
    assert "otra la reemplazó" in old
    assert reverse("auditor:observacion", args=[last.pk]) in old
    assert "otra la reemplazó" not in new
    assert "Esta versión" in new


def test_history_and_similar_stand_beside_it(review: Scene, dario: Client) -> None:
    review.adopted("EV001")
    row = review.pending()[0]
    twin = {f.attname: getattr(row, f.attname) for f in Hallazgo._meta.concrete_fields if not f.primary_key}
    other = find(**{**twin, "clave": "otro", "monto": row.monto + 100})
    page = dario.get(page_of(row)).text
    assert f'href="{page_of(other)}"' in page
    assert "1 observación por $92,800.00; 0 por esta regla" in page


def test_a_picture_of_the_proof_is_drawn_anew_and_only_of_its_own(review: Scene, enter: Enter) -> None:
    dario, found = enter(review.world.dario), review.pending("CF001")[0]
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(stream, "JPEG")
    kept = store_file(stream.getvalue())
    with everything(), at("2024-03-25 10:00"):
        poliza = review.world.contabilidades[0].polizas.order_by("-eslabon")[0]
        broken = poliza.evidencias.get().archivo_id
        attach_evidencia(poliza, "muestra", "muestra.jpg", kept, review.world.alicia)
    with everything():
        bench.assign([found, review.pending("RE001")[0]], review.world.dario, review.world.elena)
    address = reverse("auditor:imagen", args=[found.pk, kept.sha256])
    assert address in dario.get(page_of(found)).text
    drawn = dario.get(address)
    assert drawn["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(drawn.content)).size == (40, 30)
    assert dario.get(reverse("auditor:imagen", args=[found.pk, broken])).status_code == 404  # it cannot be drawn
    assert dario.get(reverse("auditor:imagen", args=[review.pending("RE001")[0].pk, kept.sha256])).status_code == 404
    assert enter(review.world.alicia).get(address).status_code == 403


def test_what_the_row_names_stands_beside_the_books(review: Scene, dario: Client) -> None:
    row, books = review.pending("CF001")[0], review.world.contabilidades[0]
    with everything():
        contract = books.contratos.create(
            proveedor=review.supplier,
            objeto="Volantes",
            suscrito_el=date(2024, 3, 5),
            monto=4_640_000,
            registrado_el=clock.now(),
        )
        line = books.polizas.order_by("-eslabon")[0].movimientos.first()
    twin = {f.attname: getattr(row, f.attname) for f in Hallazgo._meta.concrete_fields if not f.primary_key}
    named = {"contrato_id": contract.pk, "periodo_id": review.world.etapa.periodos.get(numero=1).pk, "evento_id": 0}
    other = find(**{**twin, "clave": "otro", "fila": named})
    page = dario.get(page_of(other)).text
    assert "Volantes. Con Impresos del Prado por $46,400.00, suscrito el 5 mar 2024" in page
    assert "El hallazgo no es sobre una póliza." in page
    assert "1, del 1 mar 2024 al" in page
    third = find(**{**twin, "clave": "otra", "fila": {"movimiento_id": line.pk}})
    assert "Volantes de la gira" in dario.get(page_of(third)).text


def test_the_reviewer_is_told_what_waits(review: Scene, enter: Enter) -> None:
    with everything():
        bench.propose(review.pending()[:2], "adoptar", "", review.world.dario)
    home = reverse("auditor:home")
    assert "2 decisiones propuestas por otras personas" in enter(review.world.elena).get(home).text
    assert "propuestas por otras personas" not in enter(review.world.dario).get(home).text


def test_no_bar_of_acts_where_nothing_can_be_chosen(review: Scene, dario: Client) -> None:
    review.adopted("EV001")
    queue = reverse("auditor:hallazgos")
    assert 'id="masa"' in dario.get(queue).text
    assert 'id="masa"' not in dario.get(queue, {"decision": "adoptado"}).text


@pytest.mark.parametrize("orden", ["-monto", "monto", "regla", "-sujeto", "dia"])
def test_the_queue_is_walked_by_pages_and_by_neighbours_in_one_order(
    review: Scene, dario: Client, monkeypatch: pytest.MonkeyPatch, orden: str
) -> None:
    with everything():
        row = review.pending()[0]
        kept = {f.attname: getattr(row, f.attname) for f in Hallazgo._meta.concrete_fields if not f.primary_key}
        for n in range(6):
            find(**{**kept, "clave": f"otro-{n}", "monto": row.monto + n // 2, "dia": None if n % 2 else row.dia})
    monkeypatch.setattr("sif.web.auditor.queue.SIZE", 3)
    address, walked = f"{reverse('auditor:hallazgos')}?orden={orden}", []
    page = dario.get(address).context["tabla"]
    while page:
        walked += [each.elegible for each in page.filas]
        following = page.pagina.siguiente
        page = dario.get(f"{address}&pagina={following}").context["tabla"] if following else None
    assert len(walked) == len(set(walked)) == len(review.pending())
    near = [dario.get(reverse("auditor:hallazgo", args=[pk]), {"orden": orden}).context["vecinos"] for pk in walked]
    assert [str(each.siguiente) for each in near[:-1]] == walked[1:]
    assert [str(each.anterior) for each in near[1:]] == walked[:-1]
    assert near[0].anterior is None and near[-1].siguiente is None
    assert {each.total for each in near} == {len(walked)}


@pytest.mark.parametrize(
    "decision", ["", "propuesto", "en_espera", "adoptado", "desechado", "todas", "en_riesgo", "por_decidir"]
)
@pytest.mark.parametrize("narrowed", ["", "regla", "sujeto", "falta", "entidad", "contabilidad", "asignado", "monto"])
def test_what_a_filter_leaves_is_what_the_database_counts(review: Scene, decision: str, narrowed: str) -> None:
    with everything():
        first, second, third = review.pending()[:3]
        bench.assign([first], review.world.dario, review.world.elena)
        bench.propose([second], "adoptar", "", review.world.dario)
        bench.ask(third, "sat", "¿Vigente?", review.world.dario)
        asked = {
            "regla": first.regla,
            "sujeto": str(first.contabilidad.sujeto_id),
            "falta": "grave",
            "entidad": "pais",
            "contabilidad": str(first.contabilidad_id),
            "asignado": "nadie",
            "monto": "1",
        }
        query = QueryDict(mutable=True)
        query.update({"decision": decision, **({narrowed: asked[narrowed]} if narrowed else {})})
        queue = read_queue(review.corrida, query, review.world.dario)
        rows = list(queue.filas)
    assert (queue.suma.cuantos, queue.suma.monto) == (len(rows), sum(row.monto for row in rows))


def test_what_two_filters_leave_is_counted_once_while_nobody_does_anything(review: Scene, dario: Client) -> None:
    with everything():
        row = review.pending("EV001")[0]
    place = f"{reverse('auditor:hallazgos')}?regla=EV001&monto=1"

    def counted() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as asked:
            page = dario.get(place)
        return page.context["total"], sum('SUM("audit_hallazgo"."monto")' in each["sql"] for each in asked)

    many, _first = counted()
    assert counted() == (many, 0)
    assert dario.get(f"{place}&monto=99999999999").context["total"] == 0  # another filter is counted by itself
    with everything():
        bench.propose([row], "adoptar", "", review.world.dario)
    assert counted() == (many - 1, 1)


def test_the_page_of_a_hallazgo_reads_its_standing_and_its_words_once(review: Scene, dario: Client) -> None:
    with everything():
        row = review.pending()[0]
    dario.get(page_of(row))
    with CaptureQueriesContext(connection) as asked:
        assert dario.get(page_of(row)).status_code == 200
    for table in ("audit_descarte", "audit_redaccion", "audit_asignacion", "audit_corrida"):
        read = [each["sql"] for each in asked if each["sql"].startswith(f'SELECT "{table}"."id"')]
        assert len(read) == len(set(read)), table

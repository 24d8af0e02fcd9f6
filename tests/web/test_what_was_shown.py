"""A press does what its page showed: the stage, and the proposal, that stood there when the person read it."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from flat import flat
from proceedings.world import at
from sif.audit import review as bench
from sif.audit.models import Descarte, Observacion, Propuesta, Reparto
from sif.disclosure.models import PublicacionPropuesta
from sif.jobs.models import Trabajo
from sif.proceedings.models import Dictamen, Oficio, OficioPropuesto
from sif.proceedings.proposing import propose_oficio, withdraw_oficio
from sif.proceedings.services import issue_oficio
from sif.registry.models import Etapa
from sif.registry.scope import everything, registering
from sif.values import Refused
from web.audit_scene import Scene, audited, review

__all__ = ["audited", "review"]
Enter = Callable[[Any], Client]
_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def hidden(page: str, said: str) -> dict[str, str]:
    """The hidden fields of the form of a page that holds some words: what its button sends without being told."""
    form = next(body for _head, body in _FORM.findall(flat(page)) if said in body)
    return {name: unescape(value) for name, value in _HIDDEN.findall(form) if name != "csrfmiddlewaretoken"}


def another_stage(review: Scene) -> Etapa:
    """Another stage of the same process, with the subjects of the first."""
    with registering():
        made: Etapa = review.world.etapa.proceso.etapas.create(
            tipo="precampana", inicia_el="2024-01-01", termina_el="2024-02-01"
        )
    return made


def moved_to(client: Client, etapa: Etapa) -> None:
    """Choose a stage in another tab of the same session."""
    client.post(reverse("auditor:etapas"), {"etapa": etapa.pk})


def test_what_is_confirmed_is_the_proposal_that_the_page_showed(review: Scene, enter: Enter) -> None:
    """Who proposed takes it back and proposes the contrary while another person reads: nobody confirms it unseen."""
    dario, elena, found = review.world.dario, enter(review.world.elena), review.pending()[0]
    with everything():
        (first,) = bench.propose([found], "adoptar", "Del cruce.", dario)
    shown = elena.get(reverse("auditor:hallazgo", args=[found.pk])).text
    sent = hidden(shown, 'value="confirmar"')
    with everything():
        bench.withdraw(first, dario)
        bench.propose([found], "desechar", "Ya se aclaró.", dario)
    for act in ("confirmar", "devolver"):
        page = elena.post(
            reverse("auditor:resolver", args=[found.pk]), {**sent, "acto": act, "motivo": "Bien."}, follow=True
        )
        assert "cambió después de que usted la leyó" in page.text
    assert not Descarte.objects.exists() and not Observacion.objects.exists()
    again = hidden(elena.get(reverse("auditor:hallazgo", args=[found.pk])).text, 'value="confirmar"')
    elena.post(reverse("auditor:resolver", args=[found.pk]), {**again, "acto": "confirmar"})
    assert Descarte.objects.get().hallazgo == found


def test_what_is_confirmed_together_are_the_proposals_that_were_reviewed(review: Scene, enter: Enter) -> None:
    dario, elena, rows = review.world.dario, enter(review.world.elena), review.pending()
    with everything():
        made = bench.propose(rows, "adoptar", "Del cruce.", dario)
    address = f"{reverse('auditor:masa')}?decision=propuesto"
    chosen = [str(row.pk) for row in rows]
    shown = elena.post(address, {"decision": "confirmar", "elegir": chosen}).text
    sent = {"decision": "confirmar", "elegir": chosen, "paso": "confirmar"}
    seen = re.findall(r'name="vista" value="(\d+)"', shown)
    with everything():
        bench.withdraw(next(each for each in made if each.hallazgo_id == rows[0].pk), dario)
        bench.propose([rows[0]], "desechar", "Ya se aclaró.", dario)
    page = elena.post(address, {**sent, "vista": seen}, follow=True).text
    assert "cambiaron después de que usted las leyó" in page and "No se escribió nada." in page
    assert not Descarte.objects.exists() and not Observacion.objects.exists()
    shown = elena.post(address, {"decision": "confirmar", "elegir": chosen}).text
    seen = re.findall(r'name="vista" value="(\d+)"', shown)
    assert "Se adoptaron 3 observaciones" in elena.post(address, {**sent, "vista": seen}, follow=True).text


def test_the_oficio_that_is_issued_is_the_proposal_that_the_page_showed(review: Scene, enter: Enter) -> None:
    """Also where its job runs after the proposal was taken back and made anew with other words."""
    world, elena = review.world, enter(review.world.elena)
    review.adopted("EV001")
    address = reverse("auditor:emitir", args=[world.partido.pk])
    with everything(), at("2024-06-11 12:00"):
        first = propose_oficio(world.etapa, world.partido, world.dario)
        shown = elena.get(address).text
        withdraw_oficio(world.etapa, world.partido, world.dario)
    review.adopted("CF012")
    with everything(), at("2024-06-11 12:00"):
        second = propose_oficio(world.etapa, world.partido, world.dario)
        page = elena.post(address, {**hidden(shown, 'value="emitir"'), "acto": "emitir"})
        assert page.status_code == 422 and "cambió después de que usted la leyó" in page.text
        with pytest.raises(Refused, match="cambió después"):
            issue_oficio(world.etapa, world.partido, world.elena, first.pk)
        assert not Trabajo.objects.exists() and not Oficio.objects.exists()
        elena.post(address, {**hidden(elena.get(address).text, 'value="emitir"'), "acto": "emitir"})
    assert Trabajo.objects.get().referencia["propuesta"] == second.pk
    assert Oficio.objects.get().propuesto == second


@pytest.mark.parametrize("act", ["proponer", "emitir"])
def test_an_oficio_is_of_the_stage_that_its_page_showed(review: Scene, enter: Enter, act: str) -> None:
    world, other = review.world, another_stage(review)
    review.adopted("EV001")
    client = enter(world.dario if act == "proponer" else world.elena)
    moved_to(client, world.etapa)
    address = reverse("auditor:emitir", args=[world.partido.pk])
    with everything(), at("2024-06-11 12:00"):
        if act == "emitir":
            propose_oficio(world.etapa, world.partido, world.dario)
        sent = hidden(client.get(address).text, f'value="{act}"')
        moved_to(client, other)
        client.post(address, {**sent, "acto": act})
        made = Oficio.objects.get() if act == "emitir" else OficioPropuesto.objects.get()
    assert made.etapa == world.etapa


def test_a_dictamen_is_of_the_stage_that_its_page_showed(review: Scene, enter: Enter) -> None:
    world, other, elena = review.world, another_stage(review), enter(review.world.elena)
    moved_to(elena, world.etapa)
    address = reverse("auditor:abrir_dictamen", args=[world.otro.pk])
    with at("2024-06-25 12:00"):
        sent = hidden(elena.get(address).text, "Abrir dictamen")
        moved_to(elena, other)
        elena.post(address, sent)
    assert Dictamen.objects.get().etapa == world.etapa


def test_a_run_is_of_the_stage_that_its_page_showed(review: Scene, enter: Enter, monkeypatch: Any) -> None:
    world, other, dario = review.world, another_stage(review), enter(review.world.dario)
    asked: list[Etapa] = []
    monkeypatch.setattr(
        "sif.web.auditor.medir.corridas.ask_for_audit", lambda etapa, by: asked.append(etapa) or asked_job
    )
    asked_job = Trabajo(pk=1, persona=world.dario, tipo="auditoria")
    moved_to(dario, world.etapa)
    sent = hidden(dario.get(reverse("auditor:corridas")).text, "Congelar y correr")
    moved_to(dario, other)
    dario.post(reverse("auditor:corridas"), sent)
    assert asked == [world.etapa]


def test_the_figures_proposed_are_of_the_stage_that_the_page_showed(review: Scene, enter: Enter) -> None:
    world, other, elena = review.world, another_stage(review), enter(review.world.elena)
    moved_to(elena, world.etapa)
    sent = hidden(elena.get(reverse("auditor:publicacion")).text, 'value="proponer"')
    moved_to(elena, other)
    elena.post(reverse("auditor:publicacion"), {**sent, "acto": "proponer", "sin_voto": "on"})
    with everything():
        assert PublicacionPropuesta.objects.get().etapa == world.etapa


def test_work_is_shared_out_in_the_stage_that_the_page_showed(review: Scene, enter: Enter) -> None:
    world, other, dario = review.world, another_stage(review), enter(review.world.dario)
    moved_to(dario, world.etapa)
    sent = hidden(dario.get(reverse("auditor:avance")).text, 'name="usuario"')
    moved_to(dario, other)
    dario.post(reverse("auditor:repartir"), {**sent, "regla": "EV001", "usuario": world.elena.pk})
    assert Reparto.objects.get().etapa == world.etapa


def test_many_are_proposed_in_the_stage_that_the_page_showed(review: Scene, enter: Enter) -> None:
    world, other, dario = review.world, another_stage(review), enter(review.world.dario)
    moved_to(dario, world.etapa)
    sent = hidden(dario.get(reverse("auditor:hallazgos")).text, "csrfmiddlewaretoken")
    sent = hidden(dario.get(reverse("auditor:hallazgos")).text, 'name="alcance"') or sent
    moved_to(dario, other)
    chosen = [str(row.pk) for row in review.pending()]
    asked = {"decision": "adoptar", "elegir": chosen, "motivo": "Del cruce."}
    review_page = dario.post(reverse("auditor:masa"), {**sent, **asked})
    again = hidden(review_page.text, 'name="paso"')
    dario.post(reverse("auditor:masa"), {**again, "elegir": chosen})
    assert Propuesta.objects.count() == 4


def test_a_stage_that_is_not_there_is_no_stage(review: Scene, enter: Enter) -> None:
    elena, address = enter(review.world.elena), reverse("auditor:publicacion")
    for said in ("999999999", "x", "-1"):
        assert elena.post(address, {"acto": "proponer", "etapa_vista": said}).status_code == 404

"""The pages of the council desk: each works, refuses a stranger, and a vote is reviewed and cast once."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from flat import flat
from proceedings.world import at, grounded, make_coalition
from sif.audit.models import Descarte, Observacion
from sif.proceedings.courses import calendar_for
from sif.proceedings.models import Dictamen, Resolucion, Voto
from sif.proceedings.selectors import resoluciones_of
from sif.registry.scope import acting, everything
from sif.web.authority_seat import end_of
from sif.web.council import session
from sif.web.council.waiting import SHOWN, Awaited, waiting_table
from sif.web.formats import due_text
from web.audit_scene import Scene, audited, review
from web.test_many_observed import found_again

__all__ = ["audited", "review"]
Enter = Callable[[Any], Client]
LISTS = ["home", "etapas", "dictamenes", "resoluciones", "criterios"]


@pytest.fixture
def matter(review: Scene) -> Resolucion:
    """A resolución under discussion with two sanctions."""
    review.adopted("EV001")
    review.adopted("CF001")
    review.notified()
    return review.discussed()


@pytest.fixture
def felix(review: Scene, enter: Enter) -> Client:
    return enter(review.world.consejo[0])


@pytest.mark.parametrize("name", LISTS)
def test_it_works(review: Scene, felix: Client, name: str) -> None:
    response = felix.get(reverse(f"council:{name}"))
    assert response.status_code == 200
    assert "<h1>" in response.text


@pytest.mark.parametrize("name", LISTS)
def test_it_refuses_a_stranger(review: Scene, enter: Enter, name: str) -> None:
    address = reverse(f"council:{name}")
    assert "/cuenta/login/" in Client().get(address)["Location"]
    assert enter(review.world.alicia).get(address).status_code == 403
    if name != "etapas":
        assert enter(review.world.dario).get(address).status_code == 403


def test_the_first_page_says_what_waits_for_each_person_and_until_which_hour(
    review: Scene, matter: Resolucion, felix: Client, enter: Enter
) -> None:
    home, page = reverse("council:home"), reverse("council:resolucion", args=[matter.pk])
    sofia, gabriela = enter(review.sofia), enter(review.gabriela)
    with everything():
        due = end_of(calendar_for(matter.dictamen.etapa, matter.dictamen.sujeto)["consejo"])
    with at("2024-07-21 10:00"):
        [row] = felix.get(home).context["espera"].filas
        assert row.celdas["que"].url == page and row.celdas["vence_el"] == due_text(due)
        assert "Se vota desde el día de la sesión, 0:00 h" in felix.get(home).text
        assert "Nada espera su voto ni un acto suyo." in sofia.get(home).text
    with at("2024-07-22 10:00"):
        assert "Por votar" in felix.get(home).text
        assert "0 de 5 votos emitidos" in sofia.get(home).text
        assert "Nada espera su voto ni un acto suyo." in gabriela.get(home).text
        felix.post(f"{page}votar/", {"sentido": "a_favor"})
        assert "Nada espera su voto ni un acto suyo." in felix.get(home).text
        assert "1 de 5 votos emitidos" in sofia.get(home).text


@pytest.mark.parametrize("name", [name for name in LISTS if name != "etapas"])
def test_it_only_reads(felix: Client, name: str) -> None:
    assert felix.post(reverse(f"council:{name}")).status_code == 405


@pytest.mark.parametrize("name", ["someter", "contar"])
def test_it_only_allows_post_where_it_writes(review: Scene, enter: Enter, felix: Client, name: str) -> None:
    address = reverse(f"council:{name}", args=[1])
    assert felix.get(address).status_code == 405
    assert enter(review.world.dario).post(address).status_code == 403
    assert enter(review.world.alicia).post(address).status_code == 403


def test_the_resolucion_shows_sanctions_to_the_cent_with_their_working(matter: Resolucion, felix: Client) -> None:
    page = felix.get(reverse("council:resolucion", args=[matter.pk])).text
    assert "6_C1_FD" in page
    assert "92,800.00" in page
    # EV001: 92,800.00 x 100 % = 854 UMA of 108.57 = 92,718.78; the total adds the other sanction
    assert "92,718.78" in page
    assert "854" in page
    assert "854 UMA × 108.57 = 92,718.78" in page
    assert "$139,200.00" in page  # 92,800 + 46,400 involved
    assert "0 a favor, 0 en contra, de 5. Quórum: 3" in page
    assert page.count("Sin votar") == 5


def test_no_option_of_the_vote_is_favoured(matter: Resolucion, felix: Client) -> None:
    with at("2024-07-22 10:00"):
        page = flat(felix.get(reverse("council:resolucion", args=[matter.pk])).text)
    address = reverse("council:votar", args=[matter.pk])
    assert f'<a class="button option" href="{address}?sentido=en_contra">' in page
    assert f'<a class="button option" href="{address}?sentido=a_favor">' in page
    assert "button main" not in page


def test_a_vote_is_reviewed_cast_once_and_seen_on_the_roll(review: Scene, matter: Resolucion, felix: Client) -> None:
    address = reverse("council:votar", args=[matter.pk])
    with at("2024-07-22 10:00"):
        before = felix.get(address, {"sentido": "en_contra"}).text
        assert "Nada se ha escrito todavía." in before
        assert "Emitir mi voto en contra" in before
        assert not Voto.objects.exists()
        sent = {"sentido": "en_contra", "voto_particular": "La muestra obra en el expediente."}
        page = felix.post(address, sent, follow=True).text
        assert "Voto particular de Félix Duarte" in page
        assert "0 a favor, 1 en contra, de 5" in page
        assert "no se cambia" in felix.post(address, {"sentido": "a_favor"}, follow=True).text
    kept = Voto.objects.get()
    assert (kept.consejero, kept.sentido) == (review.world.consejo[0], "en_contra")


def test_a_sense_that_is_none_is_refused(matter: Resolucion, felix: Client) -> None:
    address = reverse("council:votar", args=[matter.pk])
    assert "Elija el sentido de su voto" in felix.get(address, {"sentido": "abstencion"}, follow=True).text
    assert "Elija el sentido de su voto" in felix.post(address, {}, follow=True).text
    assert not Voto.objects.exists()


def test_before_the_session_nobody_votes(matter: Resolucion, felix: Client) -> None:
    with at("2024-07-21 10:00"):
        page = felix.get(reverse("council:resolucion", args=[matter.pk])).text
        assert "Se vota desde el día de la sesión" in page
        refused = felix.post(reverse("council:votar", args=[matter.pk]), {"sentido": "a_favor"}, follow=True)
        assert "Vote ese día." in refused.text
    assert not Voto.objects.exists()


def test_only_councillors_vote_and_councillors_do_not_adopt(review: Scene, matter: Resolucion, enter: Enter) -> None:
    address = reverse("council:votar", args=[matter.pk])
    people = review.world
    for person in (people.dario, people.elena, people.alicia, review.sofia, review.gabriela):
        assert enter(person).post(address, {"sentido": "a_favor"}).status_code == 403
    found = review.pending()[0]
    felix = enter(people.consejo[0])
    for name in ("decidir", "masa"):
        sent = {"decision": "desechar", "motivo": "No procede.", "alcance": "filtro", "paso": "confirmar"}
        assert (
            felix.post(reverse(f"auditor:{name}", args=[] if name == "masa" else [found.pk]), sent).status_code == 403
        )
    assert not Voto.objects.exists()
    assert not Descarte.objects.exists()
    assert Observacion.objects.count() == 2


def test_from_closed_dictamen_to_counted_vote(review: Scene, enter: Enter) -> None:
    review.adopted("EV001")
    review.notified()
    dictamen = review.closed()
    sofia, gabriela, felix = enter(review.sofia), enter(review.gabriela), enter(review.world.consejo[0])
    project = reverse("council:proyecto", args=[dictamen.pk])
    with at("2024-07-01 12:00"):
        assert "Elaborar el proyecto" in gabriela.get(reverse("council:resoluciones")).text
        assert "Elaborar el proyecto" in gabriela.get(reverse("council:home")).text
        assert felix.get(project).status_code == 403
        assert gabriela.post(project, {"sesion_el": "hoy"}).status_code == 422
        passed = gabriela.post(project, {"sesion_el": "30/06/2024"})
        assert passed.status_code == 422 and "ya pasó. Escriba el día" in passed.text
        asked = gabriela.post(project, {"sesion_el": "22/07/2024"})["Location"]
        drawn = gabriela.get(asked)["Location"]  # the page of its job leads to the project
        assert gabriela.post(project, {"sesion_el": "22/07/2024"})["Location"] == drawn
        assert felix.post(f"{drawn}someter/").status_code == 403
        assert "bases de ley por confirmar para este caso: " in sofia.post(f"{drawn}someter/", follow=True).text
        with everything():
            grounded(Resolucion.objects.get(), review.gabriela, review.sofia)
        assert "está a discusión y votación" in sofia.post(f"{drawn}someter/", follow=True).text
        assert "no se escribió nada nuevo" in sofia.post(f"{drawn}someter/", follow=True).text
    with at("2024-07-22 12:00"):
        assert "Hacen falta 3" in sofia.post(f"{drawn}contar/", follow=True).text
        for person, sense in zip(review.world.consejo, ["a_favor", "a_favor", "en_contra"], strict=False):
            enter(person).post(f"{drawn}votar/", {"sentido": sense})
        done = sofia.post(f"{drawn}contar/", follow=True).text
        assert "quedó aprobada y se notificó al sujeto" in done
        assert "Aprobada" in felix.get(reverse("council:home")).text
        assert "no se escribió nada nuevo" in sofia.post(f"{drawn}contar/", follow=True).text
        assert felix.get(f"{drawn}documento.pdf").content.startswith(b"%PDF")
        assert felix.get(f"{drawn}documento.docx").content.startswith(b"PK")
        assert enter(review.world.alicia).get(f"{drawn}documento.pdf").status_code == 403
        assert felix.get(reverse("auditor:dictamen_documento", args=[dictamen.pk, "pdf"])).content.startswith(b"%PDF")


def test_what_the_council_rejected_is_drawn_again_from_its_page(
    review: Scene, matter: Resolucion, enter: Enter
) -> None:
    gabriela, felix = enter(review.gabriela), enter(review.world.consejo[0])
    page, project = (
        reverse("council:resolucion", args=[matter.pk]),
        reverse("council:proyecto", args=[matter.dictamen_id]),
    )
    with at("2024-07-22 12:00"):
        assert "no se escribió nada nuevo" in gabriela.get(project, follow=True).text  # it waits for its vote
        for person in review.world.consejo:
            enter(person).post(f"{page}votar/", {"sentido": "en_contra"})
        enter(review.sofia).post(f"{page}contar/")
        assert "Elaborar otro proyecto" not in felix.get(page).text
        assert project in gabriela.get(page).text
        assert f"El Consejo rechazó {matter.numero}." in gabriela.get(reverse("council:resoluciones")).text
        home = flat(felix.get(reverse("council:home")).text)
        assert "Suma de 0 resoluciones, sin lo rechazado" in home and "<dt>Suma de las sanciones</dt><dd>$0.00" in home
        assert f"Sustituye al de la resolución {matter.numero}" in flat(gabriela.get(project).text)
        drawn = gabriela.get(gabriela.post(project, {"sesion_el": "05/08/2024"})["Location"])["Location"]
        assert drawn != page
        assert f"Sustituye a {matter.numero}" in re.sub("<[^>]+>", "", flat(felix.get(drawn).text))
        assert "Elaborar otro proyecto" not in gabriela.get(page).text
        assert gabriela.post(project, {"sesion_el": "05/08/2024"})["Location"] == drawn


def test_a_coalition_sees_what_each_member_pays(review: Scene, felix: Client) -> None:
    with everything():
        make_coalition(review.world.partido, {"ACA": 6_000, "BEC": 4_000})
    review.adopted("EV001")
    review.notified()
    page = felix.get(reverse("council:resolucion", args=[review.drawn().pk])).text
    assert "Distribución entre los integrantes" in page
    assert "55,631.00" in page  # 60 % of 92,718.78, in whole pesos
    assert "37,087.00" in page


def test_criteria_say_how_sure_they_are(felix: Client, review: Scene) -> None:
    page = felix.get(reverse("council:criterios")).text
    assert "Por confirmar" in page
    assert "Confirmado" in page
    assert "Egreso no reportado" in page


def test_a_sanction_leads_to_the_facts_the_answer_and_the_analysis(matter: Resolucion, felix: Client) -> None:
    with everything():
        sancion = matter.sanciones.select_related("conclusion__observacion").order_by("pk").first()
        assert sancion is not None
        fact = sancion.conclusion.observacion.hallazgos.first()
        books, said, analysis = str(fact.contabilidad_id), fact.mensaje, sancion.conclusion.analisis
    address = reverse("council:conclusion", args=[sancion.conclusion_id])
    assert address in felix.get(reverse("council:resolucion", args=[matter.pk])).text
    page = felix.get(address)
    assert page.status_code == 200
    shown = html.unescape(page.text)
    assert said in shown
    assert books in shown
    assert analysis in shown
    assert f"#trabajo-{sancion.pk}" in shown


def test_a_conclusion_is_read_by_the_council_once_its_dictamen_closed(
    review: Scene, matter: Resolucion, enter: Enter
) -> None:
    with everything():
        number = matter.sanciones.values_list("conclusion_id", flat=True)[0]
    address = reverse("council:conclusion", args=[number])
    assert "/cuenta/login/" in Client().get(address)["Location"]
    assert enter(review.world.dario).get(address).status_code == 403
    assert enter(review.world.consejo[0]).get(reverse("council:conclusion", args=[0])).status_code == 404


def test_a_conclusion_asks_as_much_of_fifty_facts_as_of_one(review: Scene, enter: Enter) -> None:
    one, many = review.adopted("CF001"), review.adopted("EV001")
    with everything(), acting():
        many.hallazgos.add(*found_again(many.hallazgos.all()[0], 50))
    review.notified()
    review.closed()
    client, counted = enter(review.world.consejo[0]), []
    for observed in (one, many):
        page = reverse("council:conclusion", args=[observed.conclusion.pk])
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            text = client.get(page).text
        counted.append(len(asked))
    assert counted[0] == counted[1]
    assert "1 a 50 de 51" in text


def test_the_lists_of_the_council_ask_as_much_at_fifty_rows_as_at_one(matter: Resolucion) -> None:
    counted: dict[str, list[int]] = {"agenda": [], "matters": [], "awaited": []}
    with everything():
        opened = Dictamen.objects.select_related("sujeto", "cierre")
        for times in (1, 50):
            rows = [*resoluciones_of(matter.dictamen.etapa)] * times
            matters_of = [*opened.prefetch_related("resoluciones")] * times
            with CaptureQueriesContext(connection) as asked:
                assert len(session.agenda(rows, "Orden del día").filas) == times
            counted["agenda"].append(len(asked))
            with CaptureQueriesContext(connection) as asked:
                assert len(session.matters(matters_of).filas) == times
            counted["matters"].append(len(asked))
            rows_of = [Awaited(row.dictamen, row.numero, "x", "", None, ("por_vencer", "x")) for row in rows]
            with CaptureQueriesContext(connection) as asked:
                assert len(waiting_table(rows_of).filas) == min(times, SHOWN)
            counted["awaited"].append(len(asked))
    assert counted["agenda"][0] == counted["agenda"][1] <= 5
    assert counted["matters"] == [1, 1]
    assert counted["awaited"][0] == counted["awaited"][1]

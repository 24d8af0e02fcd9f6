"""The stage people work in when they name none: it has begun, and it is not finished."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from proceedings.world import at
from scene import make_books
from sif.proceedings import resolving
from sif.proceedings.current import current_stage, finished_stages
from sif.registry import clock
from sif.registry.models import Etapa
from sif.registry.scope import everything, registering
from web.audit_scene import Scene, audited, review

__all__ = ["audited", "review"]


def stage(beside: Etapa, tipo: str, since: date, until: date) -> Etapa:
    """Another stage of the process of a stage."""
    with registering():
        made: Etapa = beside.proceso.etapas.create(tipo=tipo, inicia_el=since, termina_el=until)
    return made


def to_come(beside: Etapa) -> Etapa:
    """A stage that begins in a month."""
    today = clock.today()
    return stage(beside, "ordinario", today + timedelta(days=30), today + timedelta(days=60))


def test_no_stage_is_current_where_there_is_none() -> None:
    assert current_stage([]) is None


def test_the_one_that_has_begun_goes_before_the_one_to_come(review: Scene) -> None:
    campaign = review.world.etapa
    coming = to_come(campaign)
    assert current_stage([coming, campaign]) == campaign
    assert current_stage([coming]) == coming


def test_what_the_council_resolved_goes_after_what_it_did_not(review: Scene, enter: Any) -> None:
    campaign = review.world.etapa
    older = stage(campaign, "precampana", campaign.inicia_el - timedelta(days=90), campaign.inicia_el)
    review.adopted("EV001")
    review.adopted("CF001")
    review.notified()
    matter = review.discussed()
    day = matter.sesion_el
    assert finished_stages([campaign.pk, older.pk], day + timedelta(days=1)) == frozenset(), "nobody voted"
    assert current_stage([older, campaign]) == campaign
    with everything(), at("2024-07-22 12:00"):
        for person in review.world.consejo:
            resolving.vote(matter, person, "a_favor")
        resolving.close_vote(matter, review.sofia)
    assert finished_stages([campaign.pk, older.pk], day) == frozenset(), "the session is on its day"
    assert finished_stages([campaign.pk, older.pk], day + timedelta(days=1)) == {campaign.pk}
    with at("2024-07-23 12:00"):
        assert current_stage([older, campaign]) == older
        assert enter(review.world.dario).get(reverse("auditor:home")).context["frame"].etapa == older.pk


@pytest.mark.parametrize("home", ["auditor:home", "council:home"])
def test_the_authority_enters_the_stage_in_course(review: Scene, enter: Any, home: str) -> None:
    """After next year's process is opened, before any run or resolución of this one; what was chosen is kept."""
    coming = to_come(review.world.etapa)
    desk = enter(review.world.dario if home.startswith("auditor") else review.world.consejo[0])
    assert desk.get(reverse(home)).context["frame"].etapa == review.world.etapa.pk
    desk.post(reverse(home.replace("home", "etapas")), {"etapa": coming.pk})
    assert desk.get(reverse(home)).context["frame"].etapa == coming.pk


def test_the_party_enters_the_stage_in_course(scene: Any, enter: Any) -> None:
    coming = to_come(scene.libros.etapa)
    with everything():
        made = make_books(coming, scene.partido, scene.libros.candidatura.cargo, "77", "Quien vendrá")
    desk: Client = enter(scene.alicia)
    page = desk.get(reverse("party:home")).text
    assert scene.libros.titular in page and made.titular not in page

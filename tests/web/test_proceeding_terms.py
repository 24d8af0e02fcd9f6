"""The calendar of each desk says the terms that run from each notice: answers to oficios, and appeals."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db.models.signals import post_init
from django.urls import reverse

from kept import keeps
from proceedings.test_second_oficio import said, year_of_2025
from proceedings.world import World, at, campaign_of_2024, draft_of_2024, submitted
from sif.notices.models import Notificacion
from sif.proceedings import resolving, services
from sif.proceedings.proposing import propose_oficio
from sif.proceedings.second import issue_second, propose_second
from sif.registry import scope
from sif.web.proceeding_terms import proceeding_terms

type Enter = Callable[[Any], Any]


@pytest.fixture
@keeps(year_of_2025)
def year(world_of: Callable[..., Any]) -> Iterator[World]:
    """The review of the year 2025."""
    with scope.everything():
        made = world_of(year_of_2025)
    yield made


@pytest.fixture
@keeps(campaign_of_2024)
def campaign(world_of: Callable[..., Any]) -> Iterator[World]:
    """The campaign of 2024."""
    with scope.everything():
        made = world_of(campaign_of_2024)
    yield made


def test_each_answer_ends_so_many_days_from_its_own_notice(year: World, enter: Enter) -> None:
    with scope.everything():
        rows = [year.observacion([year.hallazgo("10.00")]) for _ in range(2)]
        with at("2026-07-02 12:00"):  # three business days after that of the calendar
            propose_oficio(year.etapa, year.partido, year.dario)
            first = services.issue_oficio(year.etapa, year.partido, year.elena)
        with at("2026-08-03 12:00"):
            propose_second(first, said(rows, True, False), year.dario)
            second = issue_second(first, year.elena)
        terms = proceeding_terms(year.etapa)
        found = {term.acto: (term.hasta, term.base) for term in terms if term.ours}
        after = {term.acto: term.hasta for term in terms if not term.ours}
    assert found == {
        f"Respuesta al oficio {first.numero}": (date(2026, 7, 16), "LGPP 80.1.b.II"),
        f"Respuesta al oficio {second.numero}": (date(2026, 8, 10), "LGPP 80.1.b.III"),
    }
    assert after == {
        "Informar el resultado de la segunda respuesta": date(2026, 9, 7),
        "Dictamen y proyecto de resolución": date(2026, 9, 7),
        "Votación en la Comisión": date(2026, 9, 22),
        "Resolución del Consejo": date(2026, 10, 9),
    }
    alicia, carla, dario = (enter(each) for each in (year.alicia, year.carla, year.dario))
    with at("2026-08-04 12:00"):
        page = alicia.get(reverse("party:calendario")).text
        assert "Plazos de cada expediente" in page and second.numero in page
        events = alicia.get(reverse("party:ics")).content.decode().replace("\r\n ", "")
        assert f"SUMMARY:Respuesta al oficio {second.numero}" in events
        assert "DTEND:20260811T060000Z" in events
        assert events.count("SUMMARY:Dictamen y proyecto de resolución") == 1  # hers, not that of the stage
        assert "DTEND:20260908T060000Z" in events
        theirs = dario.get(reverse("auditor:calendario"), {"formato": "csv"}).content.decode("utf-8-sig")
        assert theirs.count("Dictamen y proyecto de resolución,") == 2
        for client, address in ((alicia, "party:calendario"), (dario, "auditor:calendario")):
            file = client.get(reverse(address), {"formato": "csv"}).content.decode("utf-8-sig")
            assert f"Respuesta al oficio {first.numero},2026-07-16" in file
        assert second.numero in dario.get(reverse("auditor:calendario")).text
        other = carla.get(reverse("party:calendario"))
        assert other.status_code == 200 and second.numero not in other.text
        assert second.numero not in carla.get(reverse("party:ics")).content.decode()


def test_an_appeal_ends_four_days_after_its_notice(campaign: World, enter: Enter) -> None:
    with scope.everything():
        campaign.observacion([campaign.hallazgo("100.00")])
        voted = draft_of_2024(campaign)
        with at("2024-07-22 12:00"):
            submitted(voted, campaign.gloria, campaign.sofia)
            for person in campaign.consejo:
                resolving.vote(voted, person, "a_favor")
            resolving.close_vote(voted, campaign.sofia)
        read: list[object] = []

        def note(instance: object, **rest: object) -> None:
            read.append(instance)

        post_init.connect(note, sender=Notificacion)
        (appeal,) = [each for each in proceeding_terms(campaign.etapa) if each.clave.startswith("impugnacion")]
        post_init.disconnect(note, sender=Notificacion)
        assert len(read) == 1 < Notificacion.objects.count()  # no other notice is read
    assert (appeal.desde, appeal.hasta) == (date(2024, 7, 22), date(2024, 7, 26))  # case 42
    assert "LGSMIME" in appeal.base
    with at("2024-07-23 12:00"):
        page = enter(campaign.alicia).get(reverse("party:calendario")).text
        assert f"Impugnación de la resolución {voted.numero}" in page
        assert voted.numero not in enter(campaign.carla).get(reverse("party:calendario")).text
        home = enter(campaign.alicia).get(reverse("party:home")).text
        assert f"Impugnación: Resolución {voted.numero}" in home and "No corre ningún plazo" not in home
        assert "Abrir la resolución" in home and "LGSMIME" in home
        assert voted.numero not in enter(campaign.carla).get(reverse("party:home")).text
        assert "Corre" in enter(campaign.alicia).get(reverse("party:buzon")).text
        note = Notificacion.objects.get(acto=voted.numero)
        sheet = enter(campaign.alicia).get(reverse("party:notificacion", args=[note.pk])).text
        assert "Puede impugnarla hasta" in sheet and "26 de julio" in sheet
    with at("2024-07-27 12:00"):
        assert "Impugnación: " not in enter(campaign.alicia).get(reverse("party:home")).text

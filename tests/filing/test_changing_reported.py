"""A candidacy changes no coalition over days that its books already reported."""

from dataclasses import replace
from datetime import datetime

import pytest

from filing.campaign import Campaign
from sif.registry import clock
from sif.registry.changing import NewAlliance, effects_of
from sif.registry.coalitions import NewAgreement, register_agreement
from sif.registry.services import appoint, create_usuario, register_sujeto
from sif.values import Refused
from small_world import ZONE

pytestmark = pytest.mark.django_db


def test_days_of_a_report_presented_stay_with_the_books_that_reported_them(campaign: Campaign) -> None:
    first, second = campaign.world.periods[:2]
    candidatura = campaign.ana.candidatura
    assert candidatura is not None
    with clock.at(datetime.combine(second.desde, datetime.min.time(), ZONE).replace(hour=12)):
        campaign.present(campaign.prepare(nil=True))
        admin = create_usuario("admin.cambia", "Admin", None)
        appoint(admin, "administrador")
        other = register_sujeto("partido", "97", "PZZ", "Partido Zafiro")
        union = register_sujeto("coalicion", "98", "UZZ", "Unión Zafiro")
        parts = ((candidatura.sujeto_id, 6000), (other.pk, 4000))
        register_agreement(union, NewAgreement("A/1", first.desde, first.desde, parts), admin)
        new = NewAlliance(union, first.hasta, "A/2")
        with pytest.raises(Refused) as refused:
            effects_of(candidatura, new)
        assert [each.codigo for each in refused.value.problems] == ["presentado"]
        assert effects_of(candidatura, replace(new, desde=second.desde)).libros == campaign.ana.pk

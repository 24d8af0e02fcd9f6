"""What falls due is told by mail at each step once, to whoever sees the subject whole and gave an address."""

from datetime import datetime, time, timedelta
from typing import Any

from django.urls import reverse

from filing.campaign import Campaign
from mailed import Office, office, text_of
from sif.duties.mailing import remind
from sif.duties.selectors import obligations_of
from sif.mail.addresses import keep_address
from sif.mail.models import Mensaje
from sif.mail.sending import send_due
from sif.registry import clock

__all__ = ["office"]


def due(campaign: Campaign) -> Any:
    found = obligations_of([campaign.world.party.pk], clock.today())
    return next(each for each in found if each.tipo == "IC" and each.estado in ("abierta", "programada"))


def told_on(day: Any) -> int:
    with clock.at(datetime.combine(day, time(8), clock.legal_zone())):
        return remind()


def test_each_step_is_told_once_and_no_day_between_them(campaign: Campaign, office: Office) -> None:
    keep_address(campaign.world.clerk, "olga@ejemplo.mx", "es-mx")
    duty = due(campaign)
    assert duty.vence_el is not None
    last = duty.vence_el

    def of_last() -> int:
        return Mensaje.objects.filter(clave__contains=f":{last:%Y%m%d}:").count()

    counted = []
    for left in (11, 10, 10, 9, 6, 5, 4, 2, 1, 0, 0, -1):
        told_on(last - timedelta(days=left))
        counted.append(of_last())
    assert counted == [0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 4]


def test_it_says_what_and_until_when_to_whom_gave_an_address(campaign: Campaign, office: Office) -> None:
    duty = due(campaign)
    last = duty.vence_el
    assert last is not None
    assert told_on(last - timedelta(days=2)) == 0 and not Mensaje.objects.exists()
    keep_address(campaign.world.clerk, "olga@ejemplo.mx", "es-mx")
    keep_address(campaign.world.stranger, "raul@ejemplo.mx", "es-mx")
    send_due()
    office.taken.clear()
    with clock.at(datetime.combine(last - timedelta(days=2), time(8), clock.legal_zone())):
        assert remind() >= 1
        send_due()
    ours = [text_of(message) for to, message in office.taken if to == "olga@ejemplo.mx"]
    said = next(each for each in ours if f"{last:%d/%m/%Y} 23:59" in each)
    assert duty.que.split(",")[0] in said or "por cumplir" in said
    assert reverse("party:obligaciones") in said


def test_what_could_not_leave_before_its_term_is_not_sent(campaign: Campaign, office: Office) -> None:
    keep_address(campaign.world.clerk, "olga@ejemplo.mx", "es-mx")
    send_due()
    last = due(campaign).vence_el
    assert last is not None
    told_on(last)
    office.taken.clear()
    with clock.at(datetime.combine(last + timedelta(days=1), time(0, 1), clock.legal_zone())):
        send_due()
    assert not [to for to, message in office.taken if "Vence" in message["subject"]]


def test_without_a_server_nobody_is_reminded(campaign: Campaign) -> None:
    keep_address(campaign.world.clerk, "olga@ejemplo.mx", "es-mx")
    assert told_on(due(campaign).vence_el) == 0 and not Mensaje.objects.exists()

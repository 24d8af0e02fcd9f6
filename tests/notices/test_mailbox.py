"""A deposit takes effect at its instant; reading is recorded once for each person; a mailbox is its subject's."""

from datetime import timedelta

import pytest

from notices.notified import DIGEST, notified
from sif.notices import selectors, services
from sif.notices.models import LecturaNotificacion, Notificacion
from sif.registry import clock
from sif.registry.services import appoint, create_usuario
from small_world import MOMENT, World


def deliver(world: World, days: int = 10) -> Notificacion:
    return notified(world, MOMENT + timedelta(days=days))


def test_a_deposit_takes_effect_at_its_instant_with_a_folio_of_the_year(world: World) -> None:
    first, second = deliver(world), deliver(world)
    assert first.depositada_el == MOMENT
    assert (first.folio, second.folio) == ("NOT-2024-000001", "NOT-2024-000002")
    with clock.at(MOMENT.replace(year=2025)):
        other = notified(world)
    assert (other.folio, other.vence_el) == ("NOT-2025-000001", None)


def test_a_term_already_ended_or_a_document_not_kept_is_not_notified(world: World) -> None:
    with pytest.raises(ValueError, match="vence"):
        services.deliver(world.party, "Oficio", "X", DIGEST, MOMENT)
    with pytest.raises(ValueError, match="64"):
        services.deliver(world.party, "Oficio", "X", "abc")
    assert Notificacion.objects.count() == 0


def test_reading_counts_once_for_each_person_and_changes_no_term(world: World) -> None:
    note = deliver(world)
    helper = create_usuario("ayudante", "Ayudante", "x")
    appoint(helper, "consulta", world.party)
    assert [mail.estado for mail in selectors.mailbox(world.clerk)] == ["notificada"]
    assert selectors.unread_count(world.clerk) == 1
    with clock.at(MOMENT + timedelta(hours=1)):
        first = services.read(note, world.clerk)
    with clock.at(MOMENT + timedelta(hours=2)):
        again, other = services.read(note, world.clerk), services.read(note, helper)
    assert first is not None and again is not None and other is not None
    assert first.leida_el == again.leida_el == MOMENT + timedelta(hours=1)
    assert LecturaNotificacion.objects.count() == 2
    mail = selectors.mailbox(world.clerk)[0]
    assert (mail.estado, mail.leida_el, mail.vencida) == ("leida", first.leida_el, False)
    assert (mail.notificacion.depositada_el, selectors.unread_count(world.clerk)) == (MOMENT, 0)


def test_nobody_of_another_subject_reads_and_the_authority_leaves_no_trace(world: World) -> None:
    note = deliver(world)
    with pytest.raises(PermissionError, match="no es de los libros de usted"):
        services.read(note, world.stranger)
    assert services.read(note, world.auditor) is None
    assert LecturaNotificacion.objects.count() == 0
    assert selectors.mailbox(world.stranger) == []
    assert [mail.notificacion.pk for mail in selectors.mailbox(world.auditor)] == [note.pk]


def test_the_last_deposited_comes_first_and_an_ended_term_is_said(world: World) -> None:
    early = deliver(world, days=1)
    with clock.at(MOMENT + timedelta(hours=1)):
        late = deliver(world, days=9)
    with clock.at(MOMENT + timedelta(days=2)):
        mails = selectors.mailbox(world.clerk, world.party)
    assert [(mail.notificacion.pk, mail.vencida) for mail in mails] == [(late.pk, False), (early.pk, True)]


def test_who_sees_part_of_a_subject_counts_only_what_names_their_books(world: World) -> None:
    note, other = deliver(world), deliver(world)
    clerk = create_usuario("captura", "Capturista", "x")
    appoint(clerk, "capturista", world.party, [world.books])
    assert selectors.unread_count(clerk) == 0
    assert selectors.unread_count(clerk, lambda: [note.pk]) == 1
    services.read(note, clerk, named=[note.pk])
    assert selectors.unread_count(clerk, lambda: [note.pk, other.pk]) == 1

"""The page that replaces a Responsable: who enters finds the work, and who leaves loses it at once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kept import keeps
from rfcs import new_rfc
from sif.registry import clock
from sif.registry.models import FinNombramiento, Nombramiento, RelevoResponsable, Usuario
from sif.registry.scope import everything
from sif.registry.selectors import responsable_of
from sif.registry.services import appoint, create_usuario
from small_world import MOMENT, World, make_world

Enter = Callable[[Any], Client]
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n"


def _made() -> tuple[World, Usuario, Usuario]:
    with clock.at(MOMENT), everything():
        world = make_world()
        hugo = create_usuario("hugo", "Hugo Salas", None, rfc=new_rfc())
        nora = create_usuario("nora", "Nora Paz", None, rfc=new_rfc())
        appoint(hugo, Nombramiento.Rol.ADMINISTRADOR)
        return world, hugo, nora


@pytest.fixture
@keeps(_made)
def people(world_of: Any) -> Any:
    with clock.at(MOMENT):
        yield world_of(_made)


def form(rfc: str, **changes: object) -> dict[str, object]:
    paper = SimpleUploadedFile("oficio.pdf", PDF, "application/pdf")
    return {"rfc": rfc, "desde": "15/04/2024", "referencia": "CEN/SF/120/2024", "archivo": paper, **changes}


def address(world: World) -> str:
    return reverse("administration:relevo", args=[world.party.pk])


def test_a_live_session_of_who_leaves_is_of_nobody_at_its_next_step(people: Any, enter: Enter) -> None:
    world, hugo, nora = people
    old, admin = enter(world.clerk), enter(hugo)
    assert old.get(reverse("party:polizas")).status_code == 200
    shown = admin.get(address(world)).text
    assert "Sale Olga, Responsable de" in shown and "Borradores de póliza" in shown
    done = admin.post(address(world), form(nora.rfc), follow=True)
    act = RelevoResponsable.objects.get()
    assert done.redirect_chain == [(reverse("relevo", args=[act.pk]), 302)]
    assert "CEN/SF/120/2024" in done.text and "Relevo registrado." in done.text
    assert old.get(reverse("party:polizas")).status_code == 403
    assert enter(nora).get(reverse("party:polizas")).status_code == 200
    assert reverse("relevo", args=[act.pk]) in admin.get(reverse("administration:sujeto", args=[world.party.pk])).text
    paper = admin.get(reverse("nombramiento_documento", args=[act.documento_id]))
    assert paper.content == PDF and "attachment" in paper["Content-Disposition"]


def test_the_same_form_sent_again_replaces_nobody(people: Any, enter: Enter) -> None:
    world, hugo, nora = people
    admin = enter(hugo)
    admin.post(address(world), form(nora.rfc))
    again = admin.post(address(world), form(nora.rfc))
    assert again.status_code == 422 and set(again.context["form"].errors) == {"rfc"}
    assert FinNombramiento.objects.count() == 1 and responsable_of(world.party) == nora


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"rfc": "ABC"}, "rfc"),
        ({"desde": "14/04/2024"}, "desde"),
        ({"desde": "31/02/2024"}, "desde"),
        ({"referencia": ""}, "referencia"),
        ({"archivo": ""}, "archivo"),
        ({"archivo": SimpleUploadedFile("a.pdf", b"GIF89a")}, "archivo"),
        ({"rfc": new_rfc(), "username": "x"}, "username"),
    ],
)
def test_each_refusal_stands_at_its_field(people: Any, enter: Enter, changes: dict[str, object], place: str) -> None:
    world, hugo, nora = people
    refused = enter(hugo).post(address(world), form(nora.rfc) | changes)
    assert refused.status_code == 422 and set(refused.context["form"].errors) == {place}
    assert responsable_of(world.party) == world.clerk


def test_of_who_had_no_account_the_link_is_shown_once(people: Any, enter: Enter) -> None:
    world, hugo, _nora = people
    admin = enter(hugo)
    sent = form(new_rfc(), nombre="Luz Sol", username="luz.sol")
    done = admin.post(address(world), sent, follow=True)
    page = reverse("relevo", args=[RelevoResponsable.objects.get().pk])
    assert done.redirect_chain == [(page, 302)] and "/cuenta/invitacion/" in done.text
    for again in (page, reverse("personas")):
        assert "/cuenta/invitacion/" not in admin.get(again).text
    assert responsable_of(world.party) == Usuario.objects.get(username="luz.sol")


def test_strangers_and_the_responsable_of_another_subject_reach_nothing(people: Any, enter: Enter) -> None:
    world, hugo, nora = people
    admin = enter(hugo)
    for who in (world.clerk, world.stranger, world.auditor):
        stranger = enter(who)
        assert stranger.get(address(world)).status_code == 403
        assert stranger.post(address(world), form(nora.rfc)).status_code == 403
    assert "/cuenta/login/" in Client().get(address(world))["Location"]
    assert not RelevoResponsable.objects.exists()
    admin.post(address(world), form(nora.rfc))
    act = RelevoResponsable.objects.get()
    pages = [reverse("relevo", args=[act.pk]), reverse("nombramiento_documento", args=[act.documento_id])]
    for who, answers in (
        (nora, [200, 200]),
        (world.clerk, [200, 404]),
        (world.stranger, [404, 404]),
        (world.auditor, [200, 200]),
    ):
        assert [enter(who).get(page).status_code for page in pages] == answers, who.username
    assert all("/cuenta/login/" in Client().get(page)["Location"] for page in pages)
    assert admin.get(reverse("administration:relevo", args=[999_999])).status_code == 404

"""Whoever gains or loses a role by the act of another is told, with nothing of whose it is."""

from datetime import timedelta

import pytest

from mailed import Office, text_of
from rfcs import new_rfc
from sif.duties.handover import NewHandover, NewLoan, hand_over, lend
from sif.mail.addresses import keep_address
from sif.mail.models import Mensaje
from sif.mail.recipients import Recipient
from sif.mail.sending import send_due
from sif.registry import clock
from sif.registry.invited import Invited
from sif.registry.models import Nombramiento
from sif.registry.services import appoint, create_usuario
from sif.values import Refused
from small_world import World

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n"
Rol = Nombramiento.Rol


def test_both_of_a_relief_are_told_in_its_act(world: World, office: Office) -> None:
    hugo, nora = (create_usuario(name, name, "", password_hash="!", rfc=new_rfc()) for name in ("hugo", "nora"))
    appoint(hugo, Rol.ADMINISTRADOR)
    for person, language in ((world.clerk, "es-mx"), (nora, "en")):
        keep_address(person, f"{person.username}@ejemplo.mx", language)
    send_due()
    office.taken.clear()
    who = Invited(Rol.RESPONSABLE, "", "", nora.rfc, world.party)
    new = NewHandover(who, clock.today(), "CEN/1", "oficio.pdf", PDF)
    made = hand_over(new, Recipient("", ""), lambda token: f"/{token}/", hugo).relevo
    assert send_due() == {"enviado": 2}
    told = dict(office.taken)
    left = told[f"{world.clerk.username}@ejemplo.mx"]
    assert left["subject"] == "Relevo de su función" and "queda firmado" in text_of(left)
    assert "You take over the role" in text_of(told["nora@ejemplo.mx"])
    for message in told.values():
        assert f"/cuenta/relevos/{made.pk}/" in text_of(message) and world.party.nombre not in text_of(message)


def test_whoever_receives_a_delegation_is_told_and_of_a_refused_one_nobody(world: World, office: Office) -> None:
    nora = create_usuario("nora", "nora", "", password_hash="!", rfc=new_rfc())
    appoint(nora, Rol.CONSULTA, world.party)
    mine, today = world.clerk.nombramientos.get(), clock.today()
    new = NewLoan(nora, today, today + timedelta(days=5), "CEN/1", "oficio.pdf", PDF)
    with pytest.raises(Refused):
        lend(mine, NewLoan(nora, today, today, "CEN/1", "oficio.pdf", PDF), world.clerk)
    assert not Mensaje.objects.filter(clase="funcion").exists()
    keep_address(nora, "nora@ejemplo.mx", "es-mx")
    send_due()
    office.taken.clear()
    made = lend(mine, new, world.clerk)
    assert send_due() == {"enviado": 1}
    ((_to, message),) = office.taken
    assert f"/cuenta/nombramientos/{made.pk}/" in text_of(message) and "19/04/2024" in text_of(message)

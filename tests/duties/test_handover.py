"""A Responsable is replaced from a day by one act that says what was pending, and what was signed stays."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from acts import committed, open_points
from rfcs import new_rfc
from sif.books.models import Archivo
from sif.books.services import post_poliza, save_borrador
from sif.duties.handover import NewHandover, hand_over, pending_of
from sif.mail.recipients import Recipient
from sif.registry import clock, invitations
from sif.registry.appointments import appoint, end_nombramiento
from sif.registry.invited import InvitationRefused, Invited
from sif.registry.models import (
    DocumentoNombramiento,
    FinNombramiento,
    Nombramiento,
    RelevoResponsable,
    Suceso,
    SujetoObligado,
    Usuario,
)
from sif.registry.papers import Paper
from sif.registry.relieving import NewRelief, Relieved, relieve
from sif.registry.scope import acting, registering, scope_of, set_scope
from sif.registry.selectors import appointments_kept, may, responsable_of, scope_of_user
from sif.registry.services import create_usuario
from sif.values import Refused
from small_world import MOMENT, World, make_world

Rol = Nombramiento.Rol
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n"
TODAY = MOMENT.date()


def person(name: str, rol: str = "", sujeto: SujetoObligado | None = None) -> Usuario:
    user = create_usuario(name, name, "", password_hash="!", rfc=new_rfc())
    if rol:
        appoint(user, rol, sujeto)
    return user


def asked(sujeto: SujetoObligado, rfc: str, desde: date = TODAY, **changes: Any) -> NewHandover:
    who = Invited(Rol.RESPONSABLE, "Nora Paz", "nora.paz", rfc, sujeto)
    return replace(NewHandover(who, desde, "CEN/SF/120/2024", "oficio.pdf", PDF), **changes)


def done(new: NewHandover, by: Usuario) -> Relieved:
    return hand_over(new, Recipient("", ""), lambda token: f"/{token}/", by)


def relief(sujeto: SujetoObligado, rfc: str) -> NewRelief:
    """One whose file is kept already."""
    who = Invited(Rol.RESPONSABLE, "Nora Paz", "nora.paz", rfc, sujeto)
    return NewRelief(who, TODAY, Paper("CEN/1", "oficio.pdf", "0" * 64, 1), pending_of)


def test_one_ends_and_the_other_begins_at_the_hour_of_the_act(world: World) -> None:
    hugo, nora, olga = person("hugo", Rol.ADMINISTRADOR), person("nora"), world.clerk
    save_borrador(world.books, {"concepto": "Por terminar"}, olga)
    poliza = post_poliza(world.expense(), olga)
    with appointments_kept():  # one request, as a live session asks
        assert may(olga, "capturar", contabilidad=world.books)
        made = done(asked(world.party, nora.rfc), hugo)
        assert not may(olga, "consultar", contabilidad=world.books) and scope_of_user(olga) == ""
        assert may(nora, "presentar", sujeto=world.party) and responsable_of(world.party) == nora
    act = made.relevo
    assert made.enlace == "" and (act.sale.termina_el, act.entra.desde) == (clock.now(), TODAY)
    assert act.sale.motivo == "Relevo: CEN/SF/120/2024" and act.sale.hecho_por == act.hecho_por == hugo
    assert act.entrega["borradores"] == 1 and act.entrega["sin_leer"] == 0
    assert [each["tipo"] for each in act.entrega["ventanas"]] == ["normal"]
    assert all(each["cuantas"] for each in act.entrega["obligaciones"])
    poliza.refresh_from_db()
    assert poliza.registrada_por == olga, "what was signed stays of who signed it"
    assert DocumentoNombramiento.objects.get().nombramiento == act.entra
    assert Suceso.objects.filter(verbo="relevar_responsable", persona=hugo, objeto=act.pk).count() == 1


def test_from_a_day_to_come_each_has_access_until_and_since_its_midnight(world: World) -> None:
    hugo, nora = person("hugo", Rol.ADMINISTRADOR), person("nora")
    starts = clock.midnight(TODAY + timedelta(days=3))
    done(asked(world.party, nora.rfc, TODAY + timedelta(days=3)), hugo)
    with clock.at(starts - timedelta(microseconds=1)):
        assert responsable_of(world.party) == world.clerk and not may(nora, "consultar", sujeto=world.party)
    with clock.at(starts):
        assert responsable_of(world.party) == nora and not may(world.clerk, "consultar", sujeto=world.party)
    with pytest.raises(Refused, match="entra el 18/04/2024"):
        done(asked(world.party, new_rfc()), hugo)


def test_who_has_no_account_is_given_one_that_its_link_opens(world: World) -> None:
    hugo, rfc = person("hugo", Rol.ADMINISTRADOR), new_rfc()
    made = done(asked(world.party, rfc), hugo)
    nora = Usuario.objects.get(username="nora.paz")
    assert (nora.rfc, nora.has_usable_password(), responsable_of(world.party)) == (rfc, False, nora)
    assert invitations.accept(made.enlace, "gis-trueno-maceta-olmo") == nora
    assert Usuario.objects.get(pk=nora.pk).check_password("gis-trueno-maceta-olmo")
    with pytest.raises(InvitationRefused, match="ya se usó"):
        invitations.accept(made.enlace, "otra-cosa-larga-aqui")


def test_a_second_press_or_the_same_person_replaces_nobody(world: World) -> None:
    hugo, nora = person("hugo", Rol.ADMINISTRADOR), person("nora")
    done(asked(world.party, nora.rfc), hugo)
    with pytest.raises(Refused, match="ya es su Responsable") as twice:
        done(asked(world.party, nora.rfc), hugo)
    assert twice.value.problems[0].donde == "rfc"
    assert RelevoResponsable.objects.count() == FinNombramiento.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "place", "said"),
    [
        ({"desde": TODAY - timedelta(days=1)}, "desde", "ya pasó"),
        ({"desde": date(2026, 1, 1)}, "desde", "El año 2026"),
        ({"referencia": " "}, "referencia", "Falta cómo se cita"),
        ({"referencia": "x" * 121}, "referencia", "120 letras"),
        ({"archivo": b"MZ programa"}, "archivo", "no es un PDF"),
        ({"archivo": b""}, "archivo", "no es un PDF"),
        ({"archivo": b"%PDF-" + b"0" * (20 * 2**20)}, "archivo", "el máximo es"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_done(
    world: World, changes: dict[str, Any], place: str, said: str
) -> None:
    hugo, nora = person("hugo", Rol.ADMINISTRADOR), person("nora")
    with pytest.raises(Refused, match=said) as refused:
        done(asked(world.party, nora.rfc, **changes), hugo)
    assert refused.value.problems[0].donde == place
    assert responsable_of(world.party) == world.clerk and not FinNombramiento.objects.exists()


@pytest.mark.parametrize(
    ("rfc", "username", "place"), [("", "nora", "rfc"), ("ABC", "nora", "rfc"), (None, "n", "username")]
)
def test_who_enters_is_said_whole(world: World, rfc: str | None, username: str, place: str) -> None:
    hugo = person("hugo", Rol.ADMINISTRADOR)
    who = Invited(Rol.RESPONSABLE, "Nora", username, new_rfc() if rfc is None else rfc, world.party)
    with pytest.raises(Refused) as refused:
        done(asked(world.party, "", entra=who), hugo)
    assert refused.value.problems[0].donde == place and not Usuario.objects.filter(nombre="Nora").exists()


def test_the_file_of_a_refused_relief_is_not_kept(world: World) -> None:
    hugo, nora = person("hugo", Rol.ADMINISTRADOR), person("nora")
    other = PDF + b"% another\n"
    with pytest.raises(Refused):
        done(asked(world.party, nora.rfc, TODAY - timedelta(days=400), archivo=other), hugo)
    kept = Archivo.objects.filter(sha256=sha256(other).hexdigest())
    assert not kept.exists()
    done(asked(world.party, nora.rfc, archivo=other), hugo)
    assert kept.exists()


def test_who_is_of_the_authority_does_not_enter(world: World) -> None:
    hugo = person("hugo", Rol.ADMINISTRADOR)
    with pytest.raises(Refused, match="actúa ya por la otra parte"):
        done(asked(world.party, world.auditor.rfc), hugo)
    with pytest.raises(PermissionError, match="su propia cuenta"):
        done(asked(world.party, hugo.rfc), hugo)


def test_without_a_responsable_or_with_one_who_ends_there_is_nobody_to_replace(world: World) -> None:
    hugo, nora = person("hugo", Rol.ADMINISTRADOR), person("nora")
    held = Nombramiento.objects.get(usuario=world.clerk)
    end_nombramiento(held, "Renunció", hugo, termina_el=clock.now() + timedelta(hours=1))
    with pytest.raises(Refused, match="ya termina el 15/04/2024 13:00"):
        done(asked(world.party, nora.rfc), hugo)
    with clock.at(clock.now() + timedelta(hours=1)), pytest.raises(Refused, match="no tiene Responsable"):
        done(asked(world.party, nora.rfc), hugo)


def test_only_who_administers_replaces_anybody(world: World) -> None:
    nora = person("nora")
    for by in (world.clerk, world.stranger, world.auditor, nora, person("bruno", Rol.CAPTURISTA, world.party)):
        with pytest.raises(PermissionError, match="lo registra quien administra"):
            done(asked(world.party, nora.rfc), by)


def test_each_reads_the_relief_of_their_own_subject(world: World) -> None:
    hugo, nora, olga = person("hugo", Rol.ADMINISTRADOR), person("nora"), world.clerk
    act = done(asked(world.party, nora.rfc), hugo).relevo
    subject = scope_of((), [world.party.pk])
    rival = scope_of((), [world.rival.pk])
    for scope, who, seen in (
        (subject, nora, (1, 1)),
        ("", olga, (1, 0)),
        (rival, world.stranger, (0, 0)),
        ("", nora, (0, 1)),
        (scope_of([world.books.pk], ()), person("luis"), (0, 0)),
    ):
        with _pass(scope, who.pk):
            counts = (RelevoResponsable.objects.count(), DocumentoNombramiento.objects.count())
        assert counts == seen, (scope, who.username)
    assert act.pk


def _pass(scope: str, who: int) -> Any:
    from contextlib import contextmanager

    from sif.registry.scope import EVERYTHING

    @contextmanager
    def opened() -> Iterator[None]:
        set_scope(scope, who)
        try:
            yield
        finally:
            set_scope(EVERYTHING)

    return opened()


def test_the_database_takes_no_forged_relief_nor_document(world: World) -> None:
    hugo, nora = person("hugo", Rol.ADMINISTRADOR), person("nora")
    act = done(asked(world.party, nora.rfc), hugo).relevo
    other = person("otra")
    again = {"sujeto": world.party, "desde": TODAY, "entrega": {}, "hecho_el": clock.now()}
    with acting(), registering(hugo.pk):
        fresh = appoint(other, Rol.CAPTURISTA, world.party, by=hugo)
        with pytest.raises(IntegrityError), transaction.atomic():
            RelevoResponsable.objects.create(
                sale=act.sale, entra=fresh, documento=act.documento, hecho_por=hugo, **again
            )
    paper = {"referencia": "A", "nombre": "a.pdf", "sha256": "0" * 64, "bytes": 1, "guardado_el": clock.now()}
    for by, whose in ((world.stranger, fresh), (nora, act.entra)):
        with acting(), registering(by.pk), pytest.raises(IntegrityError), transaction.atomic():
            DocumentoNombramiento.objects.create(nombramiento=whose, guardado_por=by, **paper)
    with acting(), pytest.raises(ProgrammingError), transaction.atomic():
        DocumentoNombramiento.objects.create(nombramiento=fresh, guardado_por=hugo, **paper)


def test_what_is_pending_is_of_one_subject(world: World) -> None:
    save_borrador(world.books, {"concepto": "Uno"}, world.clerk)
    save_borrador(world.foreign, {"concepto": "De otros"}, world.stranger)
    assert (pending_of(world.party)["borradores"], pending_of(world.rival)["borradores"]) == (1, 1)


class Seat:
    """A party whose Responsable two administrators replace at once."""

    def __init__(self) -> None:
        with clock.at(MOMENT):
            world = make_world()
            hugo, irma = person("hugo2", Rol.ADMINISTRADOR), person("irene2", Rol.ADMINISTRADOR)
            nora, luis = person("nora2"), person("luis2")
            held = Nombramiento.objects.get(usuario=world.clerk)
        self.acts: dict[str, Callable[[], Any]] = {
            "nora": lambda: relieve(relief(world.party, nora.rfc), hugo),
            "luis": lambda: relieve(relief(world.party, luis.rfc), irma),
            "end": lambda: end_nombramiento(held, "Renunció", irma),
        }


@pytest.fixture(scope="module")
def seat(django_db_setup: None, django_db_blocker: Any) -> Iterator[Seat]:
    with committed(django_db_blocker, Seat) as made:
        yield made


@pytest.mark.parametrize("rival", ["luis", "end"])
def test_two_people_never_replace_at_once(seat: Seat, rival: str) -> None:
    with clock.at(MOMENT):
        assert open_points(seat.acts["nora"], seat.acts[rival], "registry_finnombramiento") == []

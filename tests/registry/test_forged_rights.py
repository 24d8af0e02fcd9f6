"""Forged SQL of the ordinary role gives nobody a right: what anybody reads, only the service that judged it writes."""

from collections.abc import Sequence
from contextlib import nullcontext
from time import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate
from django.db import DatabaseError, connection, transaction

from rfcs import new_rfc
from sif.batch.claves import create_key, revoke_key
from sif.books.models import Comprobante, HojaIne
from sif.books.services import load_catalogs
from sif.registry import clock
from sif.registry.appointments import appoint
from sif.registry.models import Nombramiento, Usuario
from sif.registry.scope import OPERATOR, WHOEVER_SIGNS, acting, registering, set_scope
from sif.registry.services import create_usuario
from small_world import World

REFUSED = "row-level security"


def run(sql: str, params: Sequence[object] = ()) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


RIGHTS = {
    "an appointment": "INSERT INTO registry_nombramiento (usuario_id, rol, sujeto_id, desde, hasta, nombrado_por_id)"
    " VALUES ({auditor}, 'consulta', {party}, '2024-01-01', '9999-12-31', {clerk})",
    "books of an appointment": "INSERT INTO registry_nombramiento_contabilidades (nombramiento_id, contabilidad_id)"
    " VALUES ({appointment}, {books})",
    "the end of an appointment": "INSERT INTO registry_finnombramiento"
    " (nombramiento_id, termina_el, motivo, hecho_el, hecho_por_id)"
    " VALUES ({appointment}, now(), 'x', now(), {auditor})",
    "a cap": "INSERT INTO registry_topecontabilidad (contabilidad_id, tope, acuerdo, fijado_el, fijado_por_id)"
    " VALUES ({books}, 999999999, 'x', now(), {auditor})",
    "a cancellation": "INSERT INTO registry_cancelacioncontabilidad (contabilidad_id, motivo, hecho_el, hecho_por_id)"
    " VALUES ({foreign}, 'x', now(), {auditor})",
    "a window": "INSERT INTO registry_ventana (periodo_id, tipo, sujeto_id, abre_el, cierra_el, base)"
    " VALUES ({period}, 'correccion', {party}, now(), now() + interval '9 years', 'x')",
    "an invitation": "INSERT INTO registry_invitacion (huella, usuario_id, rol, contabilidades, nombre, username, rfc,"
    " invitada_por_id, hecha_el, vence_el) VALUES ('x', {auditor}, '', '{{}}', '', '', '', NULL, now(), now())",
    "the end of an invitation": "INSERT INTO registry_cierreinvitacion (invitacion_id, cerrada_el) VALUES (1, now())",
    "a key": "INSERT INTO batch_claveapi (usuario_id, nombre, comienza, huella, creada_el, vence_el)"
    " VALUES ({auditor}, 'x', 'sif_', 'x', now(), now() + interval '1 year')",
    "a revocation": "INSERT INTO batch_revocacionclave (clave_id, motivo, revocada_el) VALUES (1, 'persona', now())",
    "an account": "INSERT INTO registry_usuario (password, is_superuser, username, first_name, last_name, email,"
    " is_staff, is_active, date_joined, nombre, rfc, tema, teclas)"
    " VALUES ('', true, 'x', '', '', '', true, true, now(), '', '', '', true)",
    "a password": "UPDATE registry_usuario SET password = 'x' WHERE id = {auditor}",
    "the RFC of who signs": "UPDATE registry_usuario SET rfc = 'XAXX010101000' WHERE id = {clerk}",
    "a group": "INSERT INTO auth_group (name) VALUES ('x')",
    "a linked identity": "INSERT INTO socialaccount_socialaccount"
    " (provider, uid, last_login, date_joined, extra_data, user_id)"
    " VALUES ('institucion', 'x', now(), now(), '{{}}', {auditor})",
    "a factor": "INSERT INTO mfa_authenticator (type, data, created_at, user_id)"
    " VALUES ('totp', '{{}}', now(), {auditor})",
    "a subject": "INSERT INTO registry_sujetoobligado (tipo, numero, siglas, nombre, rfc)"
    " VALUES ('partido', 'x', 'x', 'x', '')",
}


def filled(sql: str, world: World) -> str:
    appointment = Nombramiento.objects.get(usuario=world.clerk).pk
    return sql.format(
        clerk=world.clerk.pk,
        auditor=world.auditor.pk,
        books=world.books.pk,
        foreign=world.foreign.pk,
        party=world.party.pk,
        rival=world.rival.pk,
        stranger=world.stranger.pk,
        keeper=Usuario.objects.filter(username="guarda").values_list("pk", flat=True).first(),
        period=world.periods[0].pk,
        appointment=appointment,
    )


@pytest.mark.parametrize("who", ["nobody", "clerk", "authority"])
@pytest.mark.parametrize("name", RIGHTS)
def test_no_request_writes_a_right_by_itself(world: World, name: str, who: str) -> None:
    set_scope(
        *{
            "nobody": ("", 0),
            "clerk": (f"s{world.party.pk}", world.clerk.pk),
            "authority": ("todo", world.stranger.pk),
        }[who]
    )
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        run(filled(RIGHTS[name], world))


def test_the_statement_is_refused_for_its_scope_and_for_nothing_else(world: World) -> None:
    refused = []
    for name, sql in RIGHTS.items():
        with registering():
            try:
                with transaction.atomic():
                    run(filled(sql, world))
                    transaction.set_rollback(True)
            except DatabaseError as error:
                refused += [name] if REFUSED in str(error) else []
    assert not refused


APPOINTS = (
    "INSERT INTO registry_nombramiento (usuario_id, rol, sujeto_id, desde, hasta, nombrado_por_id)"
    " VALUES ({{clerk}}, '{rol}', {sujeto}, '2024-01-01', '9999-12-31', {by}) RETURNING id"
)
INVITES = (
    "INSERT INTO registry_invitacion (huella, usuario_id, rol, sujeto_id, contabilidades, nombre, username, rfc,"
    " invitada_por_id, hecha_el, vence_el) VALUES ('x', {who}, '{rol}', {sujeto}, '{{{{{books}}}}}', '', 'x', '', {by},"
    " now(), now())"
)
UNJUDGED = {
    "an appointment of nobody": ("", APPOINTS.format(rol="consulta", sujeto="{party}", by="NULL"), "no da la función"),
    "an administrator by nobody": ("", APPOINTS.format(rol="administrador", sujeto="NULL", by="NULL"), "no da la"),
    "an administrator by a Responsable": (
        "clerk", APPOINTS.format(rol="administrador", sujeto="NULL", by="{clerk}"), "no da la función",
    ),
    "a Responsable by a Responsable": (
        "clerk", APPOINTS.format(rol="responsable_finanzas", sujeto="{party}", by="{clerk}"), "no da la función",
    ),
    "somebody of another subject": (
        "clerk", APPOINTS.format(rol="capturista", sujeto="{rival}", by="{clerk}"), "no da la función",
    ),
    "an auditor by one administrator": (
        "keeper", APPOINTS.format(rol="auditor", sujeto="NULL", by="{keeper}"), "no da la función",
    ),
    "a link of nobody": (
        "", INVITES.format(who="NULL", rol="administrador", sujeto="NULL", books="", by="NULL"), REFUSED,
    ),
    "a link of nobody under the pass of somebody": (
        "clerk", INVITES.format(who="{auditor}", rol="", sujeto="NULL", books="", by="NULL"), REFUSED,
    ),
    "a link to another subject": (
        "clerk", INVITES.format(who="NULL", rol="capturista", sujeto="{rival}", books="", by="{clerk}"), "no hace ese",
    ),
    "a link with books of another subject": (
        "clerk", INVITES.format(who="NULL", rol="capturista", sujeto="{party}", books="{foreign}", by="{clerk}"),
        "no hace ese enlace",
    ),
    "a link for an account of another": (
        "clerk", INVITES.format(who="{stranger}", rol="", sujeto="NULL", books="", by="{clerk}"), "no hace ese enlace",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNJUDGED)
def test_in_the_scope_of_the_registry_a_right_is_given_by_who_may(world: World, name: str) -> None:
    keeper = create_usuario("guarda", "Guarda", "", password_hash="!", rfc=new_rfc())
    appoint(keeper, "administrador")
    who, sql, says = UNJUDGED[name]
    set_scope("registro", {"": 0, "clerk": world.clerk.pk, "keeper": keeper.pk}[who])
    with pytest.raises(DatabaseError, match=says), transaction.atomic():
        run(filled(sql, world))


def test_in_the_scope_of_the_registry_who_may_gives_a_right_by_the_same_statements(world: World) -> None:
    appointed = APPOINTS.format(rol="capturista", sujeto="{party}", by="{clerk}")
    invited = INVITES.format(who="NULL", rol="capturista", sujeto="{party}", books="{books}", by="{clerk}")
    orders = [filled(each, world) for each in (appointed, invited)]
    set_scope("registro", world.clerk.pk)
    assert [run(each) for each in orders] == [1, 1]


def test_the_books_of_an_appointment_are_of_its_subject(world: World) -> None:
    appointed = filled(APPOINTS.format(rol="capturista", sujeto="{party}", by="{clerk}"), world)
    given = (
        "INSERT INTO registry_nombramiento_contabilidades (nombramiento_id, contabilidad_id)"
        " SELECT max(id), {} FROM registry_nombramiento"
    )
    set_scope("registro", world.clerk.pk)
    run(appointed)
    with pytest.raises(DatabaseError, match="no es del sujeto"), transaction.atomic():
        run(given.format(world.foreign.pk))
    assert run(given.format(world.books.pk)) == 1


@pytest.mark.parametrize("person", [0, WHOEVER_SIGNS])
def test_a_link_does_not_end_by_nobody(world: World, person: int) -> None:
    set_scope("registro", WHOEVER_SIGNS)
    run(filled(INVITES.format(who="NULL", rol="administrador", sujeto="NULL", books="", by="NULL"), world))
    set_scope("registro", person)
    with pytest.raises(DatabaseError, match="cierre_de_alguien"), transaction.atomic():
        run(
            "INSERT INTO registry_cierreinvitacion (invitacion_id, cerrada_el)"
            " SELECT max(id), now() FROM registry_invitacion"
        )


CHART = {
    "an account of the chart": "UPDATE books_cuenta SET es_gasto = false",
    "a class of evidence": "UPDATE books_claseevidencia SET nombre = 'x'",
    "the evidence of an account": "UPDATE books_cuentaevidencia SET obligatoria = false",
}
SUPPLIER = "INSERT INTO registry_proveedor (rfc, nombre) VALUES ('XAXX010101000', 'x')"
OF_THE_REGISTRY = {
    "a person": "INSERT INTO registry_persona (nombre, rfc, sexo, registrada_por_id) VALUES ('x', '', '', {clerk})",
    "a file": "INSERT INTO books_archivo (sha256, bytes, tipo, guardado_el) VALUES (repeat('0', 64), 1, 'x', now())",
}


def test_a_supplier_nobody_writes_without_a_pass_and_a_known_person_does_in_an_act(world: World) -> None:
    for scope, person in (("", 0), (f"s{world.party.pk}", world.clerk.pk)):
        set_scope(scope, person)
        with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
            run(SUPPLIER)
    with acting():
        assert run(SUPPLIER) == 1


@pytest.mark.parametrize("name", OF_THE_REGISTRY)
def test_people_and_files_enter_in_the_scope_of_the_registry_alone(world: World, name: str) -> None:
    sql = OF_THE_REGISTRY[name].format(clerk=world.clerk.pk)
    for scope, person in (("", 0), (f"s{world.party.pk}", world.clerk.pk), (str(world.books.pk), world.clerk.pk)):
        set_scope(scope, person)
        with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
            run(sql)
        with pytest.raises(DatabaseError, match=REFUSED), acting():  # even in an act: what it reads is not its own
            run(sql)
    with registering(world.clerk.pk):
        assert run(sql) == 1


@pytest.mark.parametrize("name", CHART)
def test_the_chart_changes_under_the_pass_of_who_holds_the_machine_alone(world: World, name: str) -> None:
    for scope, person in (
        ("", 0),
        (f"s{world.party.pk}", world.clerk.pk),
        ("registro", world.clerk.pk),
        ("todo", world.auditor.pk),
        ("todo", 0),
        ("todo", WHOEVER_SIGNS),
    ):
        set_scope(scope, person)
        assert run(CHART[name]) == 0
    set_scope("todo", OPERATOR)
    assert run(CHART[name]) > 0


@pytest.mark.parametrize("table", ["books_cuenta", "books_claseevidencia", "books_cuentaevidencia"])
@pytest.mark.parametrize("person", [None, OPERATOR])
def test_nobody_erases_of_the_chart(world: World, table: str, person: int | None) -> None:
    set_scope("todo", person or world.auditor.pk)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        run(f"DELETE FROM {table}")


def test_the_chart_of_the_law_is_not_overwritten_by_loading_it_under_the_pass_of_a_person(world: World) -> None:
    forged = (
        "INSERT INTO books_claseevidencia (clave, nombre) SELECT clave, 'x' FROM books_claseevidencia"
        " ON CONFLICT (clave) DO UPDATE SET nombre = excluded.nombre"
    )
    set_scope("todo", world.auditor.pk)
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        run(forged)
    load_catalogs("mx")


def test_the_derived_rows_of_an_invoice_are_erased_by_nobody(world: World) -> None:
    set_scope(f"s{world.party.pk}", world.clerk.pk)
    with acting():
        invoice = Comprobante.objects.create(
            uuid="x", fecha=clock.now(), subtotal=1, total=1, moneda="MXN", sello="x", xml_sha256="x"
        )
        HojaIne.objects.create(comprobante=invoice, linea=1, tipo_proceso="Campaña")
    for scope in (f"s{world.party.pk}", "todo"):
        set_scope(scope, world.clerk.pk)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            run("DELETE FROM books_hojaine")


def test_services_write_rights_in_any_scope_and_leave_it_as_it_was(world: World) -> None:
    for scope, person in (("", 0), (f"s{world.party.pk}", world.clerk.pk), ("todo", world.auditor.pk)):
        set_scope(scope, person)
        someone = create_usuario(f"nueva{person}", "Nueva", "", password_hash="!")
        appoint(someone, "consulta", world.party, by=world.clerk)
        key = create_key(someone, "Programa").clave
        revoke_key(key, someone)
        with connection.cursor() as cursor:
            cursor.execute("SELECT sif_registro(), sif_todo(), sif_persona()")
            assert cursor.fetchone() == (False, scope == "todo", person)


def test_entering_upgrades_the_hash_of_a_password_before_anybody_is_known(world: World, settings: object) -> None:
    from django.contrib.auth.hashers import make_password

    person = create_usuario("rita", "Rita", "", password_hash=make_password("gis-trueno-maceta", hasher="argon2"))
    set_scope("")
    assert authenticate(username="rita", password="gis-trueno-maceta") == person
    person.refresh_from_db()
    assert person.password.startswith("md5$")


def factor(world: World, kind: str = "totp", **data: object) -> Authenticator:
    set_scope("todo", world.auditor.pk)
    with acting():
        return Authenticator.objects.create(user=world.auditor, type=kind, data=data or {"secret": "x"})


def test_a_factor_is_marked_as_used_before_its_person_is_known_and_nothing_more(world: World) -> None:
    codes, totp = factor(world, "recovery_codes", seed="x", used_mask=1), factor(world)
    set_scope("", 0)
    step = int(time()) // 30
    with acting():
        totp.record_usage()
        codes.data["used_mask"] = 3
        codes.save()
        totp.data["paso"] = step
        totp.save()
    marks = (
        f"UPDATE mfa_authenticator SET last_used_at = clock_timestamp() WHERE id = {totp.pk}",
        f'UPDATE mfa_authenticator SET data = \'{{"secret": "x", "paso": {step + 1}}}\' WHERE id = {totp.pk}',
        f'UPDATE mfa_authenticator SET data = \'{{"seed": "x", "used_mask": 1023}}\' WHERE id = {codes.pk}',
    )
    for scope, person in (("", 0), ("todo", world.clerk.pk), ("todo", world.auditor.pk)):
        set_scope(scope, person)
        for mark in marks:  # a page marks nobody's, nor its own
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                run(mark)
            with acting():
                if person == world.clerk.pk:  # nor does an act of another person
                    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                        run(mark)
    set_scope("", 0)
    for forged in (
        f"UPDATE mfa_authenticator SET created_at = '2020-01-01' WHERE id = {totp.pk}",
        f"UPDATE mfa_authenticator SET last_used_at = '2020-01-01' WHERE id = {totp.pk}",
        f"UPDATE mfa_authenticator SET last_used_at = NULL WHERE id = {totp.pk}",
        f'UPDATE mfa_authenticator SET data = \'{{"secret": "x"}}\' WHERE id = {totp.pk}',
        f'UPDATE mfa_authenticator SET data = \'{{"secret": "x", "paso": {step - 1}}}\' WHERE id = {totp.pk}',
        f'UPDATE mfa_authenticator SET data = \'{{"secret": "x", "paso": {step + 99}}}\' WHERE id = {totp.pk}',
        f"UPDATE mfa_authenticator SET user_id = {world.clerk.pk} WHERE id = {totp.pk}",
        f"UPDATE mfa_authenticator SET type = 'webauthn' WHERE id = {totp.pk}",
        f'UPDATE mfa_authenticator SET data = \'{{"secret": "y"}}\' WHERE id = {totp.pk}',
        f'UPDATE mfa_authenticator SET data = \'{{"seed": "y", "used_mask": 3}}\' WHERE id = {codes.pk}',
        f'UPDATE mfa_authenticator SET data = \'{{"seed": "x", "used_mask": 2}}\' WHERE id = {codes.pk}',
        f'UPDATE mfa_authenticator SET data = \'{{"seed": "x"}}\' WHERE id = {codes.pk}',
    ):
        with acting(), pytest.raises(DatabaseError, match=r"no cambia en|es de otra persona"), transaction.atomic():
            run(forged)
    assert run("DELETE FROM mfa_authenticator") == 0
    set_scope("todo", world.clerk.pk)  # of another person, not even with the pass of the authority
    with pytest.raises(DatabaseError, match="es de otra persona"), transaction.atomic():
        run(f"UPDATE mfa_authenticator SET data = '{{}}' WHERE id = {totp.pk}")
    assert run("DELETE FROM mfa_authenticator") == 0


def test_a_person_changes_and_erases_their_own_factors(world: World) -> None:
    made = factor(world)
    set_scope(f"s{world.party.pk}", world.auditor.pk)
    with acting():
        made.data = {"secret": "z"}
        made.save()
        assert run("DELETE FROM mfa_authenticator") == 1


def test_a_page_that_only_reads_adds_changes_nor_erases_a_factor_of_who_looks(world: World) -> None:
    made = factor(world)
    set_scope("todo", world.auditor.pk)
    added = "INSERT INTO mfa_authenticator (type, data, created_at, user_id) VALUES ('webauthn', '{}', now(), {who})"
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        run(added.replace("{who}", str(world.auditor.pk)))
    with pytest.raises(DatabaseError, match="es de otra persona"), transaction.atomic():
        run(f'UPDATE mfa_authenticator SET data = \'{{"secret": "y"}}\' WHERE id = {made.pk}')
    assert run("DELETE FROM mfa_authenticator") == 0
    linked = "INSERT INTO socialaccount_socialaccount (provider, uid, last_login, date_joined, extra_data, user_id)"
    for opened in (nullcontext(), acting()):
        with pytest.raises(DatabaseError, match="row-level security"), opened, transaction.atomic():
            run(f"{linked} VALUES ('x', 'y', now(), now(), '{{}}', {world.auditor.pk})")

"""What a póliza may name: the things of its own books. Those of a rival are refused as if they were not there."""

from dataclasses import replace
from datetime import date

import pytest

from sif.books.models import Poliza
from sif.books.references import may_name, own_files
from sif.books.services import PolizaRefused, attach_evidencia, begin_upload, post_poliza, store_file
from sif.books.services.registros import NewContrato, sign_contrato
from sif.catalogs.models import PersonaSujeto
from sif.registry import clock
from sif.registry.models import Persona
from sif.registry.selectors import reach_of
from sif.registry.services import register_aportante, register_cuenta_bancaria
from sif.values import Money
from sif.web.party.auxiliaries import match
from small_world import World

KINDS = ("persona", "aportante", "cuenta_bancaria", "contabilidad", "contrato")


def _of_the_rival(world: World, kind: str) -> int:
    if kind == "persona":
        found = Persona.objects.create(nombre="Rita Rival")
        PersonaSujeto.objects.create(
            sujeto=world.rival,
            persona=found,
            relacion="repap",
            desde=date(2024, 1, 1),
            hasta=date(2024, 12, 31),
            registrada_el=clock.now(),
            registrada_por=world.stranger,
        )
        return found.pk
    if kind == "aportante":
        return register_aportante(world.rival, "Rita Rival").pk
    if kind == "cuenta_bancaria":
        return register_cuenta_bancaria(world.foreign, "002180000000000009", "Banco", date(2024, 3, 1)).pk
    if kind == "contrato":
        new = NewContrato(world.supplier.pk, "Rita Rival", date(2024, 4, 1), Money(100))
        return sign_contrato(world.foreign, new, world.stranger).pk
    return world.foreign.pk


def _told(world: World, kind: str, number: int) -> list[tuple[str, str]]:
    expense, debt = world.lines(Money(100))
    line = replace(debt, auxiliar_tipo=kind, auxiliar_id=number)
    with pytest.raises(PolizaRefused) as refused:
        post_poliza(world.expense("1.00", lineas=(expense, line)), world.clerk)
    return [(p.codigo, p.mensaje.replace(str(number), "N")) for p in refused.value.problems if "hay" in p.mensaje]


@pytest.mark.parametrize("kind", KINDS)
def test_the_auxiliary_of_a_rival_is_refused_as_one_that_is_not_there(world: World, kind: str) -> None:
    number = _of_the_rival(world, kind)
    assert _told(world, kind, number) == _told(world, kind, 10**8) != []
    assert not may_name([world.books], kind, number) and may_name([world.foreign], kind, number)
    assert not Poliza.objects.exists()


@pytest.mark.parametrize("kind", ["persona", "aportante", "cuenta_bancaria", "contrato"])
def test_typing_the_number_of_a_rivals_auxiliary_shows_no_name(world: World, kind: str) -> None:
    number = _of_the_rival(world, kind)
    typed = {"persona": f"P{number}", "aportante": f"A{number}"}.get(kind, f"#{number}")
    assert match(world.books, kind, typed, reach_of(world.clerk)) == []


def test_people_of_the_subject_may_stand_in_its_books(world: World) -> None:
    number = _of_the_rival(world, "persona")
    PersonaSujeto.objects.create(
        sujeto=world.party, persona_id=number, relacion="empleo", desde=date(2024, 1, 1), registrada_por=world.clerk
    )
    assert may_name([world.books], "persona", number)
    assert [each.nombre for each in match(world.books, "persona", f"P{number}", reach_of(world.clerk))] == [
        "Rita Rival"
    ]
    assert may_name([world.books], "proveedor", world.supplier.pk)


def test_a_file_is_of_who_attached_or_uploaded_it(world: World) -> None:
    theirs, mine, sent, loose = (store_file(b"%PDF-1.7 " + name) for name in (b"a", b"b", b"c", b"d"))
    rival = world.expense("1.00", contabilidad_id=world.foreign.pk)
    attach_evidencia(post_poliza(rival, world.stranger), "pdf", "a.pdf", theirs, world.stranger)
    attach_evidencia(post_poliza(world.expense(), world.clerk), "pdf", "b.pdf", mine, world.clerk)
    carga = begin_upload(world.other_books, "c.pdf", 5, world.clerk)
    carga.archivo = sent
    carga.save()
    asked = [each.pk for each in (theirs, mine, sent, loose)]
    assert own_files(world.books, asked) == {mine.pk, sent.pk}
    assert own_files(world.foreign, asked) == {theirs.pk}

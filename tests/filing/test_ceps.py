"""A CEP is signed by the Responsable's e.firma over a cadena the server rebuilds, and every sheet is drawn."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from registry.test_corrections import GROUND, administrator
from sif.books.models import Cep
from sif.books.services.kardex import NewEntrada, NewSalida, record_entry, record_exit
from sif.books.services.registros import (
    NewAviso,
    NewCep,
    NewContrato,
    NewRepap,
    cancel_cep,
    give_notice,
    issue_cep,
    issue_repap,
    sign_contrato,
)
from sif.catalogs.models import PersonaSujeto
from sif.catalogs.services.campaign_goods import NewArticulo, register_articulo
from sif.filing.authority import Trust
from sif.filing.campaign_sheets import (
    cep_pdf,
    cep_sheet,
    note_pdf,
    note_sheet,
    notice_pdf,
    notice_sheet,
    repap_pdf,
    repap_sheet,
)
from sif.filing.ceps import amount_unsigned, cadena_of_cep, is_signature_sound, sign_cep
from sif.notices.sheet import plain_text
from sif.registry import clock
from sif.registry.corrections import approve, facts_of_subject, propose_subject
from sif.registry.models import Persona, Usuario
from sif.registry.scope import registering
from sif.signing.authorities import read_authorities
from sif.signing.efirma import open_key, sign
from sif.signing.minting import DEMO_PASSWORD, Minted, MintedAuthority, mint_authority, mint_fiel
from sif.values import Money, Refused
from small_world import World, world

__all__ = ["world"]
RFC = "ROZA800101AB5"


@pytest.fixture(scope="module")
def minted() -> tuple[MintedAuthority, Minted, Minted]:
    authority = mint_authority()
    span = (date(2020, 1, 1), date(2044, 1, 1))
    own = mint_fiel(authority, RFC, "ROZA800101MMCXXX05", "Olga Robles", *span)
    return authority, own, mint_fiel(authority, "RICA800101AB5", "RICA800101MMCXXX05", "Otra", *span)


@pytest.fixture
def trust(minted: Any, tmp_path: Any) -> Trust:
    (tmp_path / "autoridad.cer").write_bytes(minted[0].cer)
    return Trust(tuple(read_authorities(tmp_path)))


@pytest.fixture
def cep(world: World) -> Cep:
    with registering():
        Usuario.objects.filter(pk=world.clerk.pk).update(rfc=RFC)
    rep = _person(world, "representante", "Luz Peña")
    new = NewCep(rep.pk, "casilla", True, Money(50_000), "efectivo", date(2024, 4, 14), "0412")
    return issue_cep(world.books, new, world.clerk)


def _person(world: World, relacion: str, name: str) -> Persona:
    row = Persona.objects.create(nombre=name)
    PersonaSujeto.objects.create(
        sujeto=world.party,
        persona=row,
        relacion=relacion,
        desde=date(2024, 1, 1),
        registrada_el=clock.now(),
        registrada_por=world.clerk,
        clave_elector="PXLZ800101MX",
    )
    return row


def seal(cep: Cep, minted: Minted) -> str:
    return sign(cadena_of_cep(cep, minted.cer), open_key(minted.key, DEMO_PASSWORD))


def codes(refused: Any) -> list[str]:
    return [problem.codigo for problem in refused.value.problems]


def test_signed_it_is_kept_and_can_be_checked(world: World, cep: Cep, minted: Any, trust: Trust) -> None:
    assert amount_unsigned([world.books.pk]) == Money(50_000)
    assert "PROYECTO" in plain_text(cep_sheet(cep))
    signed = sign_cep(cep, minted[1].cer, seal(cep, minted[1]), world.clerk, trust=trust)
    assert signed.firmado_el == clock.now()
    assert is_signature_sound(signed)
    assert amount_unsigned([world.books.pk]) == Money(0)
    assert signed.firma.sello in plain_text(cep_sheet(signed))
    other = Cep.objects.get(pk=cep.pk)
    other.monto = 1
    assert not is_signature_sound(other)
    with pytest.raises(Refused) as refused:
        sign_cep(signed, minted[1].cer, seal(signed, minted[1]), world.clerk, trust=trust)
    assert codes(refused) == ["firmado"]


def test_its_seal_stands_after_the_subject_is_corrected(world: World, cep: Cep, minted: Any, trust: Trust) -> None:
    signed = sign_cep(cep, minted[1].cer, seal(cep, minted[1]), world.clerk, trust=trust)
    shown = plain_text(cep_sheet(signed))
    with clock.at(clock.now() + timedelta(hours=1)):
        asked = replace(facts_of_subject(world.party), siglas="NUEVAS")
        approve(propose_subject(world.party, asked, GROUND, administrator("uno")), administrator("otra"))
    again = Cep.objects.get(pk=cep.pk)
    assert again.contabilidad.sujeto.siglas == "NUEVAS"
    assert is_signature_sound(again) and plain_text(cep_sheet(again)) == shown


def test_another_persons_or_another_text_is_refused(world: World, cep: Cep, minted: Any, trust: Trust) -> None:
    with pytest.raises(Refused) as refused:
        sign_cep(cep, minted[2].cer, seal(cep, minted[2]), world.clerk, trust=trust)
    assert codes(refused) == ["rfc_ajeno"]
    with pytest.raises(Refused) as refused:
        sign_cep(
            cep, minted[1].cer, sign("otra cosa", open_key(minted[1].key, DEMO_PASSWORD)), world.clerk, trust=trust
        )
    assert codes(refused) == ["sello_invalido"]
    with pytest.raises(Refused) as refused:
        sign_cep(cep, b"no es", "x", world.clerk, trust=trust)
    assert codes(refused) == ["certificado_ilegible"]
    with pytest.raises(Refused) as refused:
        sign_cep(cep, minted[1].cer, seal(cep, minted[1]), world.stranger, trust=trust)
    assert codes(refused) == ["sin_permiso"]
    cancel_cep(cep, "No asistió", world.clerk)
    with pytest.raises(Refused) as refused:
        sign_cep(cep, minted[1].cer, seal(cep, minted[1]), world.clerk, trust=trust)
    assert codes(refused) == ["cancelado"]
    assert Cep.objects.get().firmado_el is None


def test_every_sheet_says_what_it_must(world: World, cep: Cep) -> None:
    contract = sign_contrato(
        world.books, NewContrato(world.supplier.pk, "Lonas", date(2024, 4, 11), Money(5_000_000)), world.clerk
    )
    notice = give_notice(contract, NewAviso("Pago contra entrega", Money(250)), world.clerk)
    text = plain_text(notice_sheet(notice))
    assert all(words in text for words in (notice.folio, "$50,000.00", "$2.50", "Extemporáneo", "14 de abril de 2024"))
    ana = _person(world, "repap", "Ana Ruiz")
    receipt = issue_repap(
        world.books,
        NewRepap(ana.pk, "Brigada", date(2024, 4, 1), date(2024, 4, 7), Money(150_000), "cheque", date(2024, 4, 8)),
        world.clerk,
    )
    text = plain_text(repap_sheet(receipt))
    assert all(words in text for words in ("$1,500.00", "PXLZ800101MX", "con cheque", "Recibí de conformidad"))
    shirt = register_articulo(world.books, NewArticulo("PLA-01", "Playera", "pieza", "utilitaria"), world.clerk)
    entered = record_entry(shirt, NewEntrada(date(2024, 4, 9), 3_000, Money(1_000), "aportacion"), world.clerk)
    out = record_exit(shirt, NewSalida(date(2024, 4, 9), 1_000, destino="Ocotal"), world.clerk)
    assert "Aportación" in plain_text(note_sheet([entered]))
    assert "Ocotal" in plain_text(note_sheet([out]))
    for pdf in (notice_pdf(notice), repap_pdf(receipt), cep_pdf(cep), note_pdf([out])):
        assert pdf.startswith(b"%PDF-")

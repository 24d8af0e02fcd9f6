"""An account is of the person whose e.firma signs its cadena; each refusal has its code and leaves nothing."""

from datetime import date, timedelta

import pytest

from filing.campaign import CURP, RFC, Campaign, opened
from sif.filing.proving import new_reto, proof_cadena, prove_rfc
from sif.registry import clock
from sif.registry.models import PruebaRfc, Usuario
from sif.registry.proofs import is_proven
from sif.registry.services import create_usuario
from sif.signing import minting
from sif.values import Refused

SPAN = (date(2023, 1, 1), date(2027, 1, 1))


@pytest.fixture
def nora(campaign: Campaign) -> Usuario:
    """Somebody whose account says no RFC."""
    return create_usuario("nora", "Nora", "", password_hash="!")


def codes(act: object) -> list[str]:
    assert isinstance(act, Refused)
    return [each.codigo for each in act.problems]


def test_who_signs_the_cadena_of_an_account_takes_its_rfc(campaign: Campaign, nora: Usuario) -> None:
    officer, reto = campaign.officer, new_reto()
    cadena = proof_cadena(nora, officer.cer, reto)
    assert cadena.split("|")[3:6] == ["CUENTA", f"{nora.pk} nora", RFC]
    clerk = campaign.world.clerk
    made = prove_rfc(nora, officer.cer, officer.sign(cadena), reto, trust=campaign.trust)
    clerk.refresh_from_db()
    assert (made.cadena, nora.rfc, clerk.rfc) == (cadena, RFC, "")
    assert is_proven(nora) and not is_proven(clerk)


def test_what_proves_nothing(campaign: Campaign, nora: Usuario, mint: minting.MintedAuthority) -> None:
    officer, reto = campaign.officer, new_reto()
    good = officer.sign(proof_cadena(nora, officer.cer, reto))
    clerk = campaign.world.clerk
    other = opened(minting.mint_fiel(mint, "LUGD800101AB5", CURP, "DARÍO", *SPAN))
    seal = opened(minting.mint_csd(mint, RFC, CURP, "ALICIA", *SPAN))
    stranger = opened(minting.mint_fiel(minting.mint_authority(), RFC, CURP, "ALICIA", *SPAN))
    tries = [
        (nora, officer, good, new_reto(), "sello_invalido"),
        (clerk, officer, good, reto, "sello_invalido"),
        (clerk, other, other.sign(proof_cadena(clerk, other.cer, reto)), reto, "rfc_ajeno"),
        (nora, seal, seal.sign(proof_cadena(nora, seal.cer, reto)), reto, "es_sello"),
        (nora, stranger, stranger.sign(proof_cadena(nora, stranger.cer, reto)), reto, "emisor_desconocido"),
    ]
    for user, who, sello, asked, code in tries:
        with pytest.raises(Refused) as refused:
            prove_rfc(user, who.cer, sello, asked, trust=campaign.trust)
        assert codes(refused.value) == [code]
    with clock.at(clock.now() + timedelta(minutes=31)), pytest.raises(Refused) as late:
        prove_rfc(nora, officer.cer, good, reto, trust=campaign.trust)
    assert codes(late.value) == ["cadena_caduca"]
    assert not PruebaRfc.objects.exists()


def test_who_presents_a_report_proves_the_rfc(campaign: Campaign) -> None:
    clerk = campaign.world.clerk
    assert not is_proven(clerk)
    act = campaign.present(campaign.prepare(nil=True))
    assert is_proven(clerk)
    assert PruebaRfc.objects.get().cadena == act.cadena

"""What each act is done to, committed, and what a process of its own needs to be told of it."""

from datetime import date
from typing import Any

from batch.lots import csv_of, poliza_rows
from disclosure.acts import published
from filing.campaign import make_campaign, on
from proceedings.world import (
    World,
    at,
    build_world,
    campaign_of_2024,
    closed_of_2024,
    draft_of_2024,
    judged_of_2024,
    submitted,
)
from sif.audit import services as audit
from sif.disclosure.publish import propose_publicacion, propose_withdrawal
from sif.filing import services as filing
from sif.filing.authority import certificates_folder
from sif.proceedings import resolving
from sif.proceedings.models import Resolucion
from sif.proceedings.proposing import propose_oficio
from sif.rulebook.reading import load_rules
from sif.signing import minting
from small_world import LEAFLETS, PAYABLE

NOON, NOTICE, SESSION = "2024-05-02T12:00:00-06:00", "2018-07-10T12:00:00-05:00", "2024-07-22T12:00:00-06:00"
FIGURES, JUDGED = "2018-08-06T13:00:00-05:00", "2024-07-01T12:00:00-06:00"
RULE = "CF001"


def books() -> dict[str, Any]:
    """Books with a póliza and a sealed report, and a lot of six pólizas for them."""
    with on("2024-05-02 12:00"):
        mint = minting.mint_authority()
        campaign = make_campaign(mint)
        campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
        informe = campaign.prepare()
        sello = campaign.officer.sign(filing.cadena_of(informe, campaign.officer.cer))
    (certificates_folder() / "prueba.cer").write_bytes(mint.cer)
    rows = [row for number in range(6) for row in poliza_rows(number, "10.00", LEAFLETS, PAYABLE)]
    return {
        "momento": NOON,
        "libros": campaign.ana.pk,
        "periodo": campaign.world.periods[0].pk,
        "proveedor": campaign.world.supplier.pk,
        "persona": campaign.world.clerk.pk,
        "sujeto": campaign.world.party.pk,
        "informe": informe.pk,
        "cer": campaign.officer.cer.hex(),
        "sello": sello,
        "lote": csv_of(*rows).decode(),
    }


def _observed(world: World) -> World:
    world.observacion([world.hallazgo("1000.00")])
    return world


def oficio() -> dict[str, Any]:
    """An oficio that one person proposed and another may notify."""
    with at("2018-07-05 12:00"):
        world = _observed(build_world())
    with at("2018-07-10 12:00"):
        propose_oficio(world.etapa, world.partido, world.dario)
    return {"momento": NOTICE, "etapa": world.etapa.pk, "sujeto": world.partido.pk, "persona": world.elena.pk}


def _campaign() -> World:
    """The campaign of 2024, whose criteria of sanction are known."""
    with at("2024-06-10 12:00"):
        return _observed(campaign_of_2024())


def judged_conclusions() -> dict[str, Any]:
    """A dictamen with every conclusion closed, which another person may close."""
    world = _campaign()
    judged_of_2024(world)
    return {"momento": JUDGED, "persona": world.bruno.pk}


def closed_dictamen() -> dict[str, Any]:
    """A dictamen that is closed, whose resolución may be drawn."""
    world = _campaign()
    closed_of_2024(world)
    return {"momento": JUDGED, "persona": world.gloria.pk, "sesion": "2024-07-22"}


def _session() -> World:
    """The campaign of 2024 up to the session of its council."""
    world = _campaign()
    resolucion = draft_of_2024(world)
    with at("2024-07-22 11:00"):
        submitted(resolucion, world.gloria, world.sofia)
    return world


def discussion() -> dict[str, Any]:
    """A resolución under discussion and a councillor who has not voted."""
    return {"momento": SESSION, "persona": _session().consejo[0].pk}


def ballots() -> dict[str, Any]:
    """A resolución with the votes of four of five councillors, not yet counted."""
    world = _session()
    with at("2024-07-22 11:00"):
        for person in world.consejo[1:]:
            resolving.vote(Resolucion.objects.get(), person, "a_favor")
    return {"momento": SESSION, "persona": world.sofia.pk}


def figures() -> dict[str, Any]:
    """A stage whose figures a person may propose to publish."""
    with at("2018-08-06 12:00"):
        world = _observed(build_world())
    return {"momento": FIGURES, "etapa": world.etapa.pk, "persona": world.sofia.pk}


def proposal() -> dict[str, Any]:
    """Figures that a person proposed and another may publish."""
    with at("2018-08-06 12:00"):
        world = _observed(build_world())
        propose_publicacion(world.etapa, world.elena, without_vote=True)
    return {"momento": FIGURES, "persona": world.sofia.pk}


def publication() -> dict[str, Any]:
    """Figures in sight, which a person proposed to withdraw and another may."""
    with at("2018-08-06 12:00"):
        world = _observed(build_world())
        propose_withdrawal(published(world), "Cifra equivocada.", "RF 1", world.elena)
    return {"momento": FIGURES, "persona": world.sofia.pk}


def judged() -> dict[str, Any]:
    """A snapshot of a stage of which a rule was asked, and its run not yet kept."""
    with at("2018-08-06 12:00"):
        world = build_world()
        frozen = audit.freeze(world.etapa, world.etapa.termina_el)
        audit.judge(frozen, [rule for rule in load_rules("mx") if rule.id == RULE])
    return {"momento": FIGURES, "instantanea": frozen.pk, "regla": RULE}

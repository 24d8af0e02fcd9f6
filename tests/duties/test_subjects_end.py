"""Subjects that are born late or end: a coalition formed once precampaigns ran, one whose election ended, a party that
lost its registration, a person who acted as precandidate. Cases 33, 47, 48 and 53 of the obligations of subjects."""

from collections import Counter
from datetime import date

import pytest

from duties.test_obligations import D, open_year, owed, states
from filing.campaign import CAP, Campaign, on
from sif.books.services import PolizaRefused, post_poliza
from sif.ledger import NewLine, NewPoliza
from sif.registry import clock
from sif.registry.models import Ambito, Cargo, Contabilidad, Etapa, Persona, Territorio
from sif.registry.services import (
    NewCandidatura,
    appoint,
    approve_candidatura,
    cancel_contabilidad,
    create_etapa,
    create_proceso,
    open_contabilidad,
    open_periods,
    register_sujeto,
)
from sif.values import Money
from small_world import LEAFLETS, PAYABLE

Clase = Contabilidad.Clase


def test_case_47_a_coalition_formed_late_owes_from_its_day_and_each_party_what_was_before(campaign: Campaign) -> None:
    seat = Cargo.objects.get(), Territorio.objects.get()
    with on("2027-01-02 09:00"):
        proceso = create_proceso(clave="PEL-47", nombre="Proceso local", ambito=Ambito.LOCAL, anio=2027, entidad="CHH")
        before = create_etapa(proceso, Etapa.Tipo.PRECAMPANA, D("2027-01-04"), D("2027-01-31"))
        open_periods(before)
        stage = create_etapa(proceso, Etapa.Tipo.CAMPANA, D("2027-04-19"), D("2027-06-02"))
        open_periods(stage)
        parties = (campaign.world.party, campaign.world.rival)
        own = [
            approve_candidatura(
                before, NewCandidatura(f"F-{n}", Persona.objects.create(nombre=f"P{n}"), each, *seat, CAP, "A")
            )
            for n, each in enumerate(parties)
        ]
    with on("2027-02-01 09:00"):
        union = register_sujeto("coalicion", "47", "UNIÓN", "Coalición Unión")
        opened = open_contabilidad(stage, union, Clase.CONCENTRADORA)
        books = approve_candidatura(
            stage, NewCandidatura("F-U", Persona.objects.create(nombre="U"), union, *seat, CAP, "A")
        )
    assert {clock.legal_day(each.habilitada_el) for each in (opened, books)} == {D("2027-02-01")}
    rows = owed(campaign, "2027-07-01", union)
    assert Counter(row.tipo for row in rows.values() if row.tipo.startswith("I")) == {"IC": 2}
    for party, precampaign in zip(parties, own, strict=True):
        found = owed(campaign, "2027-02-05", party)
        assert {row.contabilidad for row in found.values() if row.tipo == "IPR"} == {precampaign.pk}


def test_case_48_a_coalition_whose_election_ended_records_nothing_more_and_owes_what_it_owed(
    campaign: Campaign,
) -> None:
    with on("2024-03-20 09:00"):
        union = register_sujeto("coalicion", "48", "FIN", "Coalición que termina")
        seat = Cargo.objects.get(), Territorio.objects.get()
        person = Persona.objects.create(nombre="Ema")
        books = approve_candidatura(campaign.world.etapa, NewCandidatura("F-48", person, union, *seat, CAP, "A"))
        appoint(campaign.world.clerk, "responsable_finanzas", union)
    own = {"auxiliar_tipo": "proveedor", "auxiliar_id": campaign.world.supplier.pk}
    lines = NewLine(LEAFLETS, cargo=Money(700), **own), NewLine(PAYABLE, abono=Money(700), **own)  # type: ignore[arg-type]
    with on("2024-12-01 10:00"):
        new = NewPoliza(books.pk, campaign.world.periods[1].pk, "normal", "DR", D("2024-05-20"), "Volantes", lines)
        with pytest.raises(PolizaRefused) as refused:
            post_poliza(new, campaign.world.clerk)
        assert "ventana" in {each.codigo for each in refused.value.problems}
    last = owed(campaign, "2024-12-01", union)
    assert states(last, "IC") == {"omitida": 2}
    assert set(owed(campaign, "2026-12-01", union)) == set(last)


def test_case_33_who_acted_as_precandidate_owes_the_report_once_the_authority_opens_their_books(
    campaign: Campaign,
) -> None:
    """Until then nothing is derived: what is owed hangs on books, and the note of the duty says that it is owed."""
    party, seat = campaign.world.party, (Cargo.objects.get(), Territorio.objects.get())
    with on("2027-01-02 09:00"):
        proceso = create_proceso(clave="PEL-33", nombre="Proceso local", ambito=Ambito.LOCAL, anio=2027, entidad="CHH")
        before = create_etapa(proceso, Etapa.Tipo.PRECAMPANA, D("2027-01-04"), D("2027-01-31"))
        open_periods(before)
    assert states(owed(campaign, "2027-02-05", party), "IPR") == {}
    with on("2027-01-31 20:00"):
        who = NewCandidatura("F-33", Persona.objects.create(nombre="Sin registro"), party, *seat, CAP, "A")
        books = approve_candidatura(before, who)
    (row,) = (each for each in owed(campaign, "2027-02-01", party).values() if each.tipo == "IPR")
    assert (row.contabilidad, row.abre_el, row.estado) == (books.pk, D("2027-02-01"), "abierta")
    assert owed(campaign, "2027-06-01", party)[row.clave].estado == "omitida"


def test_case_53_a_party_that_lost_its_registration_owes_the_annual_report_of_its_year(campaign: Campaign) -> None:
    with on("2024-01-10 09:00"):
        party = register_sujeto("partido", "53", "PERDIÓ", "Partido que perdió su registro")
        books = open_contabilidad(open_year("ordinario_electoral", 2024), party, Clase.ORDINARIA)
    with on("2024-09-20 10:00"):
        cancel_contabilidad(books, "Perdió su registro (LGPP 94.1.b)", campaign.world.auditor)
    annual = owed(campaign, "2025-03-01", party)[f"IA-{books.pk}-2024-1"]
    assert (annual.estado, annual.vence_el) == ("abierta", date(2025, 4, 2))
    assert owed(campaign, "2026-01-02", party)[annual.clave].estado == "omitida"

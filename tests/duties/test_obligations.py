"""What each subject owes, each thing once, as the clock runs and people deliver."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from duties.drafted import drafted
from filing.campaign import Campaign, on
from rfcs import new_rfc
from sif.apportionment.services import inform_percentages
from sif.books.services.registros import NewAviso, NewContrato, give_notice, sign_contrato
from sif.duties import generating
from sif.duties.evidence import Reach
from sif.duties.generating import Generation, Obligacion
from sif.duties.selectors import (
    compliance,
    drafts_of_books,
    in_order,
    obligations_of,
    obligations_of_authority,
    subject_named,
    urgent,
)
from sif.law.duties import STATES
from sif.registry import clock
from sif.registry.folding import fold
from sif.registry.models import Cargo, Contabilidad, Etapa, Persona, SujetoObligado, Territorio
from sif.registry.procesos import draft, open_proceso, propose_proceso
from sif.registry.services import (
    NewCandidatura,
    appoint,
    approve_candidatura,
    cancel_contabilidad,
    create_usuario,
    open_contabilidad,
    register_cuenta_bancaria,
    register_sujeto,
)
from sif.values import Money

D = date.fromisoformat


def owed(campaign: Campaign, al: str, sujeto: SujetoObligado | None = None) -> dict[str, Obligacion]:
    rows = obligations_of([(sujeto or campaign.world.party).pk], D(al))
    assert len({row.clave for row in rows}) == len(rows)  # each once, and never twice
    assert {row.estado for row in rows} <= set(STATES)
    return {row.clave: row for row in rows}


def states(rows: dict[str, Obligacion], tipo: str) -> Counter[str]:
    return Counter(row.estado for row in rows.values() if row.tipo == tipo)


def test_each_report_of_a_campaign_is_owed_once_by_its_books(campaign: Campaign) -> None:
    rows = owed(campaign, "2024-05-02")
    reports = {clave: row for clave, row in rows.items() if row.tipo == "IC"}
    assert set(reports) == {f"IC-{books.pk}-{n}" for books in (campaign.ana, campaign.berta) for n in (1, 2)}
    first, second = reports[f"IC-{campaign.ana.pk}-1"], reports[f"IC-{campaign.ana.pk}-2"]
    assert (first.estado, first.vence_el, first.articulo) == ("abierta", D("2024-05-03"), "LGPP 79.1.b.III")
    assert (second.estado, second.vence_el, second.abre_el) == ("programada", D("2024-06-02"), D("2024-05-31"))
    assert "Ana Ñúñez" in first.que and "periodo 1" in first.que
    assert first.estatus == "confirmado"


def test_a_report_goes_from_open_to_met_late_or_omitted(campaign: Campaign) -> None:
    act = campaign.present(campaign.prepare(nil=True))
    rows = owed(campaign, "2024-05-02")
    mine, other = rows[f"IC-{campaign.ana.pk}-1"], rows[f"IC-{campaign.berta.pk}-1"]
    assert (mine.estado, mine.cumplida_el, mine.evidencia) == ("cumplida", D("2024-05-02"), act.informe.folio)
    assert other.estado == "abierta"
    assert owed(campaign, "2024-05-01")[f"IC-{campaign.ana.pk}-1"].estado == "abierta"  # it was not met yet
    # One oficio reviews both periods: it is answered by 17 June.
    assert owed(campaign, "2024-05-04")[f"IC-{campaign.berta.pk}-1"].estado == "vencida"
    assert owed(campaign, "2024-06-17")[f"IC-{campaign.berta.pk}-1"].estado == "vencida"
    assert owed(campaign, "2024-06-18")[f"IC-{campaign.berta.pk}-1"].estado == "omitida"
    with on("2024-05-10 09:00"):
        campaign.present(campaign.prepare(campaign.berta, nil=True))
    assert owed(campaign, "2024-06-18")[f"IC-{campaign.berta.pk}-1"].estado == "tarde"


def test_books_owe_the_periods_they_lived(campaign: Campaign) -> None:
    world = campaign.world
    with on("2024-04-20 10:00"):
        cancel_contabilidad(campaign.ana, "Un acuerdo", world.auditor)
    with on("2024-05-10 10:00"):
        late = approve_candidatura(
            world.etapa,
            NewCandidatura(
                "F-late",
                Persona.objects.create(nombre="Delia"),
                world.party,
                Cargo.objects.get(),
                Territorio.objects.get(),
                1000,
                "A",
            ),
        )
    rows = owed(campaign, "2024-05-31")
    assert {clave for clave in rows if clave.startswith(f"IC-{campaign.ana.pk}")} == {f"IC-{campaign.ana.pk}-1"}
    assert {clave for clave in rows if clave.startswith(f"IC-{late.pk}")} == {f"IC-{late.pk}-2"}
    with on("2024-05-10 11:00"):
        act = campaign.present(campaign.prepare(late, nil=True))  # what they present of it all the same is told
    first = owed(campaign, "2024-05-31")[f"IC-{late.pk}-1"]
    assert (first.cumplida_el, first.evidencia) == (D("2024-05-10"), act.informe.folio)


def test_what_the_law_gives_no_day_goes_by_months(campaign: Campaign) -> None:
    rows = obligations_of([campaign.world.party.pk], D("2024-05-31"))
    months = [row.abre_el for row in rows if row.tipo == "RMA"]
    assert len(months) > 10
    assert months == sorted(months)


def test_percentages_are_told_before_the_campaign_once(campaign: Campaign) -> None:
    world = campaign.world
    clave = f"POR-{world.party.numero}-e{world.etapa.pk}-1"
    row = owed(campaign, "2024-03-22")[clave]
    assert (row.vence_el, row.estado, row.articulo) == (D("2024-03-22"), "abierta", "LGPP 51.1.b.III")
    assert owed(campaign, "2024-03-23")[clave].estado == "vencida"
    with on("2024-03-22 23:00"):
        inform_percentages(world.etapa, world.party, world.clerk)
    assert owed(campaign, "2024-04-01")[clave].estado == "cumplida"
    assert owed(campaign, "2024-03-21")[clave].estado == "abierta"
    assert (
        owed(campaign, "2024-04-01", world.rival)[f"POR-{world.rival.numero}-e{world.etapa.pk}-1"].estado == "vencida"
    )


@pytest.mark.parametrize(
    ("delivered", "told", "expects"),
    [
        ("2024-04-11", "2024-04-12", "tarde"),
        ("2024-04-20", "2024-04-13", "cumplida"),
        ("2024-04-20", "2024-04-14", "tarde"),
    ],
)
def test_case_27_a_contract_is_told_within_three_days_and_before_delivery(
    campaign: Campaign, delivered: str, told: str, expects: str
) -> None:
    world = campaign.world
    with on("2024-04-10 12:00"):
        new = NewContrato(world.supplier.pk, "Lonas", D("2024-04-10"), Money(500_000), D(delivered))
        contract = sign_contrato(world.books, new, world.clerk)
    clave = f"AVC-{contract.pk}"
    assert owed(campaign, "2024-04-10")[clave].estado == "abierta"
    assert owed(campaign, "2024-04-14")[clave].estado == "vencida"
    with on(f"{told} 12:00"):
        give_notice(contract, NewAviso("Entrega en sede"), world.clerk)
    assert owed(campaign, "2024-05-01")[clave].estado == expects


def test_an_account_is_told_and_has_a_statement_each_month(campaign: Campaign) -> None:
    world = campaign.world
    rows = owed(campaign, "2024-05-02")
    account = rows[f"CTA-{world.bank.pk}"]
    assert (account.vence_el, account.estado) == (D("2024-03-06"), "vencida")
    months = sorted(clave for clave in rows if clave.startswith(f"EDC-{world.bank.pk}-"))
    assert months == [f"EDC-{world.bank.pk}-2024-{n:02d}" for n in (3, 4, 5)]
    assert [rows[clave].estado for clave in months] == ["por_confirmar", "por_confirmar", "programada"]
    assert all(rows[clave].vence_el is None for clave in months)


def test_who_sees_some_books_sees_their_duties_alone(campaign: Campaign) -> None:
    rows = list(drafts_of_books([campaign.ana.pk], [campaign.world.party.pk], D("2024-05-02")))
    assert {row.contabilidad for row in rows} == {campaign.ana.pk}


def open_year(clase: str, year: int) -> Etapa:
    people = [create_usuario(f"{clase}{year}{n}", "Persona", None, rfc=new_rfc()) for n in (1, 2)]
    for person in people:
        appoint(person, "administrador")
    new = draft(clase, "", year)
    new = replace(new, etapas=tuple(replace(stage, acuerdo="INE/CG1/2025") for stage in new.etapas))
    proceso = open_proceso(propose_proceso(new, people[0]), people[1])
    return proceso.etapas.get()


def test_an_ordinary_year_has_quarters_and_an_annual_report_for_each_books(campaign: Campaign) -> None:
    world = campaign.world
    with on("2026-01-10 09:00"):
        etapa = open_year("ordinario", 2026)
        books = open_contabilidad(etapa, world.party, Contabilidad.Clase.ORDINARIA)
    rows = owed(campaign, "2026-05-15")
    quarters = [rows[f"IT-{books.pk}-2026-{n}"] for n in (1, 2, 3, 4)]
    assert [row.vence_el for row in quarters] == [D("2026-04-30"), D("2026-07-30"), D("2026-10-30"), D("2027-01-30")]
    assert [row.estado for row in quarters] == ["vencida", *["programada"] * 3]
    annual = rows[f"IA-{books.pk}-2026-1"]
    assert (annual.vence_el, annual.estatus, annual.articulo) == (D("2027-04-02"), "por confirmar", "LGPP 78.1.b.I")
    assert rows[f"INV-{books.pk}-2026-1"].vence_el == annual.vence_el
    assert states(rows, "IMU") == Counter()  # a part of the quarterly, which is not suspended
    contracts = [row for row in rows.values() if row.tipo == "ICT" and row.etapa]
    assert sorted(row.estado for row in contracts) == ["no_aplica", "por_confirmar", "por_confirmar", "programada"]
    # Nobody is accused of what this system cannot receive.
    assert states(owed(campaign, "2027-12-31"), "PUB-T")["vencida"] == 0


def test_who_audits_from_outside_is_designated_by_an_appointment_in_force_once_the_year_ended(
    campaign: Campaign,
) -> None:
    world = campaign.world
    with on("2026-01-10 09:00"):
        etapa = open_year("ordinario", 2026)
        open_contabilidad(etapa, world.party, Contabilidad.Clase.ORDINARIA)
    with on("2026-03-02 09:00"):
        who = create_usuario("brief", "Auditora breve", None)
        appoint(who, "auditor_externo", world.party, hasta=D("2026-12-31"))
    key = f"AUD-{world.party.numero}-e{etapa.pk}-2026-1"
    assert owed(campaign, "2026-12-30")[key].estado == "programada"  # who leaves before its end audits no year
    with on("2027-02-10 09:00"):
        judge = appoint(create_usuario("juzga", "Auditora", None), "auditor_externo", world.party)
    assert owed(campaign, "2027-02-09")[key].estado == "abierta"
    row = owed(campaign, "2027-02-10")[key]
    assert (row.estado, row.cumplida_el, row.evidencia) == ("cumplida", D("2027-02-10"), f"nombramiento {judge.pk}")
    others = owed(campaign, "2027-02-10", world.rival).values()
    assert not [each for each in others if each.tipo == "AUD" and each.evidencia]


def test_who_is_designated_after_the_day_of_the_report_is_not_late_as_the_law_sets_no_day(campaign: Campaign) -> None:
    world = campaign.world
    with on("2026-01-10 09:00"):
        etapa = open_year("ordinario", 2026)
        open_contabilidad(etapa, world.party, Contabilidad.Clase.ORDINARIA)
    with on("2027-09-01 09:00"):
        judge = appoint(create_usuario("juzga", "Auditora", None), "auditor_externo", world.party)
    row = owed(campaign, "2027-09-01")[f"AUD-{world.party.numero}-e{etapa.pk}-2026-1"]
    assert (row.estado, row.cumplida_el, row.evidencia) == (
        "por_confirmar",
        D("2027-09-01"),
        f"nombramiento {judge.pk}",
    )


def test_an_electoral_year_suspends_quarters_and_keeps_the_detail(campaign: Campaign) -> None:
    world = campaign.world
    with on("2027-01-10 09:00"):
        etapa = open_year("ordinario_electoral", 2027)
        for _ in range(2):
            open_contabilidad(etapa, world.party, Contabilidad.Clase.ORDINARIA)
    rows = owed(campaign, "2027-06-01")
    suspended = [row for row in rows.values() if row.tipo == "IT" and row.etapa == etapa.pk]
    assert [row.estado for row in suspended] == ["suspendida"] * 4  # of the subject, once
    assert {row.contabilidad for row in suspended} == {0}
    detail = [row for row in rows.values() if row.tipo == "IMU" and row.etapa == etapa.pk]
    assert [row.estado for row in detail] == ["por_confirmar", *["programada"] * 3]
    assert states(rows, "IA")["programada"] == 2


def test_agrupaciones_observers_and_organisations_owe_what_is_theirs(campaign: Campaign) -> None:
    with on("2025-01-10 09:00"):
        made = {
            kind: (open_year(clase, year), register_sujeto(kind, f"7{n}", kind[:12].upper(), kind.title()))
            for n, (kind, clase, year) in enumerate(
                (
                    ("agrupacion", "agrupaciones", 2025),
                    ("observadores", "observacion", 2027),
                    ("en_formacion", "formacion", 2025),
                )
            )
        }
        books = {kind: open_contabilidad(*pair, Contabilidad.Clase.ORDINARIA) for kind, pair in made.items()}
    found = {kind: owed(campaign, "2025-03-01", pair[1]) for kind, pair in made.items()}
    assert found["agrupacion"][f"IA-APN-{books['agrupacion'].pk}-2025-1"].vence_el == D("2026-05-18")
    assert found["observadores"][f"IOE-{books['observadores'].pk}-1"].vence_el == D("2027-07-06")
    months = [row for row in found["en_formacion"].values() if row.tipo == "IM"]
    assert (len(months), months[0].vence_el, months[0].estado) == (18, D("2025-02-10"), "vencida")
    assert not {row.tipo for row in found["agrupacion"].values()} & {"IA", "IT", "IMU"}


def test_a_year_that_no_process_covers_is_told_and_accuses_nobody(campaign: Campaign) -> None:
    rows = owed(campaign, "2026-08-01")
    annual = rows[f"IA-{campaign.world.party.numero}-2025-1"]
    assert (annual.vence_el, annual.estado) == (D("2026-04-02"), "por_confirmar")
    assert rows[f"IT-{campaign.world.party.numero}-2026-3"].estado == "programada"


def test_the_authority_owes_progress_every_twenty_five_days(campaign: Campaign) -> None:
    rows = obligations_of_authority(D("2024-05-20"))
    progress = [row for row in rows if row.tipo == "AVR"]
    assert [row.vence_el for row in progress] == [D("2024-05-28"), D("2024-06-22")]
    assert [row.estado for row in progress] == ["abierta", "programada"]
    assert {row.articulo for row in rows if row.tipo == "REC"} == {"LGPP 60.3"}


def test_compliance_counts_what_the_lists_say(campaign: Campaign) -> None:
    counted = compliance(D("2024-05-10"))
    for party in (campaign.world.party, campaign.world.rival):
        listed = Counter((row.tipo, row.estado) for row in owed(campaign, "2024-05-10", party).values())
        assert listed == Counter({(tipo, state): n for (pk, tipo, state), n in counted.items() if pk == party.pk})
    stage = compliance(D("2024-05-10"), etapas=[campaign.world.etapa.pk])
    assert sum(stage.values()) < sum(counted.values())


def test_a_count_writes_no_words_of_books_and_what_presses_only_its_own(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    al, etapas = D("2024-05-10"), [campaign.world.etapa.pk]
    counted, pressing = compliance(al, etapas=etapas), urgent(al, etapas)
    every = list(Generation(Reach(al, None, frozenset(etapas))).drafts())
    assert counted == Counter((row.sujeto, row.tipo, row.estado) for row in every)
    expected = list(pressing)
    worded: list[Obligacion] = []
    write = generating.written

    def written(*given: Any) -> Obligacion:
        worded.append(write(*given))
        return worded[-1]

    monkeypatch.setattr(generating, "written", written)
    assert compliance(al, etapas=etapas) == counted and not any(row.contabilidad for row in worded)
    worded.clear()
    pressing = urgent(al, etapas)
    assert len(pressing) == len(expected) > 2 and pressing.kinds() == {row.tipo for row in expected}
    assert pressing.states() == Counter(row.estado for row in expected)
    assert pressing.subjects() == {row.sujeto for row in expected}
    assert not any(row.contabilidad for row in worded)  # filtered, counted and ordered without words
    place = next(n for n, row in enumerate(expected) if row.contabilidad)
    assert pressing.between(place, place + 1) == [expected[place]]
    assert [row.clave for row in worded if row.contabilidad] == [expected[place].clave]  # those of what is shown
    assert list(pressing) == expected


def test_drafts_are_narrowed_and_ordered_as_what_is_written_would_be(campaign: Campaign) -> None:
    al, etapas = D("2024-05-10"), [campaign.world.etapa.pk]
    drafts = Generation(Reach(al, None, frozenset(etapas))).drafts()
    rows = list(drafts)
    assert len(rows) == len(drafts) and rows == in_order(rows)
    same = drafted(rows)
    for words in (["ana"], ["informe", "1,"], ["periodo", f"({campaign.berta.pk})"], ["nada"], ["clabe"], []):
        kept = [row for row in rows if all(word in fold(f"{row.que} {row.evidencia}") for word in words)]
        assert list(drafts.with_words(words, fold)) == kept == list(same.with_words(words, fold)), words
    kinds = list(dict.fromkeys(row.tipo for row in rows))
    assert drafts.firsts(lambda common: common.tipo) == [
        next(row for row in rows if row.tipo == each) for each in kinds
    ]
    late = drafts.where(lambda common: common.estado == "vencida")
    assert list(late) == [row for row in rows if row.estado == "vencida"]
    waiting = sorted(rows, key=lambda row: row.estado == "vencida")
    for first in range(0, len(rows), 3):
        shown = drafts.between(first, first + 3, lambda common: common.estado == "vencida")
        assert shown == waiting[first : first + 3]


def test_the_number_of_queries_does_not_grow_with_the_books(campaign: Campaign) -> None:
    from django.db import connection

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert compliance(D("2024-05-10"))
        return len(queries)

    before = count()
    for n in range(30):
        made = approve_candidatura(
            campaign.world.etapa,
            NewCandidatura(
                f"G-{n}",
                Persona.objects.create(nombre=f"P{n}"),
                campaign.world.party,
                Cargo.objects.get(),
                Territorio.objects.get(),
                1000,
                "A",
            ),
        )
        register_cuenta_bancaria(made, "002180000000000009", "Banco", date(2024, 4, 1))
    assert count() == before


def test_a_subject_is_found_by_what_people_call_it(campaign: Campaign) -> None:
    party = campaign.world.party
    for name in (party.siglas.lower(), party.numero, party.nombre, f" {party.siglas} "):
        assert subject_named(name) == party
    assert subject_named("nadie") is None and subject_named("") is None


def test_what_is_asked_is_of_that_day(campaign: Campaign, django_assert_num_queries: Any) -> None:
    assert clock.today() - timedelta(days=1) == D("2024-05-01")
    assert owed(campaign, "2024-03-31")[f"IC-{campaign.ana.pk}-1"].estado == "programada"

"""What was issued before a correction says what it said when it is drawn again; what comes after, what is in force."""

from dataclasses import replace
from datetime import date

from filing.campaign import Campaign, on
from registry.test_corrections import GROUND, administrator
from sif.books.models import Poliza
from sif.filing import services
from sif.filing.preparing import campos_of
from sif.filing.sheets import acuse_sheet, informe_sheet
from sif.notices.sheet import plain_text
from sif.registry.corrections import approve, facts_of_subject, propose_subject
from sif.registry.models import Contabilidad, SujetoObligado
from sif.signing.acuse import verify_acuse
from sif.statements.poliza_paper import poliza_pdf, poliza_sheet


def correct(campaign: Campaign, moment: str, **changes: str) -> None:
    """Correct the party of the campaign at an hour."""
    with on(moment):
        party = SujetoObligado.objects.get(pk=campaign.world.party.pk)
        asked = replace(facts_of_subject(party), **changes)
        one, other = administrator(f"uno{moment[-5:-3]}"), administrator(f"otra{moment[-5:-3]}")
        approve(propose_subject(party, asked, GROUND, one), other)


def test_an_acuse_a_report_and_a_poliza_say_what_they_said(campaign: Campaign) -> None:
    campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
    informe = campaign.prepare()
    act = campaign.present(informe)
    poliza = Poliza.objects.get(contabilidad=campaign.ana)
    before = [plain_text(acuse_sheet(act)), plain_text(informe_sheet(informe)), poliza_pdf(poliza)]
    correct(campaign, "2024-05-02 13:00", siglas="NUEVAS", nombre="Partido con Otro Nombre")
    act = type(act).objects.get(pk=act.pk)
    informe, poliza = act.informe, Poliza.objects.get(pk=poliza.pk)
    assert [plain_text(acuse_sheet(act)), plain_text(informe_sheet(informe)), poliza_pdf(poliza)] == before
    assert campos_of(informe, informe.preparaciones.get()).sujeto == informe.contenido["sujeto"] != "NUEVAS"
    assert verify_acuse(services.acuse_of(act)).veredicto == "ÍNTEGRO, FALTA COMPARAR LA RAÍZ"
    books = Contabilidad.objects.get(pk=campaign.berta.pk)
    with on("2024-05-02 14:00"):
        later = campaign.prepare(books, nil=True)
        assert "Partido con Otro Nombre (NUEVAS)" in plain_text(informe_sheet(later))
        assert "|NUEVAS|" in campaign.present(later).cadena


def test_a_report_prepared_before_is_signed_with_what_it_froze(campaign: Campaign) -> None:
    campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
    informe = campaign.prepare()
    siglas = informe.contenido["sujeto"]
    correct(campaign, "2024-05-02 13:00", siglas="NUEVAS")
    with on("2024-05-02 13:30"):
        act = campaign.present(type(informe).objects.get(pk=informe.pk))
    assert f"|{siglas}|" in act.cadena and "NUEVAS" not in act.cadena


def test_the_paper_of_a_poliza_of_after_says_the_new_name(campaign: Campaign) -> None:
    correct(campaign, "2024-04-09 13:00", nombre="Partido con Otro Nombre")
    books = Contabilidad.objects.get(pk=campaign.ana.pk)
    campaign.spend(books, "1000.00", date(2024, 4, 10))
    assert poliza_sheet(Poliza.objects.get(contabilidad=books))["organo"] == "Partido con Otro Nombre"

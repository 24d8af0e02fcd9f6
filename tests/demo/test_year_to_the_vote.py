"""An ordinary year whole: filed by quarters, reviewed, told twice, one observación withdrawn, concluded and voted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from proceedings.world import ZONE, at
from sif.audit import review
from sif.audit.models import Hallazgo, Observacion
from sif.books.models import Poliza
from sif.books.services import attach_evidencia, load_catalogs, read_file, store_file
from sif.demo.chain import publish
from sif.demo.ordinary import SIGLAS, audit_ordinary_year, live_ordinary_year
from sif.demo.world import World, build_world, key_pool
from sif.disclosure.models import DocumentoPublicado, SancionPublicada
from sif.filing.models import Presentacion
from sif.filing.services import demonstration_authority
from sif.proceedings import resolving, selectors, services
from sif.proceedings.appraisals import Appraisal
from sif.proceedings.bundle import notified_in
from sif.proceedings.closing import what_is_open
from sif.proceedings.courses import calendar_for
from sif.proceedings.grounds import to_propose
from sif.proceedings.models import Oficio, Resolucion
from sif.proceedings.proposing import propose_oficio
from sif.proceedings.second import issue_second, propose_second
from sif.proceedings.withdrawing import withdraw_observacion
from sif.registry.models import Etapa, SujetoObligado
from sif.registry.scope import WHOEVER_SIGNS, everything
from sif.registry.stage_days import calendar_of
from sif.statutes.confirming import confirm, propose, waiting
from sif.values import Money

WHY = "El aviso de la cuenta obraba en el expediente de la autoridad."
HALF = Money.parse("37500.00")
"""What each of the two months without papers received: 75,000.00 in all."""


@dataclass
class Lived:
    """The year 2025 of a party, lived, filed and run in the demonstration."""

    world: World
    etapa: Etapa
    partido: SujetoObligado
    hallazgos: list[Hallazgo]

    def who(self, name: str) -> Any:
        """Return a person of the authority."""
        return self.world.people[name]


@pytest.fixture
def lived(db: None, settings: Any, tmp_path: Path) -> Iterator[Lived]:
    """Its four quarters and its annual report are filed, and every rule was run over its books."""
    settings.DATOS = tmp_path
    with everything(WHOEVER_SIGNS):
        load_catalogs("mx")
        world = build_world(11, replace(demonstration_authority(), keys=key_pool(2)))
        year = live_ordinary_year(world, 11)
        run = audit_ordinary_year(year).corridas[0]
        found = Hallazgo.objects.filter(corrida=run, estado="hallazgo").order_by("regla", "dia")
        yield Lived(world, year.etapa, world.subjects[SIGLAS], list(found))


def last_second(day: str) -> datetime:
    return datetime.fromisoformat(f"{day} 23:59:59").replace(tzinfo=ZONE)


def observed(lived: Lived) -> tuple[Observacion, Observacion]:
    """Adopt all that was found, proposed by one person and confirmed by another: an account and two deposits."""
    with at("2026-06-25 11:00"):
        proposed = review.propose(lived.hallazgos, "adoptar", "Se desprende de la revisión.", lived.who("dario"))
    with at("2026-06-26 11:00"):
        review.confirm(proposed, lived.who("elena"))
    account, deposits = Observacion.objects.filter(etapa=lived.etapa).order_by("regla")
    assert (account.regla, account.monto, deposits.regla, deposits.monto) == ("BA002", 0, "EV001", 7_500_000)
    return account, deposits


def first_oficio(lived: Lived, account: Observacion, deposits: Observacion) -> Oficio:
    with at("2026-06-29 09:00"):
        propose_oficio(lived.etapa, lived.partido, lived.who("dario"))
    with at("2026-06-29 10:00"):
        oficio = services.issue_oficio(lived.etapa, lived.partido, lived.who("elena"))
    assert set(oficio.observaciones.all()) == {account, deposits}
    assert oficio.vence_el == last_second("2026-07-13")  # ten business days [LGPP 80.1.b.II]
    with at("2026-07-10 10:00"):
        for row, text in ((account, "Avisamos el 3 de enero."), (deposits, "Pedimos las fichas al banco.")):
            services.answer(oficio, row, text, [], lived.world.heads[SIGLAS])
    return oficio


def told(lived: Lived, oficio: Oficio, row: Observacion, moment: str, reason: str) -> Oficio:
    """Tell the party that its answer does not cure the only observación that stands."""
    with at(f"{moment} 09:00"):
        propose_second(oficio, [Appraisal(row.pk, subsana=False, razon=reason)], lived.who("dario"))
    with at(f"{moment} 10:00"):
        return issue_second(oficio, lived.who("elena"))


def papers_of_march(lived: Lived, second: Oficio, row: Observacion) -> None:
    """Bring, in the term of the second oficio, the papers of one of the two deposits."""
    fact, head = row.hallazgos.order_by("dia")[0], lived.world.heads[SIGLAS]
    poliza = Poliza.objects.get(pk=fact.fila["poliza_id"])
    with at("2026-07-20 10:00"):
        for clase in ("ficha_deposito", "estado_cuenta"):
            attach_evidencia(poliza, clase, f"{clase}.pdf", store_file(f"%PDF-1.4 {clase}".encode()), head)
        services.answer(second, row, "Van los papeles de marzo.", [poliza], head)


def concluded(lived: Lived, account: Observacion, deposits: Observacion) -> Resolucion:
    """Open and close the dictamen of what stands, on its days, and draw its resolución."""
    elena = lived.who("elena")
    with at("2026-07-23 10:00"):
        dictamen = services.open_dictamen(lived.etapa, lived.partido, elena)
        (row,) = selectors.conclusiones_of(dictamen)
        assert row.observacion == deposits
        considered = selectors.considered_answer(row)
        assert "Van los papeles de marzo." in considered and "Pedimos las fichas al banco." in considered
        services.analyse(row, considered, "Faltan los papeles de agosto.", "no_atendida", HALF, elena)
        services.count_unattended(row, 1, elena)
        services.close_conclusion(row, elena)
    with at("2026-08-18 12:00"):
        services.close_dictamen(dictamen, lived.who("lucia"))
    assert dictamen.documento is not None
    text = read_file(dictamen.documento.texto_sha256).decode()
    assert "Observaciones que quedaron sin efecto" in text and WHY in text
    assert account.sin_efecto.notificacion.folio in text
    with at("2026-09-01 12:00"):
        return resolving.draft_resolucion(dictamen, date(2026, 9, 21), lived.who("irene"))


def voted(lived: Lived, resolucion: Resolucion) -> Resolucion:
    with at("2026-09-01 13:00"):
        propose(to_propose(resolucion, "DOF del 12 de mayo de 2018, página 40."), lived.who("irene"))
        confirm(list(waiting()), lived.who("jorge"))
        resolving.put_to_vote(resolucion, lived.who("jorge"))
    with at("2026-09-21 13:00"):
        for councillor in lived.world.council:
            resolving.vote(resolucion, councillor, "a_favor")
        return resolving.close_vote(resolucion, lived.who("jorge"))


def check_filed(lived: Lived) -> None:
    """Each quarter in its thirty days and the annual in its sixty business ones [LGPP 78.1.a.I, 78.1.b.I]."""
    rows = Presentacion.objects.filter(informe__contabilidad__etapa=lived.etapa).select_related("informe__periodo")
    filed = {(row.informe.tipo, row.informe.periodo.numero): row.recibida_el for row in rows}
    due = dict(zip(((each, "IT") for each in (1, 2, 3, 4)), ("05-01", "07-31", "10-31", "01-31"), strict=True))
    assert set(filed) == {(tipo, number) for number, tipo in due} | {("IA", 4)}
    for (number, tipo), day in due.items():
        assert filed[tipo, number] <= last_second(f"{2026 if number == 4 else 2025}-{day}")
    assert filed["IA", 4] <= last_second("2026-04-02")


def test_a_year_is_filed_reviewed_told_twice_and_voted_to_the_cent(lived: Lived) -> None:
    check_filed(lived)
    days = {key: each.fecha for key, each in calendar_of(lived.etapa).items()}
    assert (days["informe"], days["oficio"], days["respuesta"]) == (
        date(2026, 4, 2),
        date(2026, 6, 29),
        date(2026, 7, 13),
    )
    account, deposits = observed(lived)
    oficio = first_oficio(lived, account, deposits)
    with at("2026-07-14 08:00"):
        withdrawn = withdraw_observacion(account, WHY, lived.who("lucia"))
    second = told(lived, oficio, deposits, "2026-07-14", "Faltan las fichas de depósito.")
    assert list(second.observaciones.all()) == [deposits]
    assert second.vence_el == last_second("2026-07-21")  # five business days, not extended [LGPP 80.1.b.III]
    papers_of_march(lived, second, deposits)
    result = told(lived, second, deposits, "2026-07-22", "Faltan los papeles de agosto.")
    assert not result.da_plazo and not result.observaciones.exists()
    course = {key: each.fecha for key, each in calendar_for(lived.etapa, lived.partido).items()}
    # Twenty business days from the end of the second answer, ten more for the Comisión, three days and ten business
    # ones for the Consejo [LGPP 80.1.b.IV-VI]; 16 September is a holiday.
    assert (course["dictamen"], course["comision"], course["consejo"]) == (
        date(2026, 8, 18),
        date(2026, 9, 1),
        date(2026, 9, 21),
    )
    resolucion = voted(lived, concluded(lived, account, deposits))
    assert resolucion.estado == Resolucion.Estado.APROBADA
    (imposed,) = selectors.sanciones_of(resolucion)
    assert imposed.conclusion.observacion == deposits and imposed.criterio == "origen_no_comprobado"
    # All of the 37,500.00 of August, in whole UMA of 2025: 331 times 113.14.
    assert (imposed.monto_involucrado, imposed.porcentaje_pb, imposed.forma) == (HALF.centavos, 10_000, "multa")
    assert (imposed.umas, imposed.uma, Money(imposed.monto)) == (331, 11_314, Money.parse("37449.34"))
    assert withdrawn.notificacion in set(notified_in(lived.etapa, lived.partido))
    assert notified_in(lived.etapa, lived.partido).count() == 5
    with at("2026-09-21 19:00"):
        publish(lived.world, lived.etapa)
    assert SancionPublicada.objects.get().monto == imposed.monto
    assert DocumentoPublicado.objects.filter(clave=resolucion.numero).exists()
    with at("2026-10-15 10:00"):
        assert what_is_open(lived.etapa)[0] == []

"""Publishing and withdrawing are acts of two people: what was proposed is what is shown, or its notice."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from disclosure.acts import published
from proceedings.world import World, at
from sif.books.services import read_file
from sif.disclosure import catalog, content
from sif.disclosure.changes import compare
from sif.disclosure.models import (
    ContabilidadPublicada,
    ProcesoPublicado,
    Publicacion,
    PublicacionPropuesta,
    PublicacionRetirada,
    ReglaPublicada,
    RetiroPublicado,
)
from sif.disclosure.publish import propose_publicacion, propose_withdrawal, publish_etapa, withdraw_publicacion
from sif.disclosure.selectors import Unvoted, publications_of, standing_publication, unvoted, waiting_proposal
from sif.disclosure.tasks import ask_to_propose, ask_to_publish
from sif.filing.selectors import obligations
from sif.jobs.models import Trabajo
from sif.proceedings.models import Determinado, Sancion
from sif.registry import clock
from sif.registry import services as registry
from sif.registry.scope import everything, registering
from sif.values import Money, Refused


def _refused(act: Any, *given: Any) -> str:
    with pytest.raises(Refused) as refused:
        act(*given)
    return refused.value.problems[0].codigo


def _concluded(world: World) -> None:
    """50,000.00 of spending not reported, determined by a closed dictamen and drawn in a project of resolución."""
    world.observacion([world.hallazgo("50,000.00", "TP001")], criterio="rebase_tope")
    world.oficio()
    Determinado.objects.create(
        contabilidad=world.contabilidades[0],
        conclusion=world.dictamen().conclusiones.get(),
        origen="revision",
        fecha=date(2018, 7, 20),
        monto=50_000_00,
    )
    world.resolucion()


def _unreported(world: World) -> Money | None:
    published(world)
    row = catalog.contabilidad(8802)
    assert row is not None
    return row.no_reportado


def test_an_unreported_amount_waits_for_the_vote(world: World) -> None:
    _concluded(world)
    assert _unreported(world) is None  # determined in a closed dictamen, and nobody has voted it
    world.voted(4, 1)
    assert _unreported(world) == Money(50_000_00)


def test_an_amount_of_a_rejected_resolucion_is_not_published(world: World) -> None:
    _concluded(world)
    world.voted(1, 4)
    assert _unreported(world) is None
    assert catalog.sanciones(content.published_key(world.etapa)) == []


def test_what_nobody_voted_is_proposed_only_by_who_says_that_it_is_known(world: World) -> None:
    with pytest.raises(
        Refused, match="resoluciones aprobadas: 0 de 1; rechazadas: 0; dictámenes cerrados: 0 de 0"
    ) as refused:
        propose_publicacion(world.etapa, world.sofia)
    assert refused.value.problems[0].codigo == "PUBLICACION_SIN_VOTO"
    assert "marque que se publica sin él" in refused.value.problems[0].cura
    with everything():
        assert _refused(ask_to_propose, world.etapa, world.sofia) == "PUBLICACION_SIN_VOTO"
    _concluded(world)
    with pytest.raises(Refused, match="resoluciones aprobadas: 0 de 1; rechazadas: 0; dictámenes cerrados: 1 de 1"):
        propose_publicacion(world.etapa, world.sofia)
    assert not PublicacionPropuesta.objects.exists() and not Trabajo.objects.exists()
    world.voted(1, 4)  # rejected: nothing was approved
    assert _refused(propose_publicacion, world.etapa, world.sofia) == "PUBLICACION_SIN_VOTO"


def test_what_was_voted_is_proposed_without_more(world: World) -> None:
    _concluded(world)
    world.voted(4, 1)
    assert propose_publicacion(world.etapa, world.sofia).pk


def _other_subject(world: World) -> int:
    """Number of the books of a candidacy of another subject, of which there is no dictamen."""
    first = world.contabilidades[0].candidatura
    assert first is not None
    subject = registry.register_sujeto("partido_local", "91", "OTR", "Otro partido")
    who = (registry.register_persona("Eva Ríos"), subject, first.cargo, first.territorio)
    with at("2018-05-05 12:00"):
        return registry.approve_candidatura(world.etapa, registry.NewCandidatura("F-9", *who, 1000, "A")).pk


def test_nothing_unreported_is_said_of_the_subjects_that_the_council_resolved(world: World) -> None:
    other = _other_subject(world)
    _concluded(world)
    world.voted(4, 1)
    published(world)
    rows = catalog.contabilidades(content.published_key(world.etapa))
    found = {row.id_contabilidad: row.no_reportado for row in rows}
    assert found == {8802: Money(50_000_00), 8803: Money(0), other: None}
    kept = json.loads(read_file(PublicacionPropuesta.objects.get().huella))
    assert kept["formato"] == "sif-publicacion/7"
    assert {row["id_contabilidad"]: row["no_reportado"] for row in kept["contabilidades"]}[other] is None


def test_a_content_of_before_keeps_reading_as_it_was() -> None:
    (row,) = content.read_rows({"contabilidades": [{"id_contabilidad": 1, "no_reportado": 0}]}, "contabilidades")
    assert row.no_reportado == 0
    assert content.read_process({"proceso": {"clave": "X"}}).sin_voto is None  # nobody said it


def test_what_lacks_approval_is_counted_by_subject_and_what_was_rejected_apart(world: World) -> None:
    assert unvoted(world.etapa) == Unvoted(
        sujetos=1, aprobadas=0, rechazadas=0, dictamenes=0, cerrados=0, por_votar=0, sin_dictamen=1
    )
    _concluded(world)
    _other_subject(world)
    assert unvoted(world.etapa) == Unvoted(2, 0, 0, dictamenes=1, cerrados=1, por_votar=1, sin_dictamen=1)
    world.voted(4, 1)
    assert unvoted(world.etapa) == Unvoted(
        sujetos=2, aprobadas=1, rechazadas=0, dictamenes=1, cerrados=1, por_votar=0, sin_dictamen=1
    )
    assert propose_publicacion(world.etapa, world.sofia).pk  # the notice stays, and something was approved


def test_one_rejected_is_not_one_to_be_voted(world: World) -> None:
    _concluded(world)
    world.voted(1, 4)
    assert unvoted(world.etapa) == Unvoted(
        sujetos=1, aprobadas=0, rechazadas=1, dictamenes=1, cerrados=1, por_votar=0, sin_dictamen=0
    )
    with pytest.raises(Refused, match="resoluciones aprobadas: 0 de 1; rechazadas: 1; dictámenes cerrados: 1 de 1"):
        propose_publicacion(world.etapa, world.sofia)


def test_nothing_is_told_once_all_was_approved(world: World) -> None:
    _concluded(world)
    world.voted(4, 1)
    assert unvoted(world.etapa) is None


def test_a_proposal_keeps_that_it_was_made_before_the_vote(world: World) -> None:
    _concluded(world)
    published(world)
    (stage,) = catalog.processes()
    assert stage.sin_voto is True
    assert json.loads(read_file(PublicacionPropuesta.objects.get().huella))["proceso"]["sin_voto"] is True
    world.voted(4, 1)
    published(world)
    (stage,) = catalog.processes()
    assert stage.sin_voto is False


def test_what_ceased_to_be_public_leaves(world: World) -> None:
    published(world)
    with registering():
        ReglaPublicada.objects.create(
            proceso=ProcesoPublicado.objects.get(), regla="CF001", titulo="", texto="", fundamento=[], sancionadas=1
        )
    published(world)
    assert ReglaPublicada.objects.count() == 0


@pytest.mark.parametrize(("after", "late"), [(timedelta(microseconds=-1), 0), (timedelta(0), 1)])
def test_a_report_is_late_from_the_instant_its_term_ends(
    world: World, monkeypatch: pytest.MonkeyPatch, after: timedelta, late: int
) -> None:
    first = obligations(world.etapa)[0]
    received = replace(first, recibida_el=first.vence_el + after)
    monkeypatch.setattr(content, "obligations", lambda _etapa: [received])
    published(world)
    row = ContabilidadPublicada.objects.get(id_contabilidad=first.contabilidad_id)
    assert (row.informes_debidos, row.informes_presentados, row.informes_tarde) == (1, 1, late)


def test_a_report_is_owed_when_its_term_has_ended(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = obligations(world.etapa)[0]
    monkeypatch.setattr(content, "obligations", lambda _etapa: [replace(first, recibida_el=None)])
    for moment, owed in ((first.vence_el - timedelta(microseconds=1), 0), (first.vence_el, 1)):
        with clock.at(moment):
            published(world)
        row = ContabilidadPublicada.objects.get(id_contabilidad=first.contabilidad_id)
        last = clock.end_of_term(first.vence_el)[0]
        runs = None if owed else last
        assert (row.informes_debidos, row.informes_en_plazo, row.informes_hasta) == (owed, 1 - owed, runs)
        (stage,) = catalog.processes()
        assert stage.informes == {
            first.tipo: {
                "informes_debidos": owed,
                "informes_presentados": 0,
                "informes_tarde": 0,
                "informes_en_plazo": 1 - owed,
                "informes_hasta": runs and runs.isoformat(),
            }
        }


def test_a_report_filed_before_its_term_ends_no_longer_runs(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = obligations(world.etapa)[0]
    filed = replace(first, recibida_el=first.vence_el - timedelta(days=1))
    monkeypatch.setattr(content, "obligations", lambda _etapa: [filed, replace(first, recibida_el=None)])
    with clock.at(first.vence_el - timedelta(hours=1)):
        published(world)
    row = ContabilidadPublicada.objects.get(id_contabilidad=first.contabilidad_id)
    assert (row.informes_debidos, row.informes_presentados, row.informes_en_plazo) == (1, 1, 1)


def test_who_does_not_publish_leaves_no_job(world: World) -> None:
    proposed = propose_publicacion(world.etapa, world.elena, without_vote=True)
    for ask, of in ((ask_to_propose, world.etapa), (ask_to_publish, proposed)):
        assert _refused(ask, of, world.dario) == "SIN_ATRIBUCION"
    assert not Trabajo.objects.exists()


def test_one_person_does_not_publish_alone(world: World) -> None:
    assert _refused(propose_publicacion, world.etapa, world.dario) == "SIN_ATRIBUCION"
    proposed = propose_publicacion(world.etapa, world.sofia, without_vote=True)
    assert ProcesoPublicado.objects.count() == 0  # a proposal shows nothing
    assert _refused(publish_etapa, proposed, world.sofia) == "PUBLICACION_DE_DOS_PERSONAS"
    assert _refused(publish_etapa, proposed, world.alicia) == "SIN_ATRIBUCION"
    made = publish_etapa(proposed, world.elena)
    assert (made.propuesta.propuesta_por, made.publicada_por) == (world.sofia, world.elena)
    assert _refused(publish_etapa, proposed, world.elena) == "PUBLICACION_SUPERADA"


def test_the_database_refuses_one_person_and_an_older_proposal(world: World) -> None:
    first = propose_publicacion(world.etapa, world.sofia, without_vote=True)
    with pytest.raises(DatabaseError, match="una persona"), transaction.atomic():
        Publicacion.objects.create(propuesta=first, publicada_el=clock.now(), publicada_por=world.sofia)
    later = {"huella": "f" * 64, "propuesta_el": clock.now(), "propuesta_por": world.sofia}
    PublicacionPropuesta.objects.create(etapa=world.etapa, **later)
    with pytest.raises(DatabaseError, match="posterior"), transaction.atomic():
        Publicacion.objects.create(propuesta=first, publicada_el=clock.now(), publicada_por=world.elena)


def test_what_was_proposed_is_what_is_shown(world: World) -> None:
    _concluded(world)
    with at("2018-08-01 09:00"):
        proposed = propose_publicacion(world.etapa, world.sofia, without_vote=True)
        assert _refused(partial(propose_publicacion, without_vote=True), world.etapa, world.elena) == (
            "PUBLICACION_YA_PROPUESTA"
        )
    world.voted(4, 1)
    publish_etapa(proposed, world.elena)
    row = catalog.contabilidad(8802)
    assert row is not None
    assert (row.no_reportado, row.datos_al) == (None, proposed.propuesta_el)


def test_a_proposal_of_an_older_form_is_not_published(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "FORMAT", "sif-publicacion/1")
    proposed = propose_publicacion(world.etapa, world.sofia, without_vote=True)
    assert _refused(publish_etapa, proposed, world.elena) == "PUBLICACION_DE_OTRA_FORMA"
    assert standing_publication(world.etapa) is None


def test_a_later_proposal_replaces_the_one_that_waits(world: World) -> None:
    _concluded(world)
    old = propose_publicacion(world.etapa, world.sofia, without_vote=True)
    world.voted(4, 1)
    new = propose_publicacion(world.etapa, world.sofia, without_vote=True)
    assert _refused(publish_etapa, old, world.elena) == "PUBLICACION_SUPERADA"
    assert waiting_proposal(world.etapa) == new


WHY = ("Cifra equivocada.", "LGPP 82.1.c; acuerdo INE/CG600/2018")


def test_a_publication_is_withdrawn_by_two_people_with_reason_and_basis(world: World) -> None:
    made = published(world)
    for blank in ((" ", WHY[1]), (WHY[0], " ")):
        assert _refused(propose_withdrawal, made, *blank, world.elena) == "RETIRO_SIN_MOTIVO"
    assert _refused(propose_withdrawal, made, *WHY, world.dario) == "SIN_ATRIBUCION"
    first = propose_withdrawal(made, "Otra razón.", WHY[1], world.sofia)
    assert standing_publication(world.etapa) == made and catalog.contabilidad(8802)  # a proposal withdraws nothing
    proposed = propose_withdrawal(made, *WHY, world.elena)
    assert _refused(withdraw_publicacion, first, world.elena) == "RETIRO_SUPERADO"
    assert _refused(withdraw_publicacion, proposed, world.elena) == "RETIRO_DE_DOS_PERSONAS"
    assert _refused(withdraw_publicacion, proposed, world.dario) == "SIN_ATRIBUCION"
    withdrawn = withdraw_publicacion(proposed, world.sofia)
    assert (withdrawn.motivo, withdrawn.hecho_por, withdrawn.propuesta) == (WHY[0], world.sofia, proposed)
    assert (catalog.processes(), catalog.contabilidad(8802), standing_publication(world.etapa)) == ([], None, None)
    assert _refused(withdraw_publicacion, proposed, world.sofia) == "PUBLICACION_NO_VIGENTE"
    again = published(world)
    assert (standing_publication(world.etapa), len(catalog.processes())) == (again, 1)
    assert _refused(propose_withdrawal, made, *WHY, world.elena) == "PUBLICACION_NO_VIGENTE"
    assert list(publications_of(world.etapa)) == [again, made]


def test_a_withdrawal_leaves_its_notice_for_ever(world: World) -> None:
    made = published(world)
    withdraw_publicacion(propose_withdrawal(made, *WHY, world.elena), world.sofia)
    notice = catalog.withdrawn("contabilidades", 8802)
    assert notice is not None
    assert (notice.motivo, notice.fundamento, notice.huella) == (*WHY, made.propuesta.huella)
    assert (notice.autoridad, notice.vigente) == ("Secretaría Ejecutiva", True)
    assert catalog.withdrawn("proceso", content.published_key(world.etapa)) == notice
    assert (catalog.withdrawn("contabilidades", 1), catalog.withdrawn("documentos", "X")) == (None, None)
    published(world)
    assert [row.vigente for row in catalog.withdrawals()] == [False]
    with pytest.raises(DatabaseError), transaction.atomic():
        RetiroPublicado.objects.all().delete()


def test_the_database_refuses_a_withdrawal_of_one_person(world: World) -> None:
    made = published(world)
    proposed = propose_withdrawal(made, *WHY, world.elena)
    act: dict[str, Any] = {"publicacion": made, "motivo": WHY[0], "hecho_el": clock.now()}
    wrong: list[dict[str, Any]] = [
        {"propuesta": None, "hecho_por": world.sofia},
        {"propuesta": proposed, "hecho_por": world.elena},
        {"propuesta": proposed, "hecho_por": world.sofia, "motivo": "Otro."},
    ]
    for each in wrong:
        with pytest.raises(DatabaseError, match=r"una persona|a la que responde"), transaction.atomic():
            PublicacionRetirada.objects.create(**act | each)
    propose_withdrawal(made, "Otra razón.", WHY[1], world.sofia)
    with pytest.raises(DatabaseError, match="posterior"), transaction.atomic():
        PublicacionRetirada.objects.create(**act, propuesta=proposed, hecho_por=world.sofia)


def test_who_reviews_sees_what_a_proposal_changes(world: World) -> None:
    _concluded(world)
    seen = published(world).propuesta.huella
    world.voted(4, 1)
    after = propose_publicacion(world.etapa, world.sofia, without_vote=True).huella
    fine = Sancion.objects.get().monto
    rows = {
        row.parte: (row.antes, row.despues, row.entran, row.salen, row.distintas) for row in compare(seen, after).partes
    }
    assert rows == {
        "contabilidades": (2, 2, 0, 0, 2),  # of the other, it is now known that there is nothing unreported
        "sanciones": (0, 1, 1, 0, 0),
        "documentos": (0, 2, 2, 0, 0),
        "reglas": (0, 0, 0, 0, 0),
    }
    sums = {row.columna: (row.antes, row.despues) for row in compare(seen, after).sumas}
    assert sums == {"ingresos": (0, 0), "egresos": (0, 0), "no_reportado": (0, 50_000_00), "monto": (0, fine)}
    assert [(row.antes, row.despues) for row in compare(after, "").partes] == [(2, 0), (1, 0), (2, 0), (0, 0)]


def test_a_publication_of_another_form_is_counted_and_not_compared(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = propose_publicacion(world.etapa, world.sofia, without_vote=True).huella
    monkeypatch.setattr(content, "FORMAT", "sif-publicacion/1")
    old = propose_publicacion(world.etapa, world.sofia, without_vote=True).huella
    assert {row.distintas for row in compare(old, new).partes} == {None}


def test_the_same_figures_are_the_same_content(world: World) -> None:
    moment = datetime.fromisoformat("2018-07-05T12:00:00+00:00")
    assert content.gather(world.etapa, moment) == content.gather(world.etapa, moment + timedelta(minutes=1))

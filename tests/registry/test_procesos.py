"""A process is drawn from the law, proposed by one person and opened by another, whole or not at all."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from rfcs import new_rfc
from sif.registry import clock
from sif.registry.calendar_order import ShorterTerm, shorter_terms
from sif.registry.calendars import refuse_calendar, waiting, withdraw_calendar
from sif.registry.models import (
    CalendarioCerrado,
    CalendarioPropuesto,
    Etapa,
    FinNombramiento,
    Nombramiento,
    Periodo,
    Proceso,
    ProcesoAbierto,
    Suceso,
    Usuario,
    Ventana,
)
from sif.registry.procesos import (
    NewProceso,
    draft,
    open_proceso,
    periods_of,
    problems_of,
    propose_proceso,
    term_base,
)
from sif.registry.scope import everything, registering
from sif.registry.selectors import appointments_kept, may
from sif.registry.services import appoint, create_usuario
from sif.values import Conflict, Refused

pytestmark = pytest.mark.django_db
Rol = Nombramiento.Rol
LAW = "LIPEED 178"


@pytest.fixture(autouse=True)
def _authority() -> Any:
    with everything():
        yield


def administrator(name: str) -> Usuario:
    person = create_usuario(name, name.title(), None, rfc=new_rfc())
    appoint(person, Rol.ADMINISTRADOR)
    return person


def local(**changes: Any) -> NewProceso:
    """Draw the local election of Durango in 2027, with the law that fixes its stages."""
    new = draft("local_intermedia", "DUR", 2027)
    stages = tuple(replace(stage, acuerdo=LAW) for stage in new.etapas)
    return replace(new, **{"etapas": stages, **changes})


def places(new: NewProceso) -> list[str]:
    return [each.donde for each in problems_of(new)]


def test_one_proposes_and_another_opens_with_periods_and_windows() -> None:
    ana, luis = administrator("ana"), administrator("luis")
    proposed = propose_proceso(local(), ana)
    assert not Proceso.objects.exists()
    assert waiting() == [proposed]
    with pytest.raises(PermissionError, match="otra persona"):
        open_proceso(proposed, ana)
    proceso = open_proceso(proposed, luis)
    assert (proceso.clave, proceso.entidad, proceso.jornada_el) == ("PEL-DUR-2026-2027", "DUR", date(2027, 6, 6))
    campaign = proceso.etapas.get(tipo="campana")
    assert (campaign.inicia_el, campaign.termina_el) == (date(2027, 4, 4), date(2027, 6, 2))
    assert (campaign.acuerdo, campaign.plazos) == (LAW, None)
    assert list(campaign.periodos.order_by("numero").values_list("desde", "hasta")) == [
        (date(2027, 4, 4), date(2027, 5, 3)),
        (date(2027, 5, 4), date(2027, 6, 2)),
    ]
    window = Ventana.objects.get(periodo__etapa=campaign, periodo__numero=1)
    assert window.base == "LGPP 79.1.b.III"  # the local law dates the stage; the term to report is of the general one
    closes = window.cierra_el
    assert closes.astimezone(clock.legal_zone()).isoformat()[:16] == "2027-05-07T00:00"
    assert proceso.apertura.abierto_por == luis
    assert waiting() == []
    assert set(Suceso.objects.filter(persona__in=(ana, luis)).values_list("verbo", flat=True)) >= {
        "proponer_proceso",
        "abrir_proceso",
    }


def test_an_account_that_may_be_of_who_proposed_opens_nothing() -> None:
    proposed, bare = propose_proceso(local(), administrator("ana")), create_usuario("ana2", "Ana", None)
    appoint(bare, Rol.ADMINISTRADOR)
    with pytest.raises(PermissionError, match="ana2 no tiene RFC"):
        open_proceso(proposed, bare)
    assert (Proceso.objects.count(), waiting()) == (0, [proposed])


def test_a_single_administrator_opens_where_the_institution_says_so(settings: Any) -> None:
    settings.TWO_PEOPLE_OPEN = False
    ana = administrator("ana")
    assert open_proceso(propose_proceso(local(), ana), ana).pk


def test_opening_twice_or_an_older_calendar_is_refused_and_writes_nothing() -> None:
    ana, luis = administrator("ana"), administrator("luis")
    first = propose_proceso(local(), ana)
    last = propose_proceso(local(nombre="Elección local de Durango"), ana)
    with pytest.raises(Conflict, match="otro calendario"):
        open_proceso(first, luis)
    assert waiting() == [last]
    open_proceso(last, luis)
    with pytest.raises(Conflict, match="ya está abierto"):
        open_proceso(last, luis)
    assert (Proceso.objects.count(), ProcesoAbierto.objects.count(), CalendarioPropuesto.objects.count()) == (1, 1, 2)


def test_who_does_not_administer_neither_proposes_nor_opens() -> None:
    auditor = create_usuario("eva", "Eva", None)
    appoint(auditor, Rol.REVISOR)
    with pytest.raises(PermissionError):
        propose_proceso(local(), auditor)
    with pytest.raises(PermissionError):
        open_proceso(propose_proceso(local(), administrator("ana")), auditor)
    assert not Etapa.objects.exists()


@pytest.mark.parametrize("act", ["propose", "open", "refuse"])
def test_who_ceased_to_administer_while_the_lock_was_awaited_does_nothing(act: str) -> None:
    ana, luis = administrator("ana"), administrator("luis")
    proposed = propose_proceso(local(), ana)
    acts = {
        "propose": lambda: propose_proceso(local(nombre="Otra elección"), luis),
        "open": lambda: open_proceso(proposed, luis),
        "refuse": lambda: refuse_calendar(proposed, "Faltan las precampañas.", luis),
    }
    with appointments_kept():
        assert may(luis, "administrar")
        with registering():  # as another process does: nothing is forgotten
            FinNombramiento.objects.create(
                nombramiento=Nombramiento.objects.get(usuario=luis),
                termina_el=clock.now(),
                hecho_el=clock.now(),
                motivo="Renunció.",
                hecho_por=ana,
            )
        assert may(luis, "administrar")
        with pytest.raises(PermissionError, match="quien administra el sistema"):
            acts[act]()
    assert waiting() == [proposed]


def test_terms_of_an_accord_close_the_windows_and_stay_in_the_stage() -> None:
    ana, luis = administrator("ana"), administrator("luis")
    new = draft("federal_intermedia", "", 2027)
    stages = [replace(each, acuerdo="INE/CG1/2027", plazos=(5, 9, 7, 3, 6, 8)) for each in new.etapas]
    proceso = open_proceso(propose_proceso(replace(new, etapas=tuple(stages[2:])), ana), luis)
    [campaign] = proceso.etapas.all()
    assert campaign.plazos == [5, 9, 7, 3, 6, 8]
    window = Ventana.objects.get(periodo=Periodo.objects.get(etapa=campaign, numero=2))
    assert window.base == "INE/CG1/2027"
    assert window.cierra_el.astimezone(clock.legal_zone()).date() == date(2027, 6, 8)  # ends on 2 June, five days more


def test_an_accord_on_the_annual_term_leaves_the_quarters_to_the_law() -> None:
    year = draft("ordinario", "", 2026).etapas[0]
    for plazos, base in ((year.plazos, "LGPP 78.1.b.I"), ((61, *year.plazos[1:]), "INE/CG1/2027")):
        stage = replace(year, acuerdo="INE/CG1/2027", plazos=plazos)
        bases = [term_base("ordinario", stage, each) for each in periods_of("ordinario", stage)]
        assert bases == ["LGPP 78.1.a.I"] * 3 + [base]


def test_days_of_the_law_need_no_accord_and_others_do() -> None:
    new = draft("federal_intermedia", "", 2027)
    # The law gives a week and a longest length of the precampaign, and no days of the support: an accord does.
    assert places(new) == ["precampana_acuerdo", "apoyo_ciudadano_acuerdo"]
    campaign = new.etapas[2]
    moved = replace(campaign, inicia_el=date(2027, 4, 1))
    assert places(replace(new, etapas=(campaign,))) == []
    assert places(replace(new, etapas=(moved,))) == ["campana_acuerdo"]
    assert places(replace(new, etapas=(replace(campaign, plazos=(4, 10, 5, 10, 6, 6)),))) == ["campana_acuerdo"]


def test_no_accord_makes_a_precampaign_longer_than_the_law_lets() -> None:
    new = draft("federal_intermedia", "", 2027)
    precampaign = replace(new.etapas[0], acuerdo="INE/CG1/2026")
    assert (precampaign.inicia_el, precampaign.termina_el) == (date(2027, 1, 4), date(2027, 2, 12))
    assert places(replace(new, etapas=(precampaign,))) == []
    longer = replace(precampaign, termina_el=date(2027, 2, 13))
    [problem] = problems_of(replace(new, etapas=(longer,)))
    assert problem.donde == "precampana_termina"
    assert "41 días" in problem.mensaje and "LGIPE 226.2.b" in problem.mensaje
    assert "12/02/2027" in problem.cura


def test_a_year_without_that_kind_of_process_is_refused_with_the_right_kind() -> None:
    for clase, anio, right in (
        ("federal", 2027, "Federal, solo diputaciones"),
        ("federal_intermedia", 2030, "Federal, con Presidencia"),
        ("federal", 2026, "Escriba el año de la elección"),
        ("ordinario", 2027, "Ejercicio ordinario en año de elección federal"),
        ("ordinario_electoral", 2026, "«Ejercicio ordinario»"),
    ):
        with pytest.raises(Refused) as refused:
            draft(clase, "", anio)
        [problem] = refused.value.problems
        assert problem.donde == "anio"
        assert right in problem.cura
    quarters = draft("ordinario", "", 2026)
    assert "anio" in places(replace(quarters, anio=2027))


def test_the_days_without_propaganda_cite_the_article_of_their_elections() -> None:
    for new, article in ((local(), "LGIPE 210.1"), (draft("federal_intermedia", "", 2027), "LGIPE 251.4")):
        campaign = replace(new.etapas[2], termina_el=date(2027, 6, 3), acuerdo="A/1")
        [problem] = problems_of(replace(new, etapas=(campaign,)))
        assert article in problem.cura


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"clave": "pel 27"}, "clave"),
        ({"nombre": "  "}, "nombre"),
        ({"etapas": ()}, "etapas"),
        ({"entidad": ""}, "entidad"),
        ({"ambito": "federal"}, "entidad"),
        ({"jornada_el": None}, "jornada_el"),
        ({"clase": "otra"}, "clase"),
        ({"anio": 1999}, "anio"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(changes: dict[str, Any], place: str) -> None:
    assert place in places(local(**changes))


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"termina_el": date(2027, 4, 1)}, "campana_termina"),
        ({"inicia_el": date(2025, 1, 1)}, "campana_inicia"),
        ({"termina_el": date(2027, 6, 3)}, "campana_termina"),
        ({"inicia_el": date(2027, 2, 20)}, "campana_inicia"),
        ({"plazos": (3, 10)}, "campana_plazos"),
        ({"plazos": (3, 10, 5, 10, 6, 900)}, "campana_plazos"),
        ({"plazos": (1, 0, 0, 0, 0, 0)}, "campana_plazos"),
        ({"plazos": (3, 0, 5, 10, 6, 6)}, "campana_plazos"),
        ({"plazos": (3, 10, 0, 10, 6, 6)}, "campana_plazos"),
        ({"plazos": (3, 10, 5, 0, 6, 6)}, "campana_plazos"),
        ({"acuerdo": "x" * 41}, "campana_acuerdo"),
    ],
)
def test_a_stage_out_of_order_is_told_at_its_field(changes: dict[str, Any], place: str) -> None:
    new = local()
    stages = tuple(replace(each, **changes) if each.tipo == "campana" else each for each in new.etapas)
    assert place in places(replace(new, etapas=stages))


def test_an_oficio_on_the_last_day_of_the_report_is_refused_with_its_days_and_the_shortest_order_is_not() -> None:
    new = local()
    campaign = next(each for each in new.etapas if each.tipo == "campana")
    [problem] = problems_of(replace(new, etapas=(replace(campaign, plazos=(1, 0, 0, 0, 0, 0)),)))
    assert problem.mensaje == "El oficio sería el 04/05/2027 y el informe vence el 04/05/2027."
    assert problems_of(replace(new, etapas=(replace(campaign, plazos=(0, 1, 1, 1, 0, 0)),))) == []


def test_the_terms_shorter_than_the_law_are_said_with_its_days() -> None:
    assert shorter_terms("campana", (3, 10, 5, 10, 6, 6)) == ()
    assert shorter_terms("campana", (3, 12, 1, 10, 6, 5)) == (
        ShorterTerm("respuesta", 1, 5),
        ShorterTerm("consejo", 5, 6),
    )


def test_a_process_that_runs_over_another_of_the_same_place_is_refused() -> None:
    ana, luis = administrator("ana"), administrator("luis")
    open_proceso(propose_proceso(local(), ana), luis)
    assert places(local()) == ["clave"]
    with pytest.raises(Refused, match="Se encima con"):
        propose_proceso(local(clave="OTRA-2027"), ana)
    elsewhere = draft("local_intermedia", "OAX", 2027)
    assert places(replace(elsewhere, etapas=tuple(replace(each, acuerdo=LAW) for each in elsewhere.etapas))) == []
    beside = draft("extraordinario", "DUR", 2027, date(2027, 6, 6))
    assert places(replace(beside, etapas=tuple(replace(each, acuerdo="Convocatoria") for each in beside.etapas))) == []


def test_the_law_draws_the_ordinary_year_and_refuses_what_it_cannot_draw() -> None:
    year = draft("ordinario", "", 2026)
    assert (year.clave, year.ambito, year.jornada_el, places(year)) == ("ORD-2026", "federal", None, [])
    for asked, place in (
        (("otra", "", 2027), "clase"),
        (("local", "", 2027), "entidad"),
        (("federal_intermedia", "DUR", 2027), "entidad"),
        (("federal", "", 1990), "anio"),
        (("extraordinario", "DUR", 2026), "jornada_el"),
        (("ordinario", "", 2026, date(2026, 6, 7)), "jornada_el"),
        (("federal_intermedia", "", 2027, date(2026, 6, 7)), "jornada_el"),
    ):
        with pytest.raises(Refused) as refused:
            draft(*asked)
        assert [each.donde for each in refused.value.problems] == [place]


def test_the_database_neither_opens_what_was_closed_nor_closes_what_was_opened() -> None:
    ana, luis = administrator("ana"), administrator("luis")
    one = propose_proceso(local(), ana)
    refuse_calendar(one, "Los días no son los del acuerdo", luis)
    assert waiting() == []
    with registering():
        proceso = Proceso.objects.create(clave="X-1", nombre="Otro", ambito="local", entidad="DUR", anio=2027)
    with pytest.raises(DatabaseError, match="se rechazó o se retiró"), transaction.atomic(), registering(luis.pk):
        ProcesoAbierto.objects.create(propuesta=one, proceso=proceso, abierto_el=clock.now(), abierto_por=luis)
    two = propose_proceso(local(), ana)
    for sentido, who, why in (("retirado", luis, ""), ("rechazado", ana, "No"), ("rechazado", luis, "")):
        with pytest.raises(DatabaseError), transaction.atomic(), everything(who.pk):
            CalendarioCerrado.objects.create(
                propuesta=two, sentido=sentido, motivo=why, hecho_el=clock.now(), hecho_por=who
            )
    open_proceso(two, luis)
    for close in (lambda: withdraw_calendar(two, ana), lambda: refuse_calendar(two, "Tarde ya", luis)):
        with pytest.raises(Conflict, match="ya está abierto"):
            close()
    assert CalendarioCerrado.objects.count() == 1

"""A coalition has an agreement by its accord, whose shares sum the whole, and an amendment keeps what ruled before."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from sif.audit.freeze import source_of
from sif.proceedings.sanctioning import shares_of
from sif.registry import clock
from sif.registry.coalition_models import in_force_on
from sif.registry.coalitions import NewAgreement, agreements_of, members_on, register_agreement
from sif.registry.models import ConvenioCoalicion, IntegranteCoalicion, Nombramiento, Suceso, SujetoObligado, Usuario
from sif.registry.scope import acting, everything, registering
from sif.registry.services import appoint, create_usuario, register_member
from sif.registry.sujetos import NewSujeto, register_subject
from sif.values import Refused
from small_world import ZONE

pytestmark = pytest.mark.django_db
Tipo = SujetoObligado.Tipo
DAY, LATER, TODAY = date(2024, 1, 10), date(2024, 3, 1), datetime(2024, 3, 20, 12, tzinfo=ZONE)


class Scene:
    """A coalition, three parties that may make it up, a candidate that may not, and who administers."""

    def __init__(self) -> None:
        self.ana = create_usuario("ana", "Ana", None)
        appoint(self.ana, Nombramiento.Rol.ADMINISTRADOR)
        kinds = (("A", Tipo.PARTIDO), ("B", Tipo.PARTIDO_LOCAL), ("C", Tipo.PARTIDO), ("I", Tipo.INDEPENDIENTE))
        made = [register_subject(NewSujeto(tipo, siglas, f"Sujeto {siglas}"), self.ana) for siglas, tipo in kinds]
        self.a, self.b, self.c, self.alone = made
        self.union = register_subject(NewSujeto(Tipo.COALICION, "AB", "Coalición A y B"), self.ana)

    def new(self, *parts: tuple[SujetoObligado, int], **changes: Any) -> NewAgreement:
        said: dict[str, Any] = {"acuerdo": "INE/CG5/2024", "aprobado_el": DAY, "desde": DAY, **changes}
        return NewAgreement(partes=tuple((party.pk, share) for party, share in parts), **said)

    def shares(self, day: date) -> dict[str, int]:
        return {each.sujeto.siglas: each.participacion_pb for each in members_on(self.union, day)}


@pytest.fixture
def scene() -> Any:
    with everything(), clock.at(TODAY):
        yield Scene()


def codes(scene: Scene, new: NewAgreement, union: SujetoObligado | None = None) -> set[tuple[str, str]]:
    """What is refused and where; nothing of it enters."""
    before = IntegranteCoalicion.objects.count()
    with pytest.raises(Refused) as refused:
        register_agreement(union or scene.union, new, scene.ana)
    assert IntegranteCoalicion.objects.count() == before
    return {(each.codigo, each.donde) for each in refused.value.problems}


def test_the_shares_sum_the_whole_to_the_last_hundredth(scene: Scene) -> None:
    a, b, c = scene.a, scene.b, scene.c
    with pytest.raises(Refused, match=r"suman 99\.99 %.*") as refused:
        register_agreement(scene.union, scene.new((a, 3333), (b, 3333), (c, 3333)), scene.ana)
    assert "Falta 0.01 %" in refused.value.problems[0].cura
    assert codes(scene, scene.new((a, 6000), (b, 4001))) == {("suma", "")}
    assert codes(scene, scene.new((a, 10_000), (b, 0))) == {("pocos", "")}
    assert codes(scene, scene.new((a, 6000), (scene.alone, 4000))) == {("partido", f"parte_{scene.alone.pk}")}
    both = {("parte", f"parte_{a.pk}"), ("parte", f"parte_{b.pk}")}
    assert codes(scene, scene.new((a, 20_000), (b, -10_000))) == both
    assert ("repetido", f"parte_{a.pk}") in codes(scene, scene.new((a, 5000), (a, 5000)))
    assert codes(scene, scene.new((a, 5000), (scene.union, 5000))) == {("partido", f"parte_{scene.union.pk}")}
    gone = NewAgreement("INE/CG5/2024", DAY, DAY, ((a.pk, 5000), (999_999, 5000)))
    assert codes(scene, gone) == {("partido", "parte_999999")}
    assert codes(scene, scene.new((a, 5000), (b, 5000)), a) == {("tipo", "")}
    made = register_agreement(scene.union, scene.new((a, 3334), (b, 3333), (c, 3333)), scene.ana)
    assert scene.shares(DAY) == {"A": 3334, "B": 3333, "C": 3333}
    assert (made.registrado_por, made.sha256) == (scene.ana, "")
    assert Suceso.objects.filter(verbo="registrar_integrantes", objeto=made.pk).exists()


def test_days_out_of_order_and_an_accord_without_number_are_refused(scene: Scene) -> None:
    parts = ((scene.a, 6000), (scene.b, 4000))
    assert codes(scene, scene.new(*parts, acuerdo="  ")) == {("acuerdo", "acuerdo")}
    assert codes(scene, scene.new(*parts, acuerdo="x" * 61)) == {("acuerdo", "acuerdo")}
    assert codes(scene, scene.new(*parts, desde=date(2024, 1, 9))) == {("antes", "desde")}
    ahead = {"aprobado_el": date(2024, 3, 21), "desde": date(2024, 3, 21)}
    assert codes(scene, scene.new(*parts, **ahead)) == {("futuro", "aprobado_el")}
    register_agreement(scene.union, scene.new(*parts, aprobado_el=LATER, desde=LATER), scene.ana)
    assert codes(scene, scene.new((scene.a, 5000), (scene.b, 5000))) == {("orden", "desde")}


def test_an_amendment_rules_from_its_day_and_what_ruled_before_is_kept(scene: Scene) -> None:
    first = register_agreement(scene.union, scene.new((scene.a, 6000), (scene.b, 4000)), scene.ana)
    change = {"acuerdo": "INE/CG90/2024", "aprobado_el": LATER, "desde": LATER}
    second = register_agreement(scene.union, scene.new((scene.a, 2500), (scene.c, 7500), **change), scene.ana)
    assert scene.shares(date(2024, 1, 9)) == {}
    assert scene.shares(DAY) == scene.shares(date(2024, 2, 28)) == {"A": 6000, "B": 4000}
    assert scene.shares(LATER) == {"A": 2500, "C": 7500}
    assert [(each.convenio, each.hasta) for each in agreements_of(scene.union)] == [(second, None), (first, LATER)]
    assert Suceso.objects.filter(verbo="modificar_convenio", objeto=second.pk).exists()
    fixed = register_agreement(scene.union, scene.new((scene.a, 5000), (scene.c, 5000), **change), scene.ana)
    assert scene.shares(LATER) == {"A": 5000, "C": 5000}  # the one of the same day corrects the last
    assert [each.hasta for each in agreements_of(scene.union)] == [None, LATER, LATER]
    assert {each.convenio_id for each in in_force_on(LATER)} == {fixed.pk}


def test_the_same_agreement_twice_is_refused(scene: Scene) -> None:
    new = scene.new((scene.a, 6000), (scene.b, 4000))
    register_agreement(scene.union, new, scene.ana)
    assert codes(scene, new) == {("repetido", "")}
    assert ConvenioCoalicion.objects.count() == 1


def test_an_agreement_follows_members_registered_without_their_accord(scene: Scene) -> None:
    for party in (scene.a, scene.b):
        register_member(scene.union, party, 5000, DAY)
    change = {"aprobado_el": LATER, "desde": LATER}
    register_agreement(scene.union, scene.new((scene.a, 6000), (scene.b, 4000), **change), scene.ana)
    assert (scene.shares(DAY), scene.shares(LATER)) == ({"A": 5000, "B": 5000}, {"A": 6000, "B": 4000})
    with pytest.raises(DatabaseError, match="entran con él"), transaction.atomic():
        register_member(scene.union, scene.c, 1, LATER)


def test_who_does_not_administer_registers_none(scene: Scene) -> None:
    eva = create_usuario("eva", "Eva", None)
    appoint(eva, Nombramiento.Rol.SECRETARIA)
    with pytest.raises(PermissionError):
        register_agreement(scene.union, scene.new((scene.a, 6000), (scene.b, 4000)), eva)
    assert not ConvenioCoalicion.objects.exists()


def _forged(scene: Scene, ana: Usuario, *parts: tuple[SujetoObligado, int], **changes: Any) -> None:
    """Write an agreement by the registry, as a service would that judged nothing."""
    said = {"acuerdo": "X", "aprobado_el": DAY, "desde": DAY, "registrado_el": clock.now(), **changes}
    with acting(), registering(ana.pk):
        made = ConvenioCoalicion.objects.create(coalicion=scene.union, registrado_por=ana, **said)
        for party, share in parts:
            IntegranteCoalicion.objects.create(
                coalicion=scene.union, convenio=made, sujeto=party, participacion_pb=share, desde=DAY
            )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_holds_the_whole_by_itself(scene: Scene) -> None:
    a, b, ana = scene.a, scene.b, scene.ana
    for parts, told in (
        (((a, 6000), (b, 3999)), "suman 9999 de 10000"),
        (((a, 10_000),), "tiene 1 integrantes"),
        ((), "tiene 0 integrantes"),
        (((a, 5000), (scene.alone, 5000)), "no es un partido"),
        (((a, 5000), (a, 5000)), "integrante_unico"),
    ):
        with pytest.raises(DatabaseError, match=told), transaction.atomic():
            _forged(scene, ana, *parts)
    made = register_agreement(scene.union, scene.new((a, 6000), (b, 4000)), ana)
    with pytest.raises(DatabaseError, match="no es de ese convenio"), transaction.atomic(), registering(ana.pk):
        # A later transaction would be refused; here the one of the test is the same, so the day betrays it.
        IntegranteCoalicion.objects.create(
            coalicion=scene.union, convenio=made, sujeto=scene.c, participacion_pb=1, desde=LATER
        )
    with pytest.raises(DatabaseError, match="partes posteriores"), transaction.atomic():
        _forged(scene, ana, (a, 5000), (b, 5000), aprobado_el=date(2024, 1, 9), desde=date(2024, 1, 9))
    with pytest.raises(DatabaseError, match="convenio_dias_en_orden"), transaction.atomic():
        _forged(scene, ana, (a, 5000), (b, 5000), aprobado_el=LATER)
    with pytest.raises(DatabaseError), transaction.atomic():
        ConvenioCoalicion.objects.filter(pk=made.pk).update(acuerdo="otro")


def test_who_reads_shares_reads_those_of_its_day(scene: Scene) -> None:
    register_agreement(scene.union, scene.new((scene.a, 6000), (scene.b, 4000)), scene.ana)
    change = {"acuerdo": "INE/CG90/2024", "aprobado_el": LATER, "desde": LATER}
    register_agreement(scene.union, scene.new((scene.a, 1000), (scene.c, 9000), **change), scene.ana)
    register_agreement(scene.union, scene.new((scene.a, 2500), (scene.c, 7500), **change), scene.ana)
    assert shares_of(scene.union, DAY) == {scene.a.pk: 6000, scene.b.pk: 4000}
    assert shares_of(scene.union, LATER) == {scene.a.pk: 2500, scene.c.pk: 7500}
    with connection.cursor() as cursor:
        cursor.execute(source_of("integrantes") or "")
        frozen = [(sujeto, share, desde, hasta) for _union, sujeto, share, desde, hasta in cursor.fetchall()]
    last = date(9999, 12, 31)
    assert frozen == [
        (scene.a.pk, 6000, DAY, LATER),
        (scene.b.pk, 4000, DAY, LATER),
        (scene.a.pk, 2500, LATER, last),
        (scene.c.pk, 7500, LATER, last),
    ]

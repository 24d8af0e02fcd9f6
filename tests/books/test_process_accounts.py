"""A process adds accounts: the authority only, by its agreement, with what their group carries, and for ever."""

from datetime import date
from typing import Any

import pytest

from sif.books.models import Cuenta
from sif.books.selectors import accounts_of, balanza, missing_evidence, spent_against_cap
from sif.books.services import NewAccount, PolizaRefused, add_account, load_catalogs, post_poliza
from sif.ledger import NewLine
from sif.registry.services import appoint, create_usuario
from sif.values import Money, Refused
from small_world import LEAFLETS, PAYABLE, World

CODE = "5-5-01-09-0000"


@pytest.fixture
def administrator(world: World) -> Any:
    person = create_usuario("admin-cuentas", "Irene Salas", "una-clave-de-prueba")
    appoint(person, "administrador", desde=date(2024, 1, 1))
    return person


def new(world: World, **changes: Any) -> NewAccount:
    fields: dict[str, Any] = {
        "proceso": world.etapa.proceso,
        "codigo": CODE,
        "nombre": "Cubrebocas con emblema",
        "base": "CG/17/2024",
    }
    return NewAccount(**{**fields, **changes})


def test_an_added_account_takes_movements_and_asks_for_its_groups_evidence(world: World, administrator: Any) -> None:
    row = add_account(new(world), administrator)
    leaflets = accounts_of(world.books)[LEAFLETS]
    assert (row.rubro, row.es_gasto, row.auxiliar) == (leaflets.rubro, True, "proveedor")
    assert list(accounts_of(world.books)) == sorted(accounts_of(world.books))
    own = {"auxiliar_tipo": "proveedor", "auxiliar_id": world.supplier.pk}
    lines = (NewLine(CODE, cargo=Money(12_345), **own), NewLine(PAYABLE, abono=Money(12_345), **own))
    posted = post_poliza(world.expense("1.00", lineas=lines), world.clerk)
    assert {row.cuenta: row.nombre for row in balanza(world.books.pk)}[CODE] == "Cubrebocas con emblema"
    assert spent_against_cap([world.books])[world.books.pk].egresos == Money(12_345)
    asked = {each.clase for each in missing_evidence([world.books.pk]) if each.poliza_id == posted.pk}
    assert {"xml", "pdf", "muestra"} <= asked


def test_another_process_does_not_know_it(world: World, administrator: Any) -> None:
    from sif.registry.services import create_proceso

    other = create_proceso(clave="OTRO-2024", nombre="Otro", ambito="local", entidad="MEX", anio=2024)
    add_account(new(world, proceso=other), administrator)
    assert CODE not in accounts_of(world.books)
    own = {"auxiliar_tipo": "proveedor", "auxiliar_id": world.supplier.pk}
    lines = (NewLine(CODE, cargo=Money(1), **own), NewLine(PAYABLE, abono=Money(1), **own))
    with pytest.raises(PolizaRefused, match="no está en el catálogo"):
        post_poliza(world.expense("1.00", lineas=lines), world.clerk)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"codigo": "5-5-1"}, "codigo"),
        ({"codigo": LEAFLETS}, "repetida"),
        ({"codigo": "9-0-00-00-0001"}, "sin_grupo"),
        ({"nombre": "  "}, "nombre"),
        ({"base": ""}, "base"),
    ],
)
def test_a_bad_account_is_refused_with_its_field(
    world: World, administrator: Any, changes: dict[str, str], code: str
) -> None:
    before = Cuenta.objects.count()
    with pytest.raises(Refused) as refused:
        add_account(new(world, **changes), administrator)
    assert code in [problem.codigo for problem in refused.value.problems]
    assert Cuenta.objects.count() == before


def test_below_an_account_with_movements_nothing_is_added(world: World, administrator: Any) -> None:
    code = LEAFLETS.removesuffix("0000") + "0001"
    post_poliza(world.expense("1.00"), world.clerk)
    with pytest.raises(Refused, match="ya tiene movimientos"):
        add_account(new(world, codigo=code), administrator)


def test_below_an_untouched_account_the_lowest_level_moves(world: World, administrator: Any) -> None:
    add_account(new(world, codigo=LEAFLETS.removesuffix("0000") + "0001"), administrator)
    assert not accounts_of(world.books)[LEAFLETS].capturable
    with pytest.raises(PolizaRefused, match="tiene cuentas debajo"):
        post_poliza(world.expense("1.00"), world.clerk)


def test_only_who_administers_adds_and_loading_again_deletes_nothing(world: World, administrator: Any) -> None:
    with pytest.raises(PermissionError, match="administra"):
        add_account(new(world), world.clerk)
    add_account(new(world), administrator)
    load_catalogs("mx")
    assert Cuenta.objects.get(pk=CODE).base == "CG/17/2024"

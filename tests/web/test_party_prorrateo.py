"""Prorrateo and transfers through pages: what is seen before, what is written, and what a stranger reads."""

import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from election import Election, election
from sif.apportionment.models import AvisoPorcentajes, Prorrateo
from sif.books.models import LadoTransferencia, Poliza
from sif.registry.models import Contabilidad
from sif.registry.scope import EVERYTHING, set_scope
from sif.values import Money

Many = list[Contabilidad]
__all__ = ["election"]


@pytest.fixture
def many(election: Election) -> Many:
    return [election.candidate("L", cap) for cap in ("300", "100")]


class Desk:
    """A client after whose requests the test sees everything again: each page leaves the scope of its own person."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def get(self, *asked: Any, **more: Any) -> Any:
        return self._then(self._client.get(*asked, **more))

    def post(self, *asked: Any, **more: Any) -> Any:
        return self._then(self._client.post(*asked, **more))

    @staticmethod
    def _then(response: Any) -> Any:
        set_scope(EVERYTHING)
        return response


@pytest.fixture
def client(election: Election, enter: Any) -> Desk:
    return Desk(enter(election.world.clerk))


def _ask(*many: Contabilidad, **changes: object) -> dict[str, object]:
    fields = {
        "clase": "personalizado",
        "criterio": "nombre",
        "detalle": "Los nombra la manta",
        "hacer": "ver",
        "b": [each.pk for each in many],
    }
    return {**fields, **changes}


def _url(expense: Poliza) -> str:
    return reverse("party:prorratear", args=[expense.contabilidad_id, expense.eslabon])


def _text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_the_list_begins_empty_and_says_the_first_step(client: Any, election: Election) -> None:
    page = _text(client.get(reverse("party:prorrateo")))
    assert "Todavía no hay prorrateos." in page and reverse("party:prorrateo_gasto") in page
    assert "Se informan a la Comisión a más tardar el" in page and "Por informar" not in page  # the day has passed


def test_only_expenses_that_may_be_shared_are_offered(client: Any, election: Election) -> None:
    shown, other = election.expense(), election.expense("9", concepto="Otra cosa")
    page = _text(client.get(reverse("party:prorrateo_gasto")))
    assert _url(shown) in page and _url(other) in page
    assert reverse("party:prorrateo_escribir", args=[election.pool.pk]) in page
    page = _text(client.get(reverse("party:prorrateo_gasto"), {"q": "otra"}))
    assert _url(shown) not in page and _url(other) in page


def test_the_filter_narrows_and_forgets_nobody_chosen(client: Any, election: Election, many: Many) -> None:
    expense = election.expense()
    assert many[1].candidatura is not None
    found = client.get(_url(expense), {"q": many[1].candidatura.persona.nombre, "b": [many[0].pk], "hacer": "todas"})
    asked = found.context["pedido"]
    assert [each.pk for each in asked.vistas] == [many[1].pk] and asked.elegidas == {each.pk for each in many}
    page = _text(found)
    assert f'type="hidden" name="b" value="{many[0].pk}"' in page and f'id="b_{many[1].pk}"' in page
    found = client.get(_url(expense), {"b": [each.pk for each in many], "hacer": "ninguna", "q": str(many[0].pk)})
    assert found.context["pedido"].elegidas == {many[1].pk}


def test_the_preview_shows_parts_caps_and_the_residue_and_writes_nothing(
    client: Any, election: Election, many: Many
) -> None:
    expense = election.expense("400.01")
    before = Poliza.objects.count()
    page = client.get(_url(expense), _ask(*many))
    table = page.context["previa"]
    assert [row.celdas["importe"] for row in table.filas] == [Money(30_000), Money(10_000), Money(1)]
    assert [row.celdas["parte"] for row in table.filas[:2]] == [7500, 2500]
    assert [row.resaltada for row in table.filas] == [False, False, False]
    assert table.totales["importe"] == Money(40_001)
    words = _text(page)
    assert (
        "Diferencia por prorrateo" in words
        and "100.0 % del tope" in words
        and "Registrar 3 pólizas y la cédula" in words
    )
    assert Poliza.objects.count() == before


def test_what_is_confirmed_is_what_was_seen(client: Any, election: Election, many: Many) -> None:
    expense = election.expense("400.01")
    done = client.post(_url(expense), {**_ask(*many), "esperados": "0"})
    row = Prorrateo.objects.get()
    assert done.status_code == 302 and done["Location"] == reverse("party:prorrateo_ficha", args=[row.folio])
    sheet = _text(client.get(done["Location"]))
    caps = ("300.00", "100.00")
    for words in (*caps, "$400.01", "$400.00", "$0.01", "Los nombra la manta", "LGPP 83.2.l", "Revertir todas"):
        assert words in sheet, words
    page = client.get(done["Location"]).text
    picture = page.split("<h2>¿Cuánto del gasto tocó a cada campaña?")[1].split("</figure>")[0]
    figures = re.findall(r"<td[^>]*>([\d.]+)</td>", picture.split("<tbody")[1].split("</tbody>")[0])
    assert figures == ["300.00", "100.00", "0.01"]
    assert "$400.01" in picture.split("<tfoot")[1]
    again = client.post(_url(expense), {**_ask(*many), "esperados": "0"})
    assert again.status_code == 422 and "ya se prorrateó con el folio" in _text(again)
    assert Prorrateo.objects.count() == 1
    cedula = client.get(reverse("party:prorrateo_cedula", args=[row.folio]))
    assert cedula.getvalue()[:5] == b"%PDF-"
    for part in (row.poliza, *(each.poliza for each in row.partes.all())):
        to = client.get(reverse("party:prorrateo_de_poliza", args=[part.contabilidad_id, part.eslabon]))
        assert to["Location"] == reverse("party:prorrateo_ficha", args=[row.folio])
    listed = client.get(reverse("party:prorrateo"), {"formato": "csv"}).content.decode("utf-8-sig").splitlines()
    assert listed[1].startswith(f"{row.folio},2024-04-10,personalizado,nombre,{election.pool.pk}")


def test_an_expense_is_written_and_shared_at_once(client: Any, election: Election, many: Many) -> None:
    url = reverse("party:prorrateo_escribir", args=[election.pool.pk])
    form = _ask(
        *many,
        concepto="Espectacular del cierre",
        cuenta="5-5-04-01-0000",
        proveedor=election.world.supplier.pk,
        importe="1,000.50",
        fecha="2024-04-12",
        contra="proveedores",
    )
    seen = client.get(url, form)
    assert seen.context["plan"].total == Money(100_050) and "Registrar 4 pólizas" in _text(seen)
    assert client.post(url, {**form, "esperados": seen.context["plan"].hechos}).status_code == 302
    row = Prorrateo.objects.get()
    assert (row.gasto.concepto, row.gasto.total, row.total) == ("Espectacular del cierre", 100_050, 100_050)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"importe": "1.005"}, "tiene 3 decimales"),
        ({"fecha": "2024-02-31"}, "no es un día"),
        ({"importe": "0"}, "mayor a cero"),
        ({"b": []}, "una sola candidatura es directo"),
        ({"clase": ""}, "genérico, conjunto o personalizado"),
        ({"proveedor": "99999"}, "no hay proveedor con número 99999"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    client: Any, election: Election, many: Many, change: dict[str, object], says: str
) -> None:
    form = _ask(
        *many,
        concepto="Manta",
        cuenta="5-5-01-02-0000",
        proveedor=election.world.supplier.pk,
        importe="10",
        fecha="2024-04-12",
    )
    answer = client.post(reverse("party:prorrateo_escribir", args=[election.pool.pk]), {**form, **change})
    assert answer.status_code == 422 and says in _text(answer)
    assert not Poliza.objects.exists()


def test_a_prorrateo_is_undone_whole_from_its_page(client: Any, election: Election, many: Many) -> None:
    client.post(_url(election.expense()), _ask(*many))
    row = Prorrateo.objects.get()
    url = reverse("party:prorrateo_revertir", args=[row.folio])
    assert client.post(url, {"motivo": ""}).status_code == 422
    assert client.post(url, {"motivo": "Faltó una campaña"}).status_code == 302
    assert Poliza.objects.filter(revierte_a__isnull=False).count() == 3
    assert "Este prorrateo se revirtió completo." in _text(
        client.get(reverse("party:prorrateo_ficha", args=[row.folio]))
    )


def test_percentages_are_told_once_from_the_page(client: Any, election: Election) -> None:
    url = reverse("party:prorrateo_informar", args=[election.world.etapa.pk, election.world.party.pk])
    assert client.post(url).status_code == 302 and AvisoPorcentajes.objects.count() == 1
    assert "Informados tarde" in _text(client.get(reverse("party:prorrateo")))
    assert "no se modifican" in _text(client.post(url, follow=True))


def test_a_stranger_sees_and_does_nothing(election: Election, enter: Any, many: Many, client: Any) -> None:
    expense = election.expense()
    client.post(_url(expense), _ask(*many))
    row = Prorrateo.objects.get()
    outsider = Desk(enter(election.world.stranger))
    listed = _text(outsider.get(reverse("party:prorrateo")))
    assert row.folio not in listed
    gone = [
        reverse("party:prorrateo_ficha", args=[row.folio]),
        reverse("party:prorrateo_cedula", args=[row.folio]),
    ]
    assert [outsider.get(url).status_code for url in gone] == [404, 404]
    assert outsider.get(_url(expense)).status_code == 403
    assert outsider.get(reverse("party:prorrateo_escribir", args=[election.pool.pk])).status_code == 403
    assert (
        outsider.get(reverse("party:prorrateo_de_poliza", args=[row.contabilidad_id, row.poliza.eslabon])).status_code
        == 403
    )
    assert outsider.post(reverse("party:prorrateo_revertir", args=[row.folio]), {"motivo": "x"}).status_code == 404
    told = reverse("party:prorrateo_informar", args=[election.world.etapa.pk, election.world.party.pk])
    assert outsider.post(told).status_code == 403
    assert enter(election.world.auditor).get(reverse("party:prorrateo")).status_code == 403


def _move(origin: Contabilidad, to: Contabilidad, **changes: object) -> dict[str, object]:
    fields = {"origen": origin.pk, "destino": to.pk, "forma": "efectivo", "monto": "1,500", "fecha": "2024-04-11"}
    return {**fields, **changes}


def test_a_transfer_shows_both_polizas_and_then_writes_both(client: Any, election: Election) -> None:
    pool, other = election.pool, election.world.other_books
    url = reverse("party:traspaso")
    seen = client.get(url, {**_move(pool, other), "ver": "1"})
    assert [side["titulo"] for side in seen.context["lados"]] == [f"Sale de {pool.pk}", f"Entra a {other.pk}"]
    assert not Poliza.objects.exists()
    form = {**_move(pool, other), "esperados": "0"}
    done = client.post(url, form, follow=True)
    assert "quedó en las dos contabilidades" in _text(done)
    assert [(s.lado, s.monto) for s in LadoTransferencia.objects.order_by("lado")] == [
        ("entrada", 150_000),
        ("salida", 150_000),
    ]
    again = client.post(url, form)
    assert again.status_code == 422 and LadoTransferencia.objects.count() == 2
    listed = client.get(reverse("party:traspasos"), {"formato": "csv"}).content.decode("utf-8-sig").splitlines()
    assert listed[1] == f"TR-{pool.pk}-{other.pk}-0001,2024-04-11,efectivo,{pool.pk},{other.pk},1500.00,1500.00,0.00,no"


def test_the_books_of_an_election_add_up_without_what_one_gave_another(client: Any, election: Election) -> None:
    pool, other = election.pool, election.world.other_books
    whole = client.get(reverse("party:contabilidades")).context["tablas"]
    assert client.post(reverse("party:traspaso"), {**_move(pool, other), "esperados": "0"}).status_code == 302
    page = client.get(reverse("party:contabilidades"))
    assert page.context["tablas"][0][2].totales == whole[0][2].totales
    assert "sin lo que otra les traspasó" in _text(page) and "1,500.00" in _text(page)


def test_goods_move_with_their_head(client: Any, election: Election, many: Many) -> None:
    form = _move(election.pool, many[0], forma="especie", cuenta="5-5-01-03-0000", proveedor=election.world.supplier.pk)
    election.expense("2000")
    assert client.post(reverse("party:traspaso"), {**form, "esperados": "0"}).status_code == 302
    from sif.books.selectors import saldo_de

    assert saldo_de(many[0].pk, "5-5-01-03-0000", date(2024, 4, 30)) == Money(150_000)


def test_a_side_alone_is_seen_as_a_difference(client: Any, election: Election) -> None:
    from sif.books.services import NewLado, Support, post_poliza

    alone = NewLado("TR-X", "salida", election.world.other_books.pk, "efectivo", date(2024, 4, 10), Money(700))
    post_poliza(election.world.expense("7"), election.world.clerk, support=Support(lados=(alone,)))
    page = client.get(reverse("party:traspasos"))
    assert page.context["difieren"] == 1 and "sin registro" in _text(page) and "Difieren" in _text(page)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"monto": "0.005"}, "tiene 3 decimales"),
        ({"fecha": "ayer"}, "no es un día"),
        ({"destino": ""}, "a cuál otra entra"),
        ({"monto": "0"}, "mayor a cero"),
        ({"fecha": "2023-04-11"}, "no cae en ningún periodo"),
    ],
)
def test_a_transfer_that_cannot_be_writes_no_side(
    client: Any, election: Election, change: dict[str, str], says: str
) -> None:
    form = {**_move(election.pool, election.world.other_books), "esperados": "0", **change}
    answer = client.post(reverse("party:traspaso"), form)
    assert answer.status_code == 422 and says in _text(answer)
    assert not Poliza.objects.exists()


def test_books_of_others_are_not_reached_by_a_transfer(election: Election, enter: Any) -> None:
    outsider = Desk(enter(election.world.stranger))
    answer = outsider.post(
        reverse("party:traspaso"), {**_move(election.pool, election.world.other_books), "esperados": "0"}
    )
    assert answer.status_code == 422 and not Poliza.objects.exists()
    assert outsider.get(reverse("party:traspasos")).context["tabla"].filas == []

"""Personal keys on the pages of catalogues: masked for everybody, whole by a look that is kept, out of addresses."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from sif.books.services.registros import NewContrato, sign_contrato
from sif.catalogs.models import FichaProveedor
from sif.catalogs.services import (
    NewAportante,
    NewPersona,
    NewProveedor,
    save_aportante,
    save_persona,
    save_proveedor,
)
from sif.registry import clock, limits, services
from sif.registry.looks import LookRefused, NewLook, Reason, look
from sif.registry.masks import covered, masked, uncovered, unmasked
from sif.registry.models import Aportante, Mirada, Persona
from sif.registry.scope import everything
from sif.statements.names import names_of
from sif.values import Money, Refused

RFC, CURP, ELECTOR, CLABE = "GOMC800101AB4", "GOMC800101MDFXXX08", "GMMCCR80010109M400", "002180000000000009"
SELLER = "SEVN790202AB3"
WHOLE = (RFC, CURP, ELECTOR, CLABE, SELLER)


@pytest.fixture
def kept(scene: Any) -> dict[str, Any]:
    """A donor, a person and a natural person who sells, each with all their keys, captured by the clerk."""
    with everything():
        return keep_people(scene.partido.pk, scene.bruno)


def keep_people(subject: int, by: Any) -> dict[str, Any]:
    """Register them in a subject in the name of who captures in it."""
    donor = NewAportante(subject, "Carmen Gómez", rfc=RFC, curp=CURP, clave_elector=ELECTOR)
    person = NewPersona(subject, "Carmen Gómez", "caja", clock.today(), curp=CURP, rfc=RFC, clave_elector=ELECTOR)
    seller = NewProveedor(subject, SELLER, "Nora Segura", curp="SEVN790202MDFXXX03", clabe=CLABE)
    return {
        "aportante": save_aportante(donor, by),
        "persona": save_persona(person, by),
        "proveedor": save_proveedor(seller, by).proveedor,
    }


def why(words: str, purpose: str = "cotejar") -> dict[str, str]:
    """What the form of a look posts."""
    return {"finalidad": purpose, "motivo": words}


LISTS = {"aportante": "aportantes", "persona": "gente", "proveedor": "proveedores"}
PEOPLE = ("alicia", "bruno", "consulta")


def number_of(row: Any) -> int:
    return int(getattr(row, "identidad", row.pk))


def person_of(scene: Any, name: str) -> Any:
    if name != "consulta":
        return getattr(scene, name)
    found = services.create_usuario(f"consulta{scene.partido.pk}", "Quien Consulta", "")
    services.appoint(found, "consulta", scene.partido, desde=clock.today())
    return found


@pytest.mark.parametrize(
    ("said", "account"),
    [
        ("Pagó a 012 180 00118208031 8 ayer.", "012 180 00118208031 8"),
        ("Pagó a 0121 8000 1182 0803 18.", "0121 8000 1182 0803 18"),
        ("Pagó a 012-180-00118208031-8.", "012-180-00118208031-8"),
        ("Pagó con 4152 3136 1234 5673 el 2027-01-15.", "4152 3136 1234 5673"),
        ("Pagó con 4152313612345673, sin ficha.", "4152313612345673"),
        ("Pagó con 3714 496353 98431.", "3714 496353 98431"),
        ("La cuenta bancaria número 0118208031 no consta.", "0118208031"),
        ("La cuenta de Banorte 01182080312 no consta.", "01182080312"),
        ("De la cta. 01-1820-8031 salió $1,234,567,890.00.", "01-1820-8031"),
        ("La tarjeta 41523136123456789012 no consta.", "41523136123456789012"),
    ],
)
def test_accounts_and_cards_are_covered_however_they_are_written(said: str, account: str) -> None:
    figures = "".join(each for each in account if each.isdigit())
    shown = covered(said)
    assert shown == said.replace(account, masked("clabe", figures))
    assert uncovered(shown, said) == said


def test_two_accounts_that_a_sentence_names_together_are_both_covered() -> None:
    said = "Las cuentas 0118208031 y 00000118208031, de las que nada consta."
    shown = covered(said)
    assert shown == "Las cuentas ••••••8031 y ••••••••••8031, de las que nada consta."
    assert uncovered(shown, said) == said


@pytest.mark.parametrize(
    "said",
    [
        "La cuenta 5-1-01-02-0001 tiene un saldo de $12,345,678,901.00.",
        "Folio 4152313612345674 del 2027-01-15 2027-01-16, por 1 234 567.00.",
        "CFDI 41523136-1234-5670-4152-313612345670 y 5551234567.",
        "Los ejercicios 2021 2022 2023 2024, y 2021-2022 2023-2024.",
        "La cuenta se abrió el 2024-03-01; oficio INE-1234567890/2024.",
        "Cobró $4152313612345673 y 4152313612345673.50.",
    ],
)
def test_amounts_days_folios_and_accounts_of_the_chart_stay(said: str) -> None:
    assert covered(said) == said


def test_a_mask_keeps_the_ends_and_leaves_legal_persons_alone() -> None:
    assert masked("curp", CURP) == "GOMC••••••••••••08"
    assert masked("rfc", RFC) == "GOMC•••••••B4"
    assert masked("clabe", CLABE) == "••••••••••••••0009"
    assert masked("rfc", "PAM140101AB1") == "PAM140101AB1"
    assert (masked("curp", ""), masked("nombre", "Carmen")) == ("", "Carmen")
    said = f"La cuenta {CLABE} se abrió; 0{CLABE} no es una."
    assert covered(said) == f"La cuenta {masked('clabe', CLABE)} se abrió; 0{CLABE} no es una."
    assert uncovered(covered(said), said) == said
    alike = f"De {CLABE} a {CLABE[:2]}9{CLABE[3:]}."  # two accounts whose masks are the same
    assert uncovered(covered(alike), alike) == alike
    for typed, stood in ((f"Sólo {masked('clabe', CLABE)}.", alike), (f"Otra: {masked('clabe', CLABE)}.", "Nada.")):
        with pytest.raises(Refused, match="no se sabe qué cuenta"):
            uncovered(typed, stood)
    assert unmasked({"curp": CURP, "rfc": RFC}, {"curp": masked("curp", CURP), "rfc": "", "nombre": "C"}) == {
        "curp": CURP,
        "rfc": "",
        "nombre": "C",
    }


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("kind", LISTS)
def test_lists_sheets_and_files_are_masked(scene: Any, kept: Any, enter: Any, kind: str, name: str) -> None:
    client = enter(person_of(scene, name))
    addresses = [f"{reverse(f'party:{LISTS[kind]}')}{query}" for query in ("", "?formato=csv")]
    addresses.append(reverse(f"party:{kind}", args=[number_of(kept[kind])]))
    if name != "consulta":
        addresses.append(reverse(f"party:{kind}_editar", args=[number_of(kept[kind])]))
    for address in addresses:
        told = client.get(address).content.decode()
        assert "Carmen" in told or "Nora" in told, address
        assert "••" in told, address
        assert not [key for key in WHOLE if key in told], address


def test_lists_to_choose_from_are_masked(scene: Any, kept: Any, enter: Any) -> None:
    client = enter(scene.alicia)
    page = client.get(reverse("party:aportacion_en", args=[scene.libros.pk])).text
    lookup = reverse("party:auxiliares", args=[scene.libros.pk])
    told = page + "".join(client.post(lookup, {"tipo": kind, "q": "carmen"}).text for kind in ("aportante", "persona"))
    assert "Carmen" in told and RFC not in told and CURP not in told


def test_a_contract_tells_no_more_of_who_sells_than_the_catalogue(scene: Any, kept: Any, enter: Any) -> None:
    """Neither its file nor its filter, which would tell a key letter by letter."""
    signed = scene.periodos[0].hasta
    with everything():
        rented = NewContrato(kept["proveedor"].pk, "Renta de local", signed, Money(100_00), signed)
        sign_contrato(scene.libros, rented, scene.bruno)
    client, page = enter(person_of(scene, "consulta")), reverse("party:avisos")
    told = client.get(page, {"formato": "csv"}).content.decode()
    assert "Renta de local" in told and masked("rfc", SELLER) in told and SELLER not in told
    assert "Renta de local" in client.get(page, {"q": SELLER[:4]}).text
    assert "Renta de local" not in client.get(page, {"q": SELLER[:6]}).text


def test_the_books_tell_no_more_of_people_than_the_lists(scene: Any, kept: Any, enter: Any) -> None:
    with everything():
        signed = scene.periodos[0].hasta
        rented = NewContrato(kept["proveedor"].pk, "Renta de local", signed, Money(100_00), signed)
        sign_contrato(scene.libros, rented, scene.bruno)
        people = {"aportante": kept["aportante"].pk, "persona": kept["persona"].persona_id}
        cited = names_of([*people.items(), ("proveedor", kept["proveedor"].pk)])
    book = reverse("party:libro", args=["avisos"])
    for query in ("etapa=todas", "etapa=todas&formato=csv"):
        answer = enter(scene.alicia).get(f"{book}?{query}")
        text = b"".join(answer).decode("utf-8-sig")
        assert answer.status_code == 200 and "Nora Segura" in text and masked("rfc", SELLER) in text, query
        assert SELLER not in text, query
    assert {cited[each][0] for each in people.items()} == {masked("rfc", RFC)}
    assert cited["proveedor", kept["proveedor"].pk][0] == SELLER  # a line names the issuer whole


def test_pages_that_offer_or_tell_suppliers_show_no_whole_rfc_of_a_natural_person(
    scene: Any, kept: Any, enter: Any
) -> None:
    """Their own, by the name and the mask; those who sell to others alone are not offered."""
    with everything():
        signed = scene.periodos[0].hasta
        rented = NewContrato(kept["proveedor"].pk, "Renta de local", signed, Money(100_00), signed)
        contract = sign_contrato(scene.libros, rented, scene.bruno)
    own, rival = enter(scene.alicia), enter(scene.carla)
    for page, mine, theirs in (
        ("party:prorrateo_escribir", [scene.libros.pk], [scene.ajenos.pk]),
        ("party:traspaso", [], []),
        ("party:aportacion_en", [scene.libros.pk], [scene.ajenos.pk]),
        ("party:contrato", [scene.libros.pk, contract.pk], [scene.libros.pk, contract.pk]),
    ):
        told, other = own.get(reverse(page, args=mine)).text, rival.get(reverse(page, args=theirs)).text
        assert "Nora Segura" in told and SELLER not in told, page
        assert "Nora Segura" not in other and SELLER not in other, page


def test_a_natural_person_who_sells_to_others_is_chosen_by_the_whole_rfc_alone(
    scene: Any, kept: Any, enter: Any
) -> None:
    rival = enter(scene.carla)
    lookup = reverse("party:auxiliares", args=[scene.ajenos.pk])
    for typed in ("segura", SELLER[:4], SELLER[:12]):
        assert "Nora" not in rival.post(lookup, {"tipo": "proveedor", "q": typed}).text, typed
    for typed in (SELLER, f"{SELLER.lower()} Nora Segura"):
        assert "Nora" in rival.post(lookup, {"tipo": "proveedor", "q": typed}).text, typed
    own = enter(scene.bruno)
    mine = reverse("party:auxiliares", args=[scene.libros.pk])
    assert "Nora" in own.post(mine, {"tipo": "proveedor", "q": "segura"}).text
    assert "Nora" not in own.post(mine, {"tipo": "proveedor", "q": SELLER[:6]}).text


def test_keys_typed_in_a_line_are_not_tried_without_end(
    scene: Any, kept: Any, enter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "TYPED_PERSONAL_KEY", limits.Rate("clave_escrita", 2, 3600))
    client, lookup = enter(scene.bruno), reverse("party:auxiliares", args=[scene.libros.pk])
    assert client.post(lookup, {"tipo": "aportante", "q": RFC}).json()
    for guess in ("GOMC800102AB4", "GOMC800103AB4"):
        assert client.post(lookup, {"tipo": "aportante", "q": guess}).json() == []
    refused = client.post(lookup, {"tipo": "aportante", "q": RFC})
    assert (refused.status_code, refused.json()) == (429, [])
    assert client.post(lookup, {"tipo": "aportante", "q": "carmen"}).json()


def test_who_sells_to_another_is_not_learnt_by_trying_every_rfc(
    scene: Any, kept: Any, enter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "TYPED_PERSONAL_KEY", limits.Rate("clave_escrita", 2, 3600))
    own, mine = enter(scene.bruno), reverse("party:auxiliares", args=[scene.libros.pk])
    for _ in range(4):  # of its own catalogue
        assert "Nora" in own.post(mine, {"tipo": "proveedor", "q": SELLER}).text
    rival, lookup = enter(scene.carla), reverse("party:auxiliares", args=[scene.ajenos.pk])
    assert "Nora" not in rival.post(lookup, {"tipo": "proveedor", "q": f"GOMC800102AB4 {SELLER}"}).text  # one at a time
    assert "Nora" in rival.post(lookup, {"tipo": "proveedor", "q": SELLER}).text
    refused = rival.post(lookup, {"tipo": "proveedor", "q": SELLER})
    assert (refused.status_code, refused.json()) == (429, [])
    assert rival.post(lookup, {"tipo": "proveedor", "q": "impresos"}).status_code == 200


def test_who_answers_for_the_subject_sees_them_whole_and_it_is_kept(scene: Any, kept: Any, enter: Any) -> None:
    client = enter(scene.alicia)
    for kind, keys in (("aportante", (RFC, CURP, ELECTOR)), ("persona", (CURP, RFC)), ("proveedor", (SELLER, CLABE))):
        address = reverse(f"party:{kind}", args=[number_of(kept[kind])])
        for said in (
            {"motivo": "Firmar el recibo"},
            why("x"),
            why("ya ya ya"),
            why("Firmar"),
            why("  "),
            why("a b c", "x"),
        ):
            refused = client.post(address, said)
            assert refused.status_code == 422 and keys[0] not in refused.text, said
        seen = client.post(address, why(f"Firmar el recibo de {kind}"))
        assert seen.status_code == 200 and all(key in seen.text for key in keys)
        assert "no-store" in seen["Cache-Control"]
    with everything():
        rows = list(Mirada.objects.filter(sujeto=scene.partido).order_by("pk"))
    assert [(row.tipo, row.objeto, row.persona) for row in rows] == [
        (kind, number_of(kept[kind]), scene.alicia) for kind in LISTS
    ]
    assert "curp" in rows[0].campos


def test_who_may_not_look_is_refused_and_nothing_is_kept(scene: Any, kept: Any, enter: Any) -> None:
    address = reverse("party:aportante", args=[kept["aportante"].identidad])
    for person in (scene.bruno, scene.carla):
        answer = enter(person).post(address, why("Por mera curiosidad"))
        assert answer.status_code in (403, 404) and RFC not in answer.text
    with everything(), pytest.raises(LookRefused):
        look(
            NewLook(scene.partido.pk, "aportante", 1, ("curp",)), Reason("cotejar", "Por mera curiosidad"), scene.carla
        )
    assert not Mirada.objects.exists()


def test_a_whole_file_is_a_look_too(scene: Any, kept: Any, enter: Any) -> None:
    client = enter(scene.alicia)
    for kind in ("aportante", "persona"):
        address = reverse(f"party:{LISTS[kind]}")
        assert client.post(address, why("")).status_code == 302
        told = client.post(address, why("Entregar a la autoridad", "autoridad")).content.decode()
        assert RFC in told and CURP in told
    with everything():
        assert [(row.tipo, row.objeto, row.renglones) for row in Mirada.objects.order_by("pk")] == [
            ("aportante", None, 2),
            ("persona", None, 1),
        ]
    refused = enter(scene.bruno).post(reverse("party:gente"), why("Por mera curiosidad"))
    assert refused.status_code == 302 and CURP not in refused.text


def test_a_form_that_comes_back_masked_keeps_the_keys(scene: Any, kept: Any, enter: Any) -> None:
    client, donor = enter(scene.bruno), kept["aportante"]
    page = client.get(reverse("party:aportante_editar", args=[donor.identidad]))
    typed = {name: page.context["form"][name].value() for name in ("nombre", "rfc", "curp", "clave_elector", "vista")}
    changed = typed | {"nombre": "Carmen Gómez Ruiz", "motivo": "Su nombre completo"}
    assert client.post(reverse("party:aportante_editar", args=[donor.identidad]), changed).status_code == 302
    with everything():
        last = Aportante.objects.get(identidad=donor.identidad, version=2)
    assert (last.nombre, last.rfc, last.curp, last.clave_elector) == ("Carmen Gómez Ruiz", RFC, CURP, ELECTOR)
    for kind, extra in (("persona", {"relacion": "caja"}), ("proveedor", {})):
        address = reverse(f"party:{kind}_editar", args=[kept[kind].pk])
        form = client.get(address).context["form"]
        typed = {name: form[name].value() or "" for name in form.fields} | extra
        assert client.post(address, typed | {"domicilio": "Calle 5", "motivo": "Cambió"}).status_code == 302, kind
    with everything():
        assert Persona.objects.filter(curp=CURP, rfc=RFC).exists()
        assert FichaProveedor.objects.get(proveedor=kept["proveedor"], reemplazada_por=None).clabe == CLABE


def test_a_search_by_key_is_whole_and_leaves_no_key_in_an_address(scene: Any, kept: Any, enter: Any) -> None:
    client = enter(scene.bruno)
    assert "Carmen" not in client.get(reverse("party:aportantes"), {"q": RFC[:6]}).text
    for kind in ("aportante", "persona"):
        search = reverse("party:por_clave", args=[kind])
        found = client.post(search, {"clave": CURP.lower()})
        assert found["Location"] == reverse(f"party:{kind}", args=[number_of(kept[kind])])
        assert client.post(search, {"clave": CURP[:12]})["Location"] == reverse(f"party:{LISTS[kind]}")
        assert client.get(search).status_code == 405
        elsewhere = enter(scene.carla).post(search, {"clave": CURP})
        assert elsewhere["Location"] == reverse(f"party:{LISTS[kind]}")


@pytest.fixture
def looked(scene: Any, kept: Any, enter: Any) -> Client:
    """Alicia, who has looked at a donor and at a seller."""
    client: Client = enter(scene.alicia)
    for kind in ("aportante", "proveedor"):
        client.post(reverse(f"party:{kind}", args=[number_of(kept[kind])]), why(f"Para {kind} y recibo"))
    return client


def test_the_page_of_looks_works_filters_and_exports(scene: Any, looked: Client) -> None:
    address = reverse("party:miradas")
    told = looked.get(address).text
    assert "Para aportante" in told and "Para proveedor" in told and scene.alicia.nombre in told
    assert "Para proveedor" not in looked.get(address, {"tipo": "aportante"}).text
    assert "Nadie ha visto" in looked.get(address, {"hasta": "2020-01-01"}).text
    assert "Para aportante" in looked.get(address, {"persona": scene.alicia.pk, "desde": "2020-01-01"}).text
    lines = looked.get(address, {"tipo": "proveedor", "formato": "csv"}).content.decode().strip().splitlines()
    assert len(lines) == 2 and "Para proveedor" in lines[1]
    assert looked.post(address).status_code == 405


def test_the_page_of_looks_refuses_a_stranger_and_begins_empty(scene: Any, looked: Client, enter: Any) -> None:
    assert enter(scene.bruno).get(reverse("party:miradas")).status_code == 403
    assert enter(scene.dario).get(reverse("party:miradas")).status_code == 403
    assert "Nadie ha visto" in enter(scene.carla).get(reverse("party:miradas")).text
    assert Client().get(reverse("party:miradas")).status_code == 302


def test_a_look_is_never_changed(looked: Client) -> None:
    with everything():
        for change in (lambda: Mirada.objects.update(motivo="Otro"), lambda: Mirada.objects.all().delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_keys_are_not_tried_without_end(scene: Any, enter: Any, kept: dict[str, Any]) -> None:
    client = enter(scene.bruno)
    where = reverse("party:por_clave", args=["aportante"])
    for letter in "ABCDEFGHIJKLMNOPQRST":
        assert client.post(where, {"clave": f"GOMC80010{letter}AB4"})["Location"] == reverse("party:aportantes")
    refused = client.post(where, {"clave": RFC}, follow=True)
    assert "demasiadas claves" in refused.text
    assert refused.redirect_chain[-1][0] == reverse("party:aportantes")


def test_a_receipt_with_whole_keys_is_a_look(scene: Any, enter: Any) -> None:
    from sif.registry.looks import keep_look

    with everything():
        keep_look(NewLook(scene.partido.pk, "persona", 1, ("curp",)), "Recibo R-1 en PDF", scene.bruno)
    page = enter(scene.alicia).get(reverse("party:miradas")).text
    assert "Recibo R-1 en PDF" in page

"""Capture and inbox: nothing typed is lost, errors stand in their place, and a draft is posted once."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from flat import flat
from sif.books.models import Archivo, Borrador, Entrega, Poliza
from sif.registry.models import Nombramiento
from sif.registry.scope import everything
from sif.registry.services import appoint, create_usuario
from sif.web.party.captura.posting import post
from sif.web.party.mesa import Mesa


@pytest.fixture
def alicia(scene: Any, enter: Any) -> Client:
    return enter(scene.alicia)


@pytest.fixture
def draft(scene: Any, alicia: Client) -> str:
    """The address of a new draft."""
    return str(alicia.post(reverse("party:empezar", args=[scene.libros.pk]))["Location"])


def typed(scene: Any, action: str, **changes: str) -> dict[str, str]:
    """A sound póliza of leaflets as a person types it: one account by words, one by its code without dashes."""
    return {
        "accion": action,
        "ventana": f"{scene.periodos[0].pk}:normal",
        "subtipo": "DR",
        "clase": "ordinaria",
        "fecha": f"{scene.periodos[0].hasta:%d/%m/%Y}",
        "concepto": "Volantes",
        "cuenta_1": "5-5-01-03-0000",
        "auxiliar_1": "IPR150312Q47",
        "concepto_1": "Volantes",
        "cargo_1": "$1,234.5",
        "abono_1": "",
        "cuenta_2": "21010100 00",
        "auxiliar_2": "impresos del prado",
        "concepto_2": "",
        "cargo_2": "",
        "abono_2": "1234.50",
        **changes,
    }


def how_many() -> int:
    with everything():
        return Poliza.objects.count()


def test_posting_a_draft_works_and_a_second_click_posts_nothing(scene: Any, alicia: Client, draft: str) -> None:
    data = typed(scene, "registrar", cuenta_2="proveedores por pagar")
    done = alicia.post(draft, data)
    assert done.status_code == 302
    page = alicia.get(done["Location"])
    assert "registrada a las" in page.text
    assert "$1,234.50" in page.text
    again = alicia.post(draft, data)
    assert again["Location"] == done["Location"]
    assert how_many() == 1
    with everything():
        assert not Borrador.objects.exists()


def test_two_presses_at_once_lead_to_the_same_poliza(
    scene: Any, alicia: Client, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone, first = Mesa.alone, []

    def pressed_before(mesa: Mesa, number: int) -> Any:
        if not first:
            first.append(None)
            first[0] = alicia.post(draft, typed(scene, "registrar"))
        return alone(mesa, number)

    monkeypatch.setattr(Mesa, "alone", pressed_before)
    second = alicia.post(draft, typed(scene, "registrar"))
    assert (first[0].status_code, second.status_code) == (302, 302) and first[0].url == second.url
    assert how_many() == 1


def test_whoever_left_while_posting_posts_nothing(
    scene: Any, alicia: Client, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leaving(*given: Any) -> Poliza:
        Session.objects.all().delete()
        return post(*given)

    monkeypatch.setattr("sif.web.party.captura.draft.post", leaving)
    assert alicia.post(draft, typed(scene, "registrar")).status_code == 400
    assert how_many() == 0
    with everything():
        assert Borrador.objects.get().contenido["concepto"] == "Volantes"


def test_a_session_remembers_the_last_drafts_alone(scene: Any, alicia: Client, draft: str) -> None:
    session = alicia.session
    session["registradas"] = {f"-{number}": "/" for number in range(30)}
    session.save()
    done = alicia.post(draft, typed(scene, "registrar"))["Location"]
    kept = alicia.session["registradas"]
    assert list(kept) == [*(f"-{number}" for number in range(11, 30)), draft.rstrip("/").rpartition("/")[2]]
    assert alicia.post(draft, typed(scene, "registrar"))["Location"] == done


def test_what_does_not_balance_says_where_and_keeps_what_was_typed(scene: Any, alicia: Client, draft: str) -> None:
    refused = alicia.post(draft, typed(scene, "registrar", abono_2="1,000.00", fecha="31/02/2026"))
    assert refused.status_code == 422
    assert "«31/02/2026» no es una fecha." in refused.text
    assert 'aria-describedby="id_fecha-ayuda id_fecha-error"' in refused.text
    assert 'value="1,234.50"' in refused.text
    refused = alicia.post(draft, typed(scene, "registrar", abono_2="1,000.00"))
    assert "Los cargos suman 1,234.50 y los abonos 1,000.00." in refused.text
    assert "Abonar $234.50" in refused.text
    assert 'value="Volantes"' in alicia.get(draft).text
    assert how_many() == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cuenta_1": "volantes al viento"}, "Ninguna cuenta se llama «volantes al viento»."),
        ({"cuenta_1": "aportaciones"}, "«aportaciones» puede ser:"),
        ({"cuenta_1": "9-9-99-99-9999"}, "La cuenta «9-9-99-99-9999» no está en el catálogo."),
        ({"cargo_1": "mil"}, "«mil» no es un importe."),
        ({"auxiliar_1": "Nadie SA"}, "«Nadie SA» no está en el catálogo de proveedor."),
        ({"auxiliar_1": ""}, "pide un auxiliar de «proveedor» y la línea no lo trae"),
        ({"ventana": ""}, "Falta en qué periodo se registra."),
        ({"concepto": " "}, "La póliza no dice qué registra."),
        ({"pago_monto": "x1"}, "«x1» no es un importe."),
        ({"aportacion_monto": "10", "aportacion_aportante": "Donante Uno"}, "Falta el folio del recibo."),
    ],
)
def test_each_problem_has_its_words(
    scene: Any, alicia: Client, draft: str, changes: dict[str, str], words: str
) -> None:
    refused = alicia.post(draft, typed(scene, "registrar", **changes))
    assert refused.status_code == 422
    assert words in refused.content.decode().replace("&#x27;", "'")
    assert how_many() == 0


def test_buttons_add_remove_and_balance_without_script(scene: Any, alicia: Client, draft: str) -> None:
    assert alicia.post(draft, typed(scene, "agregar"))["Location"].startswith(draft)
    assert "Línea 3, cuenta" in alicia.get(draft).text
    alicia.post(draft, typed(scene, "quitar:1"))
    assert "5-5-01-03-0000" not in _values(alicia.get(draft).text)
    alicia.post(draft, typed(scene, "igualar", abono_2=""))
    assert "1,234.50" in _values(alicia.get(draft).text)
    assert "Está lista para registrarse." in alicia.post(draft, typed(scene, "comprobar")).text
    assert alicia.post(draft, typed(scene, "descartar")).status_code == 302
    assert alicia.get(draft).status_code == 404


def _values(page: str) -> list[str]:
    import re

    return re.findall(r'<input type="text"[^>]* value="([^"]*)"', page)


@pytest.mark.parametrize("window", ["4", "4:", ":normal", "4:otro", "²:normal", "9" * 30 + ":normal"])
def test_a_draft_of_no_window_is_told_and_opens_again(scene: Any, alicia: Client, draft: str, window: str) -> None:
    told = alicia.post(draft, typed(scene, "registrar", ventana=window))
    assert told.status_code == 422
    assert "Falta en qué periodo se registra." in told.text
    assert alicia.get(draft).status_code == 200


def test_saving_at_each_pause_says_when(scene: Any, alicia: Client, draft: str) -> None:
    piece = alicia.post(draft, typed(scene, "guardar", version="1"), headers={"hx-request": "true"})
    assert "Borrador guardado" in piece.text
    assert 'value="2"' in piece.text
    assert "<html" not in piece.text


def test_a_save_that_arrives_while_the_draft_is_posted_is_told_so(
    scene: Any, alicia: Client, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sif.web.party.captura import draft as page

    read = page.typed

    def posted_meanwhile(*given: Any) -> Any:
        monkeypatch.undo()
        alicia.post(draft, typed(scene, "registrar"))
        return read(*given)

    monkeypatch.setattr(page, "typed", posted_meanwhile)
    late = alicia.post(draft, typed(scene, "guardar", version="1"), headers={"hx-request": "true"})
    assert (late.status_code, how_many()) == (404, 1)


def parted(scene: Any, alicia: Client, enter: Any, draft: str) -> str:
    """Where Alicia is led when Bruno saved her draft first."""
    bruno = enter(scene.bruno)
    assert bruno.post(draft, typed(scene, "guardar", concepto="De Bruno", version="1")).status_code == 302
    return str(alicia.post(draft, typed(scene, "guardar", concepto="De Alicia", version="1"))["Location"])


def test_what_two_people_typed_is_kept_and_what_differs_is_shown(
    scene: Any, alicia: Client, enter: Any, draft: str
) -> None:
    own = parted(scene, alicia, enter, draft)
    assert own != draft
    page = alicia.get(own).text
    assert "Bruno Cárdenas Uribe lo guardó a las" in page
    assert "<td>De Bruno</td><td>De Alicia</td>" in flat(page)
    with everything():
        kept = {row.contenido["concepto"] for row in Borrador.objects.all()}
    assert kept == {"De Bruno", "De Alicia"}
    seen = alicia.post(draft, typed(scene, "guardar", concepto="Otra vez", version="1"), headers={"hx-request": "true"})
    assert (seen.status_code, seen["HX-Redirect"].startswith("/partido/borradores/")) == (409, True)


def test_one_of_the_two_is_chosen(scene: Any, alicia: Client, enter: Any, draft: str) -> None:
    own = parted(scene, alicia, enter, draft)
    assert alicia.post(own, typed(scene, "tomar"))["Location"] == draft
    assert 'value="De Bruno"' in alicia.get(draft).text
    assert alicia.get(own).status_code == 404
    own = parted(scene, alicia, enter, str(alicia.post(reverse("party:empezar", args=[scene.libros.pk]))["Location"]))
    with everything():
        shared = Borrador.objects.get(pk=Borrador.objects.get(pk=own.split("/")[-2]).contenido["separado_de"])
    late = typed(scene, "unir", concepto="De Alicia", version_otra=str(shared.version - 1))
    assert alicia.post(own, late).status_code == 409
    assert alicia.post(own, {**late, "version_otra": str(shared.version)}).status_code == 302
    with everything():
        assert Borrador.objects.get(pk=shared.pk).contenido["concepto"] == "De Alicia"
        assert not Borrador.objects.filter(pk=own.split("/")[-2]).exists()


def test_a_draft_posted_meanwhile_leaves_ones_own(scene: Any, alicia: Client, enter: Any, draft: str) -> None:
    own = parted(scene, alicia, enter, draft)
    enter(scene.bruno).post(draft, typed(scene, "registrar"))
    assert "Dos personas escriben" not in alicia.get(own).text
    assert alicia.post(own, typed(scene, "unir"))["Location"] == own
    assert alicia.post(own, typed(scene, "registrar")).status_code == 302
    assert how_many() == 2


def test_the_same_draft_posted_by_another_is_said(scene: Any, alicia: Client, enter: Any, draft: str) -> None:
    from sif.books.services import BorradorConflict, PolizaRefused, post_borrador

    with everything():
        row = Borrador.objects.get()
        enter(scene.bruno).post(draft, typed(scene, "registrar"))
        with pytest.raises(PolizaRefused, match="ya se registró"):
            post_borrador(row, scene.expense("1.00"), scene.alicia)
    assert alicia.post(draft, typed(scene, "registrar")).status_code == 404
    assert issubclass(BorradorConflict, RuntimeError)
    assert how_many() == 1


def test_lines_are_duplicated_and_moved_without_script(scene: Any, alicia: Client, draft: str) -> None:
    def lines() -> list[str]:
        with everything():
            return [line["cuenta"] for line in Borrador.objects.get().contenido["lineas"]]

    alicia.post(draft, typed(scene, "duplicar:1"))
    assert lines() == ["5-5-01-03-0000", "5-5-01-03-0000", "21010100 00"]
    alicia.post(draft, typed(scene, "subir:2"))
    assert lines() == ["21010100 00", "5-5-01-03-0000"]
    alicia.post(draft, typed(scene, "bajar:1"))
    assert lines() == ["21010100 00", "5-5-01-03-0000"]
    for nowhere in ("subir:1", "bajar:2", "quitar:9", "duplicar:x", "mover:1"):
        alicia.post(draft, typed(scene, nowhere))
        assert lines() == ["5-5-01-03-0000", "21010100 00"]


def test_dates_and_days_late_stand_before_posting(scene: Any, alicia: Client, draft: str) -> None:
    from sif.registry import clock

    page = alicia.post(draft, typed(scene, "comprobar", fecha=f"{scene.periodos[0].desde:%d/%m/%Y}")).text
    late = (clock.today() - scene.periodos[0].desde).days - 3
    assert f"{late} días tarde: debía registrarse a más tardar el" in page
    assert "RF 38.1" in page
    assert "Tendrá el número PN1/DR-1/" in page
    assert "Cerradas ahora: corrección, ajuste, jornada electoral." in page


def test_evidence_follows_the_accounts(scene: Any, alicia: Client, draft: str) -> None:
    piece = alicia.post(draft, typed(scene, "guardar"), headers={"hx-request": "true"}).text
    assert "La pide la cuenta 5-5-01-03-0000" in piece
    assert "<strong>Muestras" in piece
    assert "Kárdex" not in piece
    piece = alicia.post(draft, typed(scene, "guardar", cuenta_1="2-1-01-01-0000"), headers={"hx-request": "true"}).text
    assert "La pide la cuenta" not in piece


def test_registering_and_going_on_keeps_the_day(scene: Any, alicia: Client, draft: str) -> None:
    done = alicia.post(draft, typed(scene, "registrar_otra"))
    page = alicia.get(done["Location"]).text
    assert f'value="{scene.periodos[0].hasta:%d/%m/%Y}"' in page
    assert "registrada a las" in page
    assert how_many() == 1


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"abono_2": "1,000.00"}, "", "Falta un abono de 234.50."),
        ({"fecha": "31/02/2026"}, "fecha", "«31/02/2026» no es una fecha."),
        ({"cargo_1": "0.005"}, "cargo_1", "0.005"),
        ({"cargo_1": "-1,234.50", "abono_2": "-1,234.50"}, "cargo_1", "El signo negativo es solo de la póliza que"),
        ({"auxiliar_1": "Donante Uno"}, "auxiliar_1", "«Donante Uno» no está en el catálogo de proveedor."),
        ({"cuenta_1": "5-5-01-00-0000"}, "cuenta_1", "tiene cuentas debajo"),
        ({"cuenta_1": "4-3-01-01-0000", "auxiliar_1": "x"}, "auxiliar_1", "x"),
        ({"abono_1": "1.00"}, "cargo_1", "Tiene cargo 1,234.50 y abono 1.00."),
    ],
)
def test_each_bad_input_is_told_at_its_place(
    scene: Any, alicia: Client, draft: str, changes: dict[str, str], field: str, words: str
) -> None:
    refused = alicia.post(draft, typed(scene, "registrar", **changes))
    assert refused.status_code == 422
    page = refused.content.decode().replace("&#x27;", "'")
    told = page.split(f'id="id_{field}-error"')[1].split("</p>")[0] if field else page
    assert words in told
    assert how_many() == 0


def test_a_day_of_another_period_and_anothers_books_are_refused(scene: Any, alicia: Client, draft: str) -> None:
    refused = alicia.post(draft, typed(scene, "registrar", ventana=f"{scene.periodos[1].pk}:normal"))
    assert "no cae en el periodo 2" in refused.text.split('id="id_fecha-error"')[1].split("</p>")[0]
    refused = alicia.post(draft, typed(scene, "registrar", ventana=f"{scene.periodos[0].pk}:correccion"))
    told = refused.text.split('id="id_ventana-error"')[1].split("</p>")[0]
    assert "La corrección se abre con el oficio." in told
    bank = scene.banco.clabe
    other = str(alicia.post(reverse("party:empezar", args=[scene.otros.pk]))["Location"])
    refused = alicia.post(other, typed(scene, "registrar", cuenta_1="1-1-02-00-0000", auxiliar_1=bank))
    assert f"«{bank}» no está en el catálogo de cuenta bancaria." in refused.text
    assert how_many() == 0


def test_a_file_is_kept_in_the_draft_and_posted_with_it(scene: Any, alicia: Client, draft: str) -> None:
    file = SimpleUploadedFile("muestra.txt", b"fotografia")
    alicia.post(draft, {**typed(scene, "adjuntar"), "clase_evidencia": "muestra", "archivo": file})
    assert "muestra.txt" in alicia.get(draft).text
    done = alicia.post(draft, typed(scene, "registrar"))
    assert "muestra.txt" in alicia.get(done["Location"]).text


def test_a_file_cannot_be_named_from_the_form(scene: Any, alicia: Client, draft: str) -> None:
    forged = {**typed(scene, "registrar"), "evidencias": '[{"sha256": "0"}]', "sha256": "ab" * 32}
    done = alicia.post(draft, forged)
    with everything():
        assert Poliza.objects.get().evidencias.count() == 0
    assert done.status_code == 302


def test_it_refuses_a_stranger(scene: Any, enter: Any, draft: str) -> None:
    carla = enter(scene.carla)
    assert carla.get(draft).status_code == 403
    assert carla.post(draft, typed(scene, "registrar")).status_code == 403
    assert carla.post(reverse("party:empezar", args=[scene.libros.pk])).status_code == 403
    assert enter(scene.bruno).post(reverse("party:empezar", args=[scene.otros.pk])).status_code == 403
    assert how_many() == 0


def test_books_are_found_by_their_words_from_the_first_key(scene: Any, alicia: Client) -> None:
    page = alicia.get(reverse("party:captura")).text
    assert "Tomás Iturbe" in page and "Mariela Ochoa" in page
    assert re.search(r'<input[^>]*name="q"[^>]*autofocus', page)
    before = page.partition("<main")[2].partition('name="q"')[0]
    assert not re.search(r"<(?:a|button|select|textarea)\b", before)
    only = alicia.get(reverse("party:captura"), {"q": "TOMAS iturbe"}).text
    assert "Tomás Iturbe" in only and "Mariela Ochoa" not in only
    assert "Ninguna contabilidad responde" in alicia.get(reverse("party:captura"), {"q": "zzz"}).text


def test_it_only_allows_post(scene: Any, alicia: Client, enter: Any) -> None:
    begin = reverse("party:empezar", args=[scene.libros.pk])
    assert enter(scene.carla).get(begin).status_code == 403
    assert alicia.get(begin)["Location"] == f"{reverse('party:captura')}?contabilidad={scene.libros.pk}"
    assert alicia.get(reverse("party:proponer", args=[scene.libros.pk, 1])).status_code == 405


def test_an_empty_draft_is_used_again(scene: Any, alicia: Client, draft: str) -> None:
    assert alicia.post(reverse("party:empezar", args=[scene.libros.pk]))["Location"] == draft


def drop(scene: Any, client: Client, *files: tuple[str, bytes]) -> Any:
    uploads = [SimpleUploadedFile(name, data) for name, data in files]
    return client.post(reverse("party:cfdi"), {"contabilidad": str(scene.libros.pk), "archivos": uploads})


def test_an_invoice_becomes_a_posted_poliza(scene: Any, alicia: Client) -> None:
    page = drop(scene, alicia, ("A-2291.xml", scene.invoice()))
    assert "Todos entraron a la bandeja." in page.text
    assert "5 de 7" in page.text  # no list of article 69-B is loaded, and SAT was not asked
    with everything():
        received = scene.libros.recepciones.get()
    address = reverse("party:proponer", args=[scene.libros.pk, received.pk])
    opened = alicia.post(address)["Location"]
    assert alicia.post(address)["Location"] == opened
    page = alicia.get(opened).text
    assert "Volantes de campaña" in page
    assert "7C1E90B4" in page
    done = alicia.post(opened, typed(scene, "registrar", cargo_1="53,824.00", abono_2="53,824.00"))
    assert done.status_code == 302
    page = alicia.get(done["Location"]).text
    assert "7C1E90B4-3F0A-4D52-9B17-0E6A51C2D8F3" in page
    assert "A-2291.xml" in page
    assert alicia.post(address)["Location"] == reverse("party:cfdi")
    assert "No hay comprobantes en esta vista." in alicia.get(reverse("party:cfdi")).text


def test_what_cannot_be_read_is_told_and_stops_no_other(scene: Any, alicia: Client) -> None:
    page = drop(scene, alicia, ("roto.xml", b"<cfdi"), ("otra.xml", scene.invoice(books=scene.otros.pk)))
    assert "No entró a la bandeja." in page.text
    assert "El complemento nombra la contabilidad" in page.text
    assert "1 a 1 de 1" in page.text


def test_dropping_nothing_says_what_to_do(scene: Any, alicia: Client) -> None:
    refused = alicia.post(reverse("party:cfdi"), {"contabilidad": str(scene.libros.pk)})
    assert refused.status_code == 422
    assert "No eligió ningún archivo." in refused.text


def test_a_stranger_drops_nothing(scene: Any, enter: Any) -> None:
    assert drop(scene, enter(scene.carla), ("a.xml", scene.invoice())).status_code == 403
    assert drop(scene, Client(), ("a.xml", scene.invoice())).status_code == 302
    with everything():
        assert scene.libros.recepciones.count() == 0


def test_who_only_looks_leaves_no_file_behind(scene: Any, enter: Any, draft: str) -> None:
    with everything():
        looks = create_usuario("mira", "Mira", None)
        appoint(looks, Nombramiento.Rol.CONSULTA, scene.partido)
        posted = scene.post(scene.expense("10.00"))
    client = enter(looks)
    for page in (draft, reverse("party:adjuntar", args=[posted.contabilidad_id, posted.eslabon])):
        file = SimpleUploadedFile("x.pdf", b"%PDF-1.7 de quien consulta")
        answer = client.post(
            page, {"accion": "adjuntar", "clase_evidencia": "muestra", "clase": "muestra", "archivo": file}
        )
        assert answer.status_code in (403, 422)
    with everything():
        assert not Entrega.objects.filter(entregada_por=looks).exists()
        assert not Archivo.objects.filter(bytes=len(b"%PDF-1.7 de quien consulta")).exists()

"""No input is a failure of the service: seeded nonsense over every address, by every desk."""

import os
from typing import Any
from urllib.parse import quote

import pytest

from sif.registry import clock
from web.cast import cast_of
from web.walk import NONSENSE, Fuzz, pages, run

FIXED = 20261127
FORM = "application/x-www-form-urlencoded"


def _seconds(usual: str) -> float:
    return float(os.environ.get("SIF_FUZZ_SEGUNDOS", usual))


@pytest.mark.parametrize("seed", [FIXED, "dia"])
def test_no_input_is_a_failure_of_the_service(scene: Any, seed: Any) -> None:
    day = int(f"{clock.now():%Y%m%d}")
    fuzz = Fuzz(int(os.environ.get("SIF_FUZZ_SEMILLA", day)) if seed == "dia" else seed)
    known = [str(row.pk) for row in (scene.libros, scene.otros, scene.ajenos, scene.partido, scene.rival, scene.etapa)]
    known += [str(row.pk) for row in (scene.proveedor, scene.banco, scene.donante, *scene.periodos, *scene.polizas)]
    run(fuzz, cast_of(scene), known, _seconds("8"))
    assert fuzz.asked > 20 and 200 in fuzz.answers
    print(f"semilla {fuzz.seed}: {fuzz.asked} peticiones, {dict(sorted(fuzz.answers.items()))}")
    told = "\n\n".join(fuzz.failures.values())
    assert not fuzz.failures, f"semilla {fuzz.seed}, {fuzz.asked} peticiones, {len(fuzz.failures)} fallas:\n{told}"


@pytest.mark.parametrize("spoilt", ["\0", "\ud800", "1" * 5000])
def test_what_is_no_text_is_answered_400_in_a_query_and_in_a_form(scene: Any, enter: Any, spoilt: str) -> None:
    client = enter(scene.alicia)
    body = spoilt.encode("utf-8", "surrogatepass")
    if spoilt != "\ud800":  # half a character in an address or a form is read as «�»
        assert client.get("/partido/cfdi/", {"q": body}).status_code == 400
        assert client.post("/partido/proveedores/nuevo/", f"nombre={quote(spoilt)}", FORM).status_code == 400
    text = '{"a": "\\u0000"}' if spoilt == "\0" else '{"a": "\\ud800"}'
    if spoilt in ("\0", "\ud800"):
        found = client.post("/api/v1/contabilidades/1/polizas", text, content_type="application/json")
        assert found.status_code == 400
    assert client.get("/documentos/%00.pdf").status_code == 400
    assert client.get(f"/partido/polizas/{'9' * 19}/1/").status_code == 404


def test_the_walk_knows_every_desk() -> None:
    routes = {page.route.split("/")[0] for page in pages()}
    assert {"partido", "auditoria", "consejo", "mesa", "api", "cuenta"} <= routes
    assert "\0" in NONSENSE


@pytest.mark.parametrize(
    "address",
    [
        "/partido/libros/balanza/?contabilidad=x%27%22",
        "/partido/libros/diario/?ventana=%C2%B2",
        "/partido/libros/sat/?contabilidad=x",
        "/partido/polizas/?cuenta=%27&pagina=99999999",
        "/consejo/etapas/?etapa=../../etc/passwd",
        "/partido/cfdi/?contabilidad=%D9%A1",
    ],
)
def test_a_query_that_means_nothing_is_no_failure(scene: Any, enter: Any, address: str) -> None:
    assert enter(scene.alicia).get(address).status_code < 500


def test_an_empty_form_is_told_and_is_no_failure(scene: Any, enter: Any) -> None:
    client = enter(scene.alicia)
    for page in pages():
        if page.route.startswith("partido/") and page.route.endswith(("nuevo/", "nueva/")) and not page.parts:
            assert client.post(page.address({}), "", FORM).status_code < 500, page.route

"""A person of a party in a rehearsed installation: what the authority registers first, and a póliza sent by forms.

Run as a program, in the environment of the installation, it registers a process under way, a party with its books, a
supplier and a capturista; the password is read from standard input.
"""

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sif.signing.hours import LEGAL_ZONE

if TYPE_CHECKING:
    from ensayo_puerta import Door

USER, BOOKS = "bruno.cardenas", 900_001
CONCEPT = "Volantes del ensayo"


def register(password: str) -> None:
    """Register the process, the party and the person by the services that the rest of SIF uses."""
    from sif.books.services import load_catalogs
    from sif.registry import clock, services
    from sif.registry.scope import WHOEVER_SIGNS, everything

    with everything(WHOEVER_SIGNS):
        load_catalogs("mx")
        today = clock.today()
        process = services.create_proceso(
            clave="ENSAYO", nombre="Campaña del ensayo", ambito="local", entidad="MEX", anio=today.year
        )
        stage = services.create_etapa(process, "campana", today - timedelta(days=5), today + timedelta(days=20))
        services.open_periods(stage)
        party = services.register_sujeto("partido", "1", "PJ", "Partido Jacaranda", "PAM140101AB1")
        books = services.open_contabilidad(stage, party, "concentradora", number=BOOKS)
        services.register_proveedor("IPR150312Q47", "Impresos del Prado")
        person = services.create_usuario(USER, "Bruno Cárdenas Uribe", password)
        services.appoint(person, "capturista", party, [books])


def post_poliza(door: "Door") -> None:
    """Enter, write a draft that saves itself, post it, and attach a file to it."""
    door.enter(USER)
    door.page.wait_for_url("**/partido/**")
    door.see("20-hoy")
    door.open(f"/partido/captura/?contabilidad={BOOKS}")
    page, keys = door.page, door.page.keyboard
    page.get_by_role("button", name="Escribir póliza").click()  # it names its books as well
    page.locator("#captura").wait_for()
    page.wait_for_load_state()
    page.locator("#id_fecha").fill(f"{datetime.now(LEGAL_ZONE):%d/%m/%Y}")
    page.locator("#id_concepto").fill(CONCEPT)
    for line, account, side in ((1, "5-5-01-03-0000", "cargo"), (2, "2-1-01-01-0000", "abono")):
        page.locator(f"#id_cuenta_{line}").fill(account)
        page.locator(f"#id_auxiliar_{line}").fill("IPR150312Q47 Impresos del Prado")
        page.locator(f"#id_{side}_{line}").fill("1234.50")
        keys.press("Tab")
    page.locator("#guardado").get_by_text("Borrador guardado").wait_for()
    door.see("21-borrador")
    page.locator("#id_abono_2").focus()
    keys.press("Control+Enter")
    page.get_by_role("heading", name="Póliza PN1/").wait_for()
    assert CONCEPT in page.inner_text("main"), page.inner_text("main")
    door.see("22-poliza")


if __name__ == "__main__":
    from sif.commands import database

    database.setup_django()
    register(sys.stdin.read())

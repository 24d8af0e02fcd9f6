"""Signatures: ten thousand acuses verified without the installation, and 120 reports signed in Chromium in one act.

And the lock of a subject that deposits.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import campaign as campaigns
import people
import plazo

LOGS, ACUSES = 20, 500  # the acuses of a day and the roots published of it, so many days
TIMES = 3
TOGETHER = 120  # reports of one person, signed with one press
PASSWORD = "una llave de prueba"  # noqa: S105 - of keys made here
DEPOSITS = 21
PAPER = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n" + b"%" * 1_000_000 + b"\n"
AT = datetime(2024, 4, 9, 17, 0, tzinfo=UTC)


def acuses_of_logs(logs: int, count: int) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """Yield the file of each acuse, with its proof, and the roots published of its log; all are different."""
    from sif.signing import acuse, heads, minting
    from sif.signing.efirma import open_key

    authority = minting.new_key()
    span = date(2023, 1, 1), date(2027, 1, 1)
    pair = minting.mint_fiel(minting.mint_authority(), "ROSA7701319A1", "ROSA770131MDFSLL08", "ALICIA ROSAS", *span)
    signer = pair.cer, open_key(pair.key, pair.password)
    for log in range(logs):
        made = [_acuse(log * count + n, signer, authority) for n in range(count)]
        leaves = [acuse.leaf_of(each) for each in made]
        head = heads.build_head(f"acuses-{log}", leaves, authority)
        raices = heads.build_heads([head], authority, AT)
        for n, each in enumerate(made):
            yield acuse.acuse_bytes(acuse.with_proof(each, heads.build_proof(head, leaves, n))), raices


def _acuse(n: int, signer: tuple[bytes, Any], authority: Any) -> dict[str, object]:
    from sif.signing import acuse
    from sif.signing.cadena import CamposInforme, informe_cadena
    from sif.signing.certificates import read_certificate
    from sif.signing.chain import sha256_hex
    from sif.signing.efirma import Firma, sign
    from sif.values import Money

    cer, key = signer
    holder = read_certificate(cer)
    campos = CamposInforme(
        folio=f"IC-2024-{n:06d}",
        version=1,
        sujeto="Partido del Ágora",
        id_contabilidad=str(100_000 + n),
        tipo="IC normal",
        desde=date(2024, 3, 1),
        hasta=date(2024, 3, 30),
        ingresos=Money(15_000_000 + n),
        egresos=Money(14_999_999),
        contenido=sha256_hex(str(n).encode()),
        firmante=holder.rfc,
        serie=holder.serie,
        preparado_el=AT,
    )
    text = informe_cadena(campos)
    listed = [acuse.list_archivo("libro-diario.csv", b"un libro" * 100)]
    return acuse.build_acuse(campos, Firma(text, sign(text, key), cer), listed, AT, authority)


def verified() -> float:
    """Verify each acuse from its bytes with its roots, one after another; return the median of the seconds of all."""
    from sif.signing.acuse import verify_acuse_file

    files, seconds = list(acuses_of_logs(LOGS, ACUSES)), []
    for _time in range(TIMES):
        began = time.perf_counter()
        verdicts = {verify_acuse_file(data, raices).veredicto for data, raices in files}
        seconds.append(time.perf_counter() - began)
        if len(verdicts) != 1 or "VÁLIDO" not in verdicts:
            raise SystemExit(f"Los acuses salieron {verdicts}, y todos valen.")
    return statistics.median(seconds)


def signed(folder: Path) -> Iterator[tuple[str, float]]:
    """Sign the reports of one person in Chromium; yield the seconds of each part of what that person waits."""
    from playwright.sync_api import sync_playwright

    campaigns.connect(folder)
    from django.db import connections

    from sif.registry.scope import WHOEVER_SIGNS, everything
    from sif.signing import minting

    with everything(WHOEVER_SIGNS):
        [who] = plazo.make_people(1, TOGETHER)
    connections.close_all()
    files = folder / "firma.cer", folder / "firma.key"
    files[0].write_bytes(who.cer)
    files[1].write_bytes(minting.encrypt_key(who.key, PASSWORD, "aes256_cbc"))
    with people.served() as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium())
        context = browser.new_context(locale="es-MX")
        site = f"http://127.0.0.1:{port}"
        context.add_cookies([{"name": "sessionid", "value": who.cookie, "url": site}])
        yield from _pressed(context.new_page(), site, files)
        browser.close()


def _pressed(page: Any, site: str, files: tuple[Path, Path]) -> Iterator[tuple[str, float]]:
    page.goto(f"{site}/partido/informes/firmar/", wait_until="networkidle", timeout=120_000)
    waiting = page.locator("section", has=page.get_by_role("heading", name="Esperan firma"))
    waiting.get_by_role("button", name="Marcar todos").click()
    frame = page.frame_locator(".efirma iframe")
    frame.get_by_label("Certificado (.cer)").set_input_files(files[0])
    frame.get_by_label("Llave privada (.key)").set_input_files(files[1])
    frame.get_by_label("Contraseña de la llave").fill(PASSWORD)
    began = time.perf_counter()
    frame.get_by_role("button", name="Continuar").click()
    frame.locator(f"#actos tbody tr:nth-child({TOGETHER})").wait_for(timeout=120_000)
    yield "firmar_120_cadenas_s", time.perf_counter() - began
    began = time.perf_counter()
    with page.expect_request(lambda request: request.method == "POST", timeout=120_000):
        frame.get_by_role("button", name="Firmar y enviar").click()
    yield "firmar_120_navegador_s", time.perf_counter() - began
    page.get_by_text(f"{TOGETHER} informes").first.wait_for(timeout=300_000)
    yield "firmar_120_hasta_recibidos_s", time.perf_counter() - began


def held() -> Iterator[tuple[str, float]]:
    """Deposit documents for a duty of one subject; yield the medians of its lock and of the whole, in milliseconds."""
    from django.db import connection, transaction

    from sif.duties.depositing import NewDeposit, deposit
    from sif.duties.selectors import obligations_of
    from sif.registry import clock
    from sif.registry.models import SujetoObligado, Usuario
    from sif.registry.scope import everything

    locked, whole = list[float](), list[float]()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if "registry_sujetoobligado" in sql and "FOR NO KEY UPDATE" in sql:
            began = time.perf_counter()
            transaction.on_commit(lambda: locked.append(time.perf_counter() - began))
        return done

    by = Usuario.objects.get(username="persona0")
    with everything(by.pk), connection.execute_wrapper(watch):
        sujeto, today = SujetoObligado.objects.get(numero="1000"), clock.today()
        duty = next(row for row in obligations_of([sujeto.pk], today) if row.tipo == "RMA" and row.abre_el <= today)
        for n in range(DEPOSITS):
            new, began = NewDeposit(duty.clave, "relacion.pdf", PAPER + f"% {n}\n".encode()), time.perf_counter()
            deposit(sujeto, new, by)
            whole.append(time.perf_counter() - began)
    if len(locked) != DEPOSITS:
        raise SystemExit(f"Se vieron {len(locked)} candados de {DEPOSITS} depósitos.")
    yield "depositar_sujeto_tomado_ms", 1000 * statistics.median(locked)
    yield "depositar_ms", 1000 * statistics.median(whole)


def _chromium() -> str:
    from shutil import which

    found = which("chromium-headless-shell") or which("chromium")
    if found is None:
        raise SystemExit("Falta Chromium: instale chromium-headless-shell o chromium.")
    return found


def main() -> int:
    """Print what was measured as JSON."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        measures = {
            "firma_carga_de_la_maquina": load,
            "acuses_10_mil_s": verified(),
            **dict(signed(Path(folder))),
            **dict(held()),
        }
    print(json.dumps({name: round(value, 2) for name, value in measures.items()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Rehearse an installation in production mode: PostgreSQL with passwords, Caddy and nginx with TLS, and Chromium.

`make ensayo` leaves its pictures and logs in the folder of SIF_PRUEBA_CARPETA (by default a temporary one).
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from ensayo_base import free_port, postgres, wait_for
from ensayo_poliza import __file__ as poliza
from ensayo_proxys import caddy, nginx, public_key, refuses_other_hosts, running
from ensayo_puerta import FLAGS, PASSWORD, walk, walk_entry, walk_poliza
from playwright.sync_api import sync_playwright

from sif.commands.first_files import read_variables

HOST = "sif.prueba.test"
CHROMIUM = "chromium-headless-shell" if shutil.which("chromium-headless-shell") else "chromium"
SIF = Path(sys.executable).with_name("sif")
PEOPLE = (("Hugo Salas Prieto", "hugo.salas", "SAPH800101AB5"), ("Inés Vela Luna", "ines.vela", "VELI810202CD6"))


def install(folder: Path, database: int, words: str, site: str) -> tuple[dict[str, str], list[str]]:
    """Install by the one command, twice: the second time nothing is made; returns the environment and the links."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    command: list[str | Path] = [SIF, "instalar", "--json", "--dominio", HOST, "--sitio", site, "--cuenta", "nobody"]
    command += ["--servidor", f"host=127.0.0.1 port={database} user=postgres dbname=postgres"]
    for name in ("configuracion", "datos", "respaldos"):
        command += [f"--{name}", folder / ("sif/datos" if name == "datos" else name)]
    for person in PEOPLE:
        command += ["--administra", *person]
    told = []
    for _time in range(2):
        done = subprocess.run(command, env={**kept, "PGPASSWORD": words}, stdout=subprocess.PIPE, text=True)
        assert done.returncode == 0, done.stdout
        told.append(json.loads(done.stdout))
    assert {step["estado"] for step in told[1]["pasos"]} == {"estaba"}, told[1]
    own = {**kept, **read_variables(folder / "configuracion" / "entorno"), "SIF_INACTIVIDAD_MINUTOS": "1"}
    return own, [each["enlace"] for each in told[0]["enlaces"]]


def main() -> int:
    """Install, serve, and walk the door; returns 1 at the first thing that is not as it must be."""
    for program in ("caddy", "nginx", CHROMIUM, "openssl"):
        if not shutil.which(program):
            print(f"Falta {program}: apt-get install {program}", file=sys.stderr)
            return 1
    folder = Path(os.environ.get("SIF_PRUEBA_CARPETA") or tempfile.mkdtemp(prefix="sif-ensayo-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)  # the server of the database is another user's
    with ExitStack() as stack:
        database, web, proxy = free_port(), free_port(), free_port()
        words = stack.enter_context(postgres(folder, database))
        site = f"https://{HOST}:{proxy}"
        own, links = install(folder, database, words, site)
        stack.enter_context(running([SIF, "servir", "--puerto", web, "--procesos", "2"], own, folder / "sif.log"))
        wait_for(lambda: _alive(web), 90, "sif servir")
        stack.enter_context(caddy(folder, HOST, proxy, web))
        second = free_port()
        stack.enter_context(nginx(folder, HOST, second, web))
        for port in (proxy, second):
            wait_for(lambda port=port: public_key(HOST, port), 30, "El proxy")  # type: ignore[misc]
            refuses_other_hosts(HOST, port)
        checked = subprocess.run([SIF, "revisar-instalacion"], env=own, capture_output=True, text=True)
        print(checked.stdout.strip())
        assert checked.returncode == 0, checked.stderr
        flags = [*FLAGS, f"--host-resolver-rules=MAP {HOST} 127.0.0.1", "--no-proxy-server"]
        keys = ",".join(public_key(HOST, port) for port in (proxy, second))
        flags.append(f"--ignore-certificate-errors-spki-list={keys}")
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=shutil.which(CHROMIUM), args=flags)
        stack.callback(browser.close)
        walk(browser, site, links, folder)
        subprocess.run([sys.executable, poliza], env=own, check=True, input=PASSWORD, text=True)
        walk_poliza(browser, site, folder)
        walk_entry(browser, f"https://{HOST}:{second}", folder)
    print(f"Las imágenes y bitácoras quedaron en {folder}")
    return 0


def _alive(port: int) -> None:
    try:
        urlopen(Request(f"http://127.0.0.1:{port}/estado/", headers={"Host": HOST}), timeout=5).close()
    except URLError as refused:
        raise OSError(str(refused)) from refused


if __name__ == "__main__":
    raise SystemExit(main())

"""Rehearse an installation in production mode: PostgreSQL with passwords, Caddy and nginx with TLS, and Chromium.

`make ensayo` leaves its pictures and logs in the folder of SIF_PRUEBA_CARPETA (by default a temporary one).
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from ensayo_base import free_port, make_roles, postgres, wait_for
from ensayo_poliza import __file__ as poliza
from ensayo_proxys import caddy, nginx, public_key, refuses_other_hosts, running
from ensayo_puerta import FLAGS, PASSWORD, walk, walk_entry, walk_poliza
from playwright.sync_api import sync_playwright

HOST = "sif.prueba.test"
CHROMIUM = "chromium-headless-shell" if shutil.which("chromium-headless-shell") else "chromium"
SIF = Path(sys.executable).with_name("sif")


def environment(folder: Path, app: str) -> dict[str, str]:
    """Return the environment of a production installation, without that of whoever rehearses."""
    words = secrets.token_urlsafe(20)
    keys = folder / "datos" / "certificados"
    keys.mkdir(parents=True)
    (folder / "datos").chmod(0o700)
    subprocess.run(
        [
            "openssl",
            "genpkey",
            "-algorithm",
            "RSA",
            "-pkeyopt",
            "rsa_keygen_bits:3072",
            "-aes-256-cbc",
            "-pass",
            f"pass:{words}",
            "-out",
            keys / "acuses.key",
        ],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    (keys / "acuses.key").chmod(0o600)
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return {
        **kept,
        "SIF_ENTORNO": "produccion",
        "DATABASE_URL": app,
        "SIF_DATOS": str(folder / "datos"),
        "SIF_SECRETO": secrets.token_urlsafe(50),
        "SIF_LLAVE_ALCANCE": secrets.token_hex(32),
        "SIF_LLAVE_MFA": secrets.token_urlsafe(32),
        "SIF_DOMINIOS": HOST,
        "SIF_PROXYS": "127.0.0.1/32",
        "SIF_ACUSES_CONTRASENA": words,
        "SIF_INACTIVIDAD_MINUTOS": "1",
    }


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
        addresses = make_roles(database, words)
        own = environment(folder, addresses["sif_app"])
        refused = subprocess.run([SIF, "servir", "--puerto", str(web)], env=own, capture_output=True, text=True)
        assert refused.returncode == 2, refused.stderr
        print(f"Antes de migrar: {refused.stderr.strip()}")
        subprocess.run([SIF, "migrar"], env={**own, "DATABASE_OWNER_URL": addresses["sif_owner"]}, check=True)
        site = f"https://{HOST}:{proxy}"
        links = [
            _link(own, site, *who)
            for who in (
                ("Hugo Salas Prieto", "hugo.salas", "SAPH800101AB5"),
                ("Inés Vela Luna", "ines.vela", "VELI810202CD6"),
            )
        ]
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


def _link(own: dict[str, str], site: str, name: str, user: str, rfc: str) -> str:
    """Return the link of an administrator, as who holds the machine gives it."""
    given = subprocess.run(
        [SIF, "administrador", "--enlace", "--nombre", name, "--usuario", user, "--rfc", rfc, "--sitio", site],
        env=own,
        check=True,
        capture_output=True,
        text=True,
    )
    return given.stdout.strip()


def _alive(port: int) -> None:
    try:
        urlopen(Request(f"http://127.0.0.1:{port}/estado/", headers={"Host": HOST}), timeout=5).close()
    except URLError as refused:
        raise OSError(str(refused)) from refused


if __name__ == "__main__":
    raise SystemExit(main())

"""Write what an installation keeps on its machine before its first table: folders, configuration and key of acuses."""

import os
import pwd
import secrets
import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from psycopg.conninfo import conninfo_to_dict

from sif.commands.roles import APP, COPY, OWNER
from sif.registry.files import write_whole

OF_SERVICES, OF_ROOT = "entorno", "dueno"
OF_COMMANDS = ("DATABASE_OWNER_URL", "SIF_RESPALDO_URL")
"""What only the commands of root read: pages and workers never have them."""
KEY_BITS = 3072
_OPTIONS = ("sslmode", "sslrootcert")  # of the superuser's connection, which those of the roles keep


class CannotInstall(ValueError):
    """Something there makes it unsafe to go on; says what was seen and what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """The places of an installation on its machine: folder of configuration, data, roots, backups, and their owner."""

    configuracion: Path
    datos: Path
    respaldos: Path
    dueno: pwd.struct_passwd

    @property
    def raices(self) -> Path:
        """The folder where the roots of each day are left, beside the data."""
        return self.datos.parent / "raices"

    @property
    def llave(self) -> Path:
        """The key that seals acuses and roots."""
        return self.datos / "certificados" / "acuses.key"


def make_folders(place: Place) -> list[Path]:
    """Make the folders that are not there, for the user of SIF alone; returns those it made."""
    made = []
    for folder in (place.datos, place.datos / "certificados", place.raices, place.respaldos):
        for each in (*reversed(folder.parents), folder):
            if not each.exists():
                _make_folder(each, place.dueno)
                made.append(each)
    if not place.configuracion.exists():
        place.configuracion.mkdir(mode=0o700, parents=True)
        made.append(place.configuracion)
    return made


def _make_folder(folder: Path, owner: pwd.struct_passwd) -> None:
    """Make a folder for the user of SIF; inside one of theirs it is they who make it, for root would follow a link."""
    if folder.parent.stat().st_uid == owner.pw_uid:
        with as_owner(owner):
            folder.mkdir(mode=0o700)
    else:
        folder.mkdir(mode=0o700)
        os.chown(folder, owner.pw_uid, owner.pw_gid, follow_symlinks=False)


@contextmanager
def as_owner(person: pwd.struct_passwd) -> Iterator[None]:
    """Act as another user of the system, where root installs, and be root again."""
    if os.geteuid() != 0:
        yield
        return
    group = os.getegid()
    os.setegid(person.pw_gid)
    os.seteuid(person.pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)


def read_variables(path: Path) -> dict[str, str]:
    """Read a file of variables as systemd and the shell do. Raises CannotInstall for a line that is none."""
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if path.exists() else (), 1):
        try:
            words = shlex.split(line, comments=True)
        except ValueError:
            words = ["", ""]
        if not words:
            continue
        name, sign, value = words[0].partition("=")
        if len(words) > 1 or not sign:
            raise CannotInstall(f"{path}, línea {number}: no es NOMBRE=valor. Corríjala; con blancos, entre comillas.")
        found[name] = value
    return found


def complete_configuration(
    place: Place, server: str, base: str, hosts: str, proxies: str
) -> tuple[list[str], dict[str, str]]:
    """Write in both files each variable that they lack, and change none; returns the new names, and all of both.

    Raises CannotInstall where the key of acuses is there and its password is not: a new one would not open it.
    """
    paths = [place.configuracion / name for name in (OF_SERVICES, OF_ROOT)]
    there = [read_variables(path) for path in paths]
    if place.llave.exists() and "SIF_ACUSES_CONTRASENA" not in there[0]:
        raise CannotInstall(
            f"{place.llave} ya existe y {paths[0]} no dice SIF_ACUSES_CONTRASENA, la que la abre. Devuelva a "
            f"{place.configuracion} su copia guardada."
        )
    wanted: list[dict[str, Callable[[], str]]] = [
        {
            "SIF_ENTORNO": lambda: "produccion",
            "DATABASE_URL": lambda: _address(server, base, APP),
            "SIF_DATOS": lambda: str(place.datos),
            "SIF_DOMINIOS": lambda: hosts,
            "SIF_PROXYS": lambda: proxies,
            "SIF_SECRETO": lambda: secrets.token_hex(40),
            "SIF_LLAVE_ALCANCE": lambda: secrets.token_hex(32),
            "SIF_LLAVE_MFA": lambda: secrets.token_hex(32),
            "SIF_ACUSES_CONTRASENA": lambda: secrets.token_hex(24),
        },
        {
            "DATABASE_OWNER_URL": lambda: _address(server, base, OWNER),
            "SIF_RESPALDO_URL": lambda: _address(server, base, COPY),
        },
    ]
    new: list[str] = []
    for path, had, want in zip(paths, there, wanted, strict=True):
        added = {name: make() for name, make in want.items() if name not in had}
        if added:
            before = path.read_text(encoding="utf-8") if path.exists() else ""
            ended = before if before.endswith("\n") or not before else before + "\n"
            lines = "".join(f"{name}={shlex.quote(value)}\n" for name, value in added.items())
            write_whole(path, (ended + lines).encode())
            had |= added
            new += added
    if not there[0]["SIF_DOMINIOS"]:
        raise CannotInstall(
            f"SIF_DOMINIOS está vacía en {paths[0]}. Diga con --dominio el nombre con que entra el público."
        )
    return new, there[0] | there[1]


def _address(server: str, base: str, role: str) -> str:
    """Return the connection of a role, with a new password, to a database; on loopback where its server is local."""
    said = conninfo_to_dict(server)
    host, port = str(said.get("host") or ""), said.get("port") or 5432
    here = "127.0.0.1" if not host or host.startswith("/") else host
    options = "&".join(f"{name}={quote(str(said[name]))}" for name in _OPTIONS if name in said)
    return f"postgresql://{role}:{secrets.token_hex(24)}@{here}:{port}/{base}{f'?{options}' if options else ''}"


def passwords_of(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the password that the configuration gives each role, to make those that are not there."""
    addresses = (variables["DATABASE_OWNER_URL"], variables["DATABASE_URL"], variables["SIF_RESPALDO_URL"])
    parts = [conninfo_to_dict(each) for each in addresses]
    for role, part in zip((OWNER, APP, COPY), parts, strict=True):
        if part.get("user") != role or not part.get("password"):
            raise CannotInstall(
                f"La conexión de {role} dice otro rol o ninguna contraseña. Escríbala como "
                f"postgresql://{role}:CONTRASEÑA@MÁQUINA:5432/sif, o quite su línea para que se haga."
            )
    return {str(part["user"]): str(part["password"]) for part in parts}


def make_key(place: Place, password: str) -> bool:
    """Make the key of acuses, closed by its password, unless it is there; says whether this call made it."""
    if place.llave.exists():
        return False
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    closed = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password.encode()),
    )
    with as_owner(place.dueno):
        return write_whole(place.llave, closed, once=True)


def fingerprint(key: rsa.RSAPublicKey) -> str:
    """Return the SHA-256 of a public key, which the institution publishes in its official journal."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo))
    return digest.finalize().hex()


@contextmanager
def as_superuser(server: str) -> Iterator[None]:
    """Be, for PostgreSQL, the user of the system whose name the superuser has, where root asks by a local socket."""
    said = conninfo_to_dict(server)
    local = str(said.get("host") or "/").startswith("/") and "password" not in said
    try:
        person = pwd.getpwnam(str(said.get("user") or "postgres")) if local and os.geteuid() == 0 else None
    except KeyError:
        person = None
    if person is None:
        yield
        return
    with as_owner(person):
        yield


def become(person: pwd.struct_passwd) -> None:
    """Become the user of SIF for the rest of this process, which root began; nothing for who already is."""
    if os.geteuid() != person.pw_uid:
        os.initgroups(person.pw_name, person.pw_gid)
        os.setgid(person.pw_gid)
        os.setuid(person.pw_uid)
        os.environ["HOME"] = person.pw_dir

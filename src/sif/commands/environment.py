"""Validate the environment variables of an installation before Django loads, without touching disk or network."""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

DEMONSTRATION, PRODUCTION = "demostracion", "produccion"
DEMONSTRATION_SECRET = "demostracion-sin-valor-fuera-de-esta-maquina"  # noqa: S105  good for a demonstration alone
DEMONSTRATION_DOMAINS = "localhost,127.0.0.1,testserver"
SECRET_LENGTH = 50
FACTOR_KEY_LENGTH = 32
JURISDICTIONS = ("mx",)
USUAL_JURISDICTION = "mx"  # of an installation that does not say SIF_JURISDICCION; nothing else supposes one
ADDRESSES = ("SIF_SAT_ESTATUS", "SIF_SELLO_TIEMPO")
CONNECTIONS = ("DATABASE_URL", "DATABASE_OWNER_URL", "SIF_RESPALDO_URL")
_HOST = r"(?!\d+(\.\d+){3}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
MOST_IDLE = 720  # minutes: a session lasts twelve hours
MOST_JOB_FILES = 10_000  # GiB
ROLES = (
    "responsable_finanzas",
    "administrador_so",
    "capturista",
    "candidatura",
    "consulta",
    "auditor_externo",
    "auditor",
    "revisor",
    "resoluciones",
    "consejero",
    "secretaria",
    "administrador",
)
"""Roles of an appointment, known here before Django loads; a test compares them with those of the registry."""
FACTOR_ROLES = (
    "auditor",
    "revisor",
    "resoluciones",
    "consejero",
    "secretaria",
    "administrador",
    "responsable_finanzas",
    "auditor_externo",
)
"""Roles that need a second factor in production: those of the authority, the council and who signs."""

# every variable that SIF reads; one that is not here is a misspelt one
VARIABLES = frozenset(
    [
        "SIF_DATOS",
        "SIF_ARCHIVOS",
        "SIF_SAT_ESTATUS",
        "SIF_ENTORNO",
        "SIF_SECRETO",
        "SIF_DOMINIOS",
        "SIF_JURISDICCION",
        "SIF_PROXYS",
        "SIF_SPARK",
        "SIF_ACUSES_CONTRASENA",
        "SIF_CONTRASENA",
        "SIF_CONTRASENAS",
        "SIF_PRECARGA_HSTS",
        "SIF_RESPALDO_URL",
        "SIF_LLAVE_ALCANCE",
        "SIF_LLAVE_MFA",
        "SIF_MFA_ROLES",
        "SIF_AUDITORIA_AJENA",
        "SIF_ASIGNA_OTRA_PERSONA",
        "SIF_INACTIVIDAD_MINUTOS",
        "SIF_ABRE_OTRA_PERSONA",
        "SIF_OIDC_SERVIDOR",
        "SIF_OIDC_CLIENTE",
        "SIF_OIDC_SECRETO",
        "SIF_OIDC_NOMBRE",
        "SIF_SELLO_TIEMPO",
        "SIF_TRABAJOS_GIB",
        "SIF_PUERTO",
        "SIF_SMTP_SERVIDOR",
        "SIF_SMTP_PUERTO",
        "SIF_SMTP_TLS",
        "SIF_SMTP_USUARIO",
        "SIF_SMTP_CONTRASENA_ARCHIVO",
        "SIF_SMTP_REMITENTE",
    ]
)
USUAL_PORT = 8000
"""The local port of a desk computer, where none is said."""
SMTP_PORTS = {"starttls": "587", "tls": "465", "no": "25"}
"""How mail reaches its server, each with its usual port."""
YES_OR_NO = {"SIF_PRECARGA_HSTS": "no", "SIF_ABRE_OTRA_PERSONA": "si", "SIF_ASIGNA_OTRA_PERSONA": "si"}
"""Variables that say `si` or `no`, each with what it says where it is not given."""
# read by the tests and measurements of the repository, never by an installation
OF_THE_REPOSITORY = ("SIF_BENCH_", "SIF_RENUEVA_", "SIF_SPARK_COMPLETO", "SIF_PRUEBA_")


@dataclass(frozen=True, slots=True)
class Check:
    """A condition of a safe installation: its name, whether it holds, and the cure when it does not."""

    que: str
    bien: bool
    cura: str = ""


def environment_checks(environ: Mapping[str, str]) -> list[Check]:
    """Check `SIF_ENTORNO` and the connections; in production, also that no variable is misspelt and all are safe."""
    checks = [_mode(environ), *(_connection(environ, name) for name in CONNECTIONS if name in environ)]
    if environ.get("SIF_ENTORNO") == PRODUCTION or any(name.startswith("SIF_SMTP_") for name in environ):
        checks.append(_smtp(environ))
    if "SIF_JURISDICCION" in environ:
        checks.append(_jurisdiction(environ))
    if environ.get("SIF_ENTORNO") == PRODUCTION:
        checks += [*_spelling(environ), _secret(environ), _domains(environ), _proxies(environ)]
        checks += [_acuses_password(environ), _factor_key(environ), _scope_key(environ), _provider(environ)]
        checks += [
            _factor_roles(environ),
            _whole(environ, "SIF_INACTIVIDAD_MINUTOS", "30", "minutos", MOST_IDLE),
            _whole(environ, "SIF_TRABAJOS_GIB", "20", "gibibytes", MOST_JOB_FILES),
            _papers_of_others(environ),
        ]
        checks += [_yes_or_no(environ, name, usual) for name, usual in YES_OR_NO.items()]
        checks += [_folder(environ), _store(environ), _passwords(environ)]
        checks += [_address(environ, name) for name in ADDRESSES]
    return checks


def unsafe(environ: Mapping[str, str]) -> str:
    """Return the failed checks of the environment as one text, a line for each; empty when all hold."""
    return "\n".join(f"- {check.que}. {check.cura}" for check in environment_checks(environ) if not check.bien)


def split_list(text: str) -> list[str]:
    """Split a variable that holds a list with commas, without blanks and empty items."""
    return [item.strip() for item in text.split(",") if item.strip()]


def _mode(environ: Mapping[str, str]) -> Check:
    seen = environ.get("SIF_ENTORNO", DEMONSTRATION)
    return Check(
        f"SIF_ENTORNO dice «{seen}»",
        seen in (DEMONSTRATION, PRODUCTION),
        f"Escriba {PRODUCTION} o {DEMONSTRATION}, sin acento y en minúsculas.",
    )


def _connection(environ: Mapping[str, str], name: str) -> Check:
    """Check the form of a connection string, which is never shown: it holds a password."""
    try:
        understood = bool(environ[name]) and bool(conninfo_to_dict(environ[name]))
    except ProgrammingError:
        understood = False
    return Check(
        f"{name} {'tiene la forma de una conexión' if understood else 'no se entiende como conexión'}",
        understood,
        "Escriba postgresql://ROL:CONTRASEÑA@MÁQUINA:5432/sif, con los signos de la contraseña en %XX, o quítela.",
    )


def jurisdiction(environ: Mapping[str, str] = os.environ) -> str:
    """Return the jurisdiction of this installation, for the commands that run without its database and settings."""
    return environ.get("SIF_JURISDICCION", USUAL_JURISDICTION)


def _jurisdiction(environ: Mapping[str, str]) -> Check:
    seen = jurisdiction(environ)
    return Check(
        f"SIF_JURISDICCION dice «{seen}»", seen in JURISDICTIONS, f"Escriba una que exista: {', '.join(JURISDICTIONS)}."
    )


def _spelling(environ: Mapping[str, str]) -> list[Check]:
    unknown = sorted(
        name
        for name in environ
        if name.startswith("SIF_") and name not in VARIABLES and not name.startswith(OF_THE_REPOSITORY)
    )
    if not unknown:
        return [Check("Toda variable SIF_* es conocida", True)]
    checks = []
    for name in unknown:
        near = get_close_matches(name, VARIABLES, n=1)
        hint = f"¿Quiso decir {near[0]}? " if near else ""
        checks.append(Check(f"La variable {name} no existe", False, f"{hint}Corríjala o quítela del entorno."))
    return checks


def _secret(environ: Mapping[str, str]) -> Check:
    secret = environ.get("SIF_SECRETO", "")
    cure = (
        f"Ponga un texto al azar de {SECRET_LENGTH} caracteres o más: "
        "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'."
    )
    if secret == DEMONSTRATION_SECRET:
        return Check("SIF_SECRETO es el de la demostración", False, cure)
    return Check(f"SIF_SECRETO tiene {len(secret)} caracteres", len(secret) >= SECRET_LENGTH, cure)


def _domains(environ: Mapping[str, str]) -> Check:
    domains = split_list(environ.get("SIF_DOMINIOS", ""))
    local = {"localhost", "testserver", "*"}
    bad = [
        name
        for name in domains
        if name in local or name.startswith("127.") or not re.fullmatch(_HOST, name, re.IGNORECASE)
    ]
    cure = (
        "Escriba los nombres con que el público llega, sin https:// ni puerto, con comas: "
        "sif.instituto.mx,fiscalizacion.instituto.mx."
    )
    if not domains:
        return Check("SIF_DOMINIOS está vacía", False, cure)
    return Check(f"SIF_DOMINIOS dice «{', '.join(bad or domains)}»", not bad, cure)


def _proxies(environ: Mapping[str, str]) -> Check:
    proxies = split_list(environ.get("SIF_PROXYS", ""))
    cure = "Escriba la red de su proxy con TLS, por ejemplo 127.0.0.1/32: solo a ella se le creen X-Forwarded-*."
    if not proxies:
        return Check("SIF_PROXYS está vacía", False, cure)
    for text in proxies:
        try:
            network = ipaddress.ip_network(text)
        except ValueError:
            return Check(f"SIF_PROXYS dice «{text}», que no es una red", False, cure)
        if network.prefixlen == 0:
            return Check(f"SIF_PROXYS dice «{text}», que es cualquier dirección", False, cure)
    return Check(f"SIF_PROXYS dice «{', '.join(proxies)}»", True)


def _acuses_password(environ: Mapping[str, str]) -> Check:
    given = bool(environ.get("SIF_ACUSES_CONTRASENA"))
    return Check(
        f"SIF_ACUSES_CONTRASENA {'está puesta' if given else 'está vacía'}",
        given,
        "Es la contraseña de certificados/acuses.key, con la que la autoridad sella acuses y raíces.",
    )


def _scope_key(environ: Mapping[str, str]) -> Check:
    key = environ.get("SIF_LLAVE_ALCANCE", "")
    return Check(
        f"SIF_LLAVE_ALCANCE tiene {len(key)} caracteres",
        re.fullmatch("[0-9a-fA-F]{64}", key) is not None,
        "Ponga 64 hexadecimales al azar, los mismos en páginas y trabajadores: openssl rand -hex 32.",
    )


def _provider(environ: Mapping[str, str]) -> Check:
    server = environ.get("SIF_OIDC_SERVIDOR", "")
    absent = [name for name in ("SIF_OIDC_CLIENTE", "SIF_OIDC_SECRETO") if server and not environ.get(name)]
    if absent:
        return Check(f"SIF_OIDC_SERVIDOR está puesta sin {', '.join(absent)}", False, "Póngalas, o quite el proveedor.")
    return Check(
        f"SIF_OIDC_SERVIDOR dice «{server}»" if server else "No hay proveedor de identidad",
        not server or server.startswith("https://"),
        "Escriba su dirección con https://: por ahí viajan identidades.",
    )


def _factor_roles(environ: Mapping[str, str]) -> Check:
    given = split_list(environ.get("SIF_MFA_ROLES", ""))
    unknown = [role for role in given if role not in ROLES]
    near = [hint for role in unknown for hint in get_close_matches(role, ROLES, n=1)]
    return Check(
        f"SIF_MFA_ROLES dice «{', '.join(unknown)}»" if unknown else "SIF_MFA_ROLES nombra roles que existen",
        not unknown,
        f"¿Quiso decir {', '.join(near)}? Los roles son: {', '.join(ROLES)}.",
    )


def _whole(environ: Mapping[str, str], name: str, default: str, unit: str, most: int) -> Check:
    said = environ.get(name, default)
    return Check(
        f"{name} dice «{said}»",
        said.isdecimal() and 1 <= int(said) <= most,
        f"Escriba {unit} enteros, de 1 a {most:,}.",
    )


def _papers_of_others(environ: Mapping[str, str]) -> Check:
    seen = environ.get("SIF_AUDITORIA_AJENA", "motivo")
    return Check(f"SIF_AUDITORIA_AJENA dice «{seen}»", seen in ("motivo", "rehusa"), "Escriba motivo o rehusa.")


def _yes_or_no(environ: Mapping[str, str], name: str, default: str) -> Check:
    seen = environ.get(name, default)
    return Check(f"{name} dice «{seen}»", seen in ("si", "no"), "Escriba si o no, sin acento.")


def _address(environ: Mapping[str, str], name: str) -> Check:
    """Check a variable that is empty or the whole address of a service."""
    seen = environ.get(name, "")
    return Check(
        f"{name} dice «{seen}»" if seen else f"{name} está vacía: no se pregunta a ese servicio",
        not seen or _is_web(seen),
        "Escriba la dirección completa, con https://, o quítela.",
    )


def _smtp(environ: Mapping[str, str]) -> Check:
    """Check that what is said of the mail server is said whole: a half would lose what is queued for it."""
    server, mode = environ.get("SIF_SMTP_SERVIDOR", "").strip(), environ.get("SIF_SMTP_TLS", "starttls")
    port, user = environ.get("SIF_SMTP_PUERTO", ""), environ.get("SIF_SMTP_USUARIO", "")
    secret, sender = environ.get("SIF_SMTP_CONTRASENA_ARCHIVO", ""), environ.get("SIF_SMTP_REMITENTE", "")
    local = server in ("localhost", "127.0.0.1", "::1")
    faults = (
        (mode not in SMTP_PORTS, f"SIF_SMTP_TLS dice «{mode}»", "Escriba starttls, tls o no."),
        (
            bool(port) and not (port.isdecimal() and 1 <= int(port) <= 65_535),
            f"SIF_SMTP_PUERTO dice «{port}»",
            "Escriba un puerto, de 1 a 65535, o quítela.",
        ),
        (
            not server and any((user, secret, sender)),
            "SIF_SMTP_SERVIDOR está vacía y otras SIF_SMTP_* no",
            "Escriba la máquina que recibe el correo, o quite las demás.",
        ),
        (
            bool(server) and re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.>]+|[^<>\r\n]+ <[^@\s]+@[^@\s]+>", sender) is None,
            f"SIF_SMTP_REMITENTE dice «{sender}»",
            "Escriba de quién es el correo: SIF <sif@instituto.mx>.",
        ),
        (
            bool(user) != bool(secret),
            "De SIF_SMTP_USUARIO y SIF_SMTP_CONTRASENA_ARCHIVO hay una sola",
            "Escriba ambas, o ninguna si el servidor no pide contraseña.",
        ),
        (
            bool(secret) and not PurePosixPath(secret).is_absolute(),
            f"SIF_SMTP_CONTRASENA_ARCHIVO dice «{secret}»",
            "Escriba el archivo con su ruta completa.",
        ),
        (
            mode == "no" and bool(server) and not local,
            f"El correo va sin cifrar a «{server}»",
            "Escriba SIF_SMTP_TLS=starttls o tls: por ahí viajan enlaces que abren cuentas.",
        ),
    )
    for wrong, seen, cure in faults:
        if wrong:
            return Check(seen, False, cure)
    return Check(f"El correo sale por {server}" if server else "No se manda correo: SIF_SMTP_SERVIDOR está vacía", True)


def _is_web(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _factor_key(environ: Mapping[str, str]) -> Check:
    keys = split_list(environ.get("SIF_LLAVE_MFA", ""))
    shortest = min((len(key) for key in keys), default=0)
    return Check(
        f"SIF_LLAVE_MFA tiene {shortest} caracteres",
        shortest >= FACTOR_KEY_LENGTH,
        f"Ponga un texto al azar de {FACTOR_KEY_LENGTH} o más: cifra los secretos de los segundos factores. "
        "Para cambiarla escriba la nueva, una coma y la anterior.",
    )


def _folder(environ: Mapping[str, str]) -> Check:
    seen = environ.get("SIF_DATOS", "")
    return Check(
        f"SIF_DATOS dice «{seen}»" if seen else "SIF_DATOS está vacía",
        PurePosixPath(seen).is_absolute(),
        "Escriba la carpeta de los datos con su ruta completa, por ejemplo /srv/sif/datos.",
    )


def _store(environ: Mapping[str, str]) -> Check:
    """Check that the store of evidence is empty, a whole path or an S3 address with its bucket."""
    seen = environ.get("SIF_ARCHIVOS", "")
    right = re.fullmatch(r"s3://[^/\s]+(/\S*)?", seen) is not None or PurePosixPath(seen).is_absolute()
    return Check(
        f"SIF_ARCHIVOS dice «{seen}»" if seen else "SIF_ARCHIVOS está vacía: la evidencia queda en SIF_DATOS",
        not seen or right,
        "Escriba una carpeta con su ruta completa o s3://cubeta/prefijo, o quítela.",
    )


def _passwords(environ: Mapping[str, str]) -> Check:
    seen = environ.get("SIF_CONTRASENAS", "")
    return Check(
        f"SIF_CONTRASENAS dice «{seen}»" if seen else "SIF_CONTRASENAS está vacía: se usa la lista del programa",
        not seen or PurePosixPath(seen).is_absolute(),
        "Escriba el archivo con su ruta completa, o quítela.",
    )

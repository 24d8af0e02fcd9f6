"""Check a running installation: database, role, migrations, data folder, keys, clock and people."""

import os
import shutil
import stat
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection

from sif.commands import database
from sif.commands.environment import FACTOR_ROLES, PRODUCTION, Check, environment_checks
from sif.commands.roles import NO_OBJECTS

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

LEAST_FREE = 0.05  # of the disk that holds the data folder
MOST_USED = 0.9  # of what the files of jobs may take
MOST_SKEW = timedelta(seconds=5)
OLDEST_POSTGRES = 170_000
OLDEST_CUT = timedelta(hours=25)
LATEST_MAIL = timedelta(minutes=10)  # past the turn of a message: workers look each minute
YEAR = 31_536_000  # seconds
LEAST_AHEAD = timedelta(days=90)  # of the last authority that issues: time to find its successor
AUTHORITY_FILES = (".cer", ".crt", ".pem", ".der")
DER = "Guárdelo en DER con extensión .cer (openssl x509 -outform DER -out nueva.cer -in ...), o quítelo de ahí:"
RENEW = (
    "Descargue de la página del SAT el certificado de la autoridad que la sustituye y déjelo en {} (.cer, en DER); sin "
    "él, un CFDI o una e.firma que ella expida parece de una autoridad desconocida."
)


def installation_checks(environ: Mapping[str, str] = os.environ, *, starts: bool = False) -> list[Check]:
    """Run every check; a database that does not answer is a failed check, and the rest still run.

    starts: leave out what only an installation that serves can do, for who asks is about to.
    """
    checks = [*environment_checks(environ), _owner_absent(environ)]
    parts = [_database, _migrations, _walls, _cache, _folder, _store, _passwords, _files, _keys, _factors, _people]
    parts.append(_browsers)
    for part in parts if starts else [*parts, _jobs, _objects, _trusted, _stamps, _cuts, _mail]:
        try:
            checks += part()
        except OperationalError:
            checks.append(Check("La base de datos no responde", False, "Arránquela y revise DATABASE_URL."))
        except OSError as failed:
            seen = f"{failed.strerror or failed}: «{failed.filename or environ.get('SIF_DATOS', 'datos')}»"
            checks.append(Check(seen, False, "Revise SIF_DATOS: que exista y que su dueño sea quien ejecuta."))
        except ProgrammingError:
            checks.append(Check("Faltan tablas en la base de datos", False, "Ejecute `sif migrar`."))
    return checks


def problems_in_production(environ: Mapping[str, str]) -> list[Check]:
    """Return the failed checks of a production installation; none in a demonstration."""
    if environ.get("SIF_ENTORNO") != PRODUCTION:
        return []
    return [check for check in installation_checks(environ, starts=True) if not check.bien]


def _ask(query: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return tuple(cursor.fetchone() or ())


def _database() -> list[Check]:
    (version,) = _ask("SELECT current_setting('server_version_num')::int")
    (sync, pages) = _ask("SELECT current_setting('fsync'), current_setting('full_page_writes')")
    institution = "DATABASE_URL" in os.environ and not _embedded()
    return [
        Check(f"PostgreSQL {version // 10_000}", version >= OLDEST_POSTGRES, "Instale PostgreSQL 17 o posterior."),
        Check(
            f"fsync={sync}, full_page_writes={pages}",
            (sync, pages) == ("on", "on"),
            "Enciéndalos en postgresql.conf: sin ellos, un apagón pierde lo que el sistema ya aceptó.",
        ),
        Check(
            f"La base de datos es {'de la institución' if institution else 'la que viene con SIF'}",
            institution,
            "Ponga DATABASE_URL: el servidor que viene con SIF es de prueba y cree a cualquier proceso de la máquina.",
        ),
        _encrypted(),
        _skew(),
        _unseen(),
        _told(),
    ]


def _browsers() -> list[Check]:
    """Check what production tells browsers: to come by TLS alone for a year, and cookies that only its host reads."""
    if not settings.PRODUCTION:
        return []
    seconds, whole = settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS
    held = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY")
    names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
    loose = [name for name in held if not getattr(settings, name)]
    loose += [f"«{name}»" for name in names if not name.startswith("__Host-")]
    seen = settings.SECURE_PROXY_SSL_HEADER == ("HTTP_X_FORWARDED_PROTO", "https") and settings.SECURE_SSL_REDIRECT
    cure = "Lo fija SIF en producción: quite DJANGO_SETTINGS_MODULE del entorno y los cambios a config/settings.py."
    return [
        Check(f"HSTS dura {seconds} s {'con' if whole else 'sin'} subdominios", seconds >= YEAR and bool(whole), cure),
        Check(
            f"Cookies que otros leerían: {', '.join(loose)}"
            if loose
            else "Las cookies son de este nombre, por TLS y lejos de los guiones",
            not loose,
            cure,
        ),
        Check(f"Solo se entra por TLS, y {'se le' if seen else 'no se le'} cree al proxy", bool(seen), cure),
    ]


def _embedded() -> bool:
    return str(settings.DATABASES["default"].get("HOST", "")).startswith(str(settings.DATOS / "pg"))


def _owner_absent(environ: Mapping[str, str]) -> Check:
    fine = "DATABASE_OWNER_URL" not in environ or _embedded()
    return Check(
        f"DATABASE_OWNER_URL {'no está' if fine else 'está'} en este entorno",
        fine,
        "Quítela del entorno de páginas y trabajadores: solo `sif migrar` la necesita.",
    )


def _encrypted() -> Check:
    address: dict[str, Any] = settings.DATABASES["default"]
    host, mode = str(address.get("HOST", "")), str(address.get("OPTIONS", {}).get("sslmode", ""))
    local = host in ("", "localhost", "127.0.0.1", "::1") or host.startswith("/")
    return Check(
        f"La conexión con la base va a {host or 'un socket local'} con sslmode={mode or 'prefer'}",
        local or mode == "verify-full",
        "Escriba sslmode=verify-full y sslrootcert en DATABASE_URL.",
    )


def _skew() -> Check:
    from django.utils import timezone

    (there,) = _ask("SELECT clock_timestamp()")
    skew = abs(timezone.now() - there)
    return Check(
        f"El reloj difiere {skew.total_seconds():.1f} s del de la base",
        skew <= MOST_SKEW,
        "Sincronice ambos relojes (chrony o systemd-timesyncd): los plazos corren por ellos.",
    )


def _unseen() -> Check:
    """Check that a session of the role does not read in `pg_stat_activity` what another one asks."""
    (tracked, role) = _ask("SELECT current_setting('track_activities'), current_user")
    return Check(
        f"track_activities={tracked} para el rol {role}",
        tracked == "off",
        f"Como superusuario de la base ejecute ALTER ROLE {role} SET track_activities = off; sin ello, una sesión del "
        "rol lee lo que otra pregunta.",
    )


def _told() -> Check:
    """Check that the role told itself nothing to begin its sessions with: SQL of a page can, and it stays for ever."""
    (role, said) = _ask(
        "SELECT current_user, string_agg(told, ', ' ORDER BY told) FROM pg_db_role_setting s, unnest(s.setconfig) told"
        " WHERE s.setrole = current_user::regrole AND told <> 'track_activities=off'"
    )
    return Check(
        f"Cada sesión del rol {role} empieza {f'con {said}' if said else 'como dice SIF'}",
        not said,
        f"Averigüe quién lo dijo, y como superusuario de la base ejecute ALTER ROLE {role} RESET ALL; y después "
        f"ALTER ROLE {role} SET track_activities = off.",
    )


def _objects() -> list[Check]:
    """Check that the role makes no large object, which outlives its session and every other session of it reads."""
    (role, base, may) = _ask(
        "SELECT current_user, current_database(), coalesce(string_agg(p.proname, ', ' ORDER BY p.proname), '')"
        " FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace"
        " AND p.proname IN ('lo_creat', 'lo_create', 'lo_from_bytea') AND has_function_privilege(p.oid, 'EXECUTE')"
    )
    seen = f"El rol {role} hace objetos grandes ({may})" if may else f"El rol {role} no hace objetos grandes"
    cure = f"Como superusuario, en la base {base}, ejecute {NO_OBJECTS}; sin ello, una sesión del rol deja a "
    return [Check(seen, not may, cure + "otra lo que leyó.")]


def _walls() -> list[Check]:
    """Check that row level security binds the role of the pages; each fault brings its cure in its own words."""
    from sif.registry import walls

    faults = [fault.partition(". ") for fault in walls.problems()]
    return [Check(seen, False, cure) for seen, _dot, cure in faults] or [Check("Los muros atan al rol", True)]


def _files() -> list[Check]:
    """Check, by trying, that a process which opens a file from outside is refused everything else."""
    from sif.registry.opening import opened

    acts = [(str(name), bool(refused)) for name, refused, _error in opened("sonda", b"x").lines()]
    allowed = [name for name, refused in acts if not refused]
    return [
        Check(
            f"El servidor de archivos niega {len(acts) - len(allowed)} de {len(acts)} actos ajenos",
            bool(acts) and not allowed,
            f"Use Linux con seccomp (x86-64 o aarch64); se admitió: {', '.join(allowed)}.",
        )
    ]


def _factors() -> list[Check]:
    from sif.web.accounts.factors import sealed_factors

    sealed = len(sealed_factors())
    absent = sorted(set(FACTOR_ROLES) - settings.MFA_ROLES) if settings.PRODUCTION else []
    bound = "Autoridad, consejo y firmantes necesitan segundo factor"
    return [
        Check(
            (bound if settings.MFA_ROLES else "Instalación de ensayo: a nadie se exige segundo factor")
            if not absent
            else f"Entran sin segundo factor: {', '.join(absent)}",
            not absent,
            f"Quite SIF_MFA_ROLES o agregue: {', '.join(absent)}.",
        ),
        Check(
            f"SIF_LLAVE_MFA no abre {sealed} segundos factores" if sealed else "SIF_LLAVE_MFA abre cada segundo factor",
            not sealed,
            "Agregue a SIF_LLAVE_MFA, tras una coma, la llave con que se guardaron. Si se perdió, ejecute "
            "`sif factores --borrar-ilegibles`: cada persona agrega otro factor al entrar.",
        ),
    ]


def _migrations() -> list[Check]:
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    pending = database.pending_migrations()
    ahead = sorted(set(loader.applied_migrations) - set(loader.disk_migrations or {}))
    return [
        Check(f"{pending} migraciones pendientes", pending == 0, "Ejecute `sif migrar` con DATABASE_OWNER_URL."),
        Check(
            f"{len(ahead)} migraciones que este programa no conoce",
            not ahead,
            "La base es de una versión posterior: instale la versión de SIF que la migró.",
        ),
    ]


def _cache() -> list[Check]:
    from django.core.cache import caches

    kind = type(caches["default"]).__name__
    return [
        Check(
            f"La caché compartida es {kind}",
            kind not in ("LocMemCache", "DummyCache"),
            "Los códigos de un solo uso se recuerdan entre procesos: use la caché de la base de datos.",
        )
    ]


def _folder() -> list[Check]:
    folder: Path = settings.DATOS
    if not folder.is_dir():
        cure = f"Créela con install -d -m 700 {folder}, o revise SIF_DATOS."
        return [Check(f"No está la carpeta {folder}", False, cure)]
    mode = stat.S_IMODE(folder.stat().st_mode)
    usage = shutil.disk_usage(folder)
    free = usage.free / usage.total
    return [
        Check(f"{folder.name}/ tiene permisos {mode:o}", mode & 0o077 == 0, f"chmod 700 {folder}"),
        Check(f"{folder.name}/ guarda en disco lo que se le pide", _syncs(folder), "Revise el disco y sus permisos."),
        Check(f"Queda libre {free:.0%} del disco", free >= LEAST_FREE, "Libere espacio o amplíe el disco."),
    ]


def _jobs() -> list[Check]:
    from sif.jobs.files import taken

    used = taken() / settings.JOB_FILES_BYTES
    cure = "Cada noche se borran los de hace una semana; si no bastan, escriba más en SIF_TRABAJOS_GIB."
    return [Check(f"Los archivos de los trabajos ocupan {used:.0%} de su lugar", used < MOST_USED, cure)]


def _store() -> list[Check]:
    """Check, by writing a sample, the store of evidence; one inside the data folder is checked with it."""
    if not settings.ARCHIVOS:
        return []
    from sif.books.services.file_store import store_problem

    problem = store_problem()
    return [
        Check(
            problem or "SIF_ARCHIVOS guarda lo que se le pide",
            not problem,
            "Revise SIF_ARCHIVOS: la carpeta existe y es de quien ejecuta SIF, o la cubeta y las AWS_* de su cuenta.",
        )
    ]


def _mail() -> list[Check]:
    """Check, by entering, that the mail server lets this installation in, and that what waits leaves."""
    from sif.mail.outbox import is_configured
    from sif.mail.sending import waiting_since
    from sif.mail.smtp import Unreachable, conversation
    from sif.registry import clock

    if not is_configured():
        return []
    where = f"{settings.SMTP_SERVIDOR}:{settings.SMTP_PUERTO}"
    cure = "Revise las SIF_SMTP_* y que el servidor responda desde aquí; mientras, el correo espera hasta tres días."
    try:
        with conversation():
            entered = Check(f"El servidor de correo {where} admite a SIF", True)
    except Unreachable as failed:
        entered = Check(f"El servidor de correo {where} no admite a SIF ({failed})", False, cure)
    since = waiting_since()
    late = since is not None and clock.now() - since > LATEST_MAIL
    return [
        entered,
        Check(
            f"Hay correo sin salir desde {since:%d/%m/%Y %H:%M}" if late else "El correo sale en su turno",
            not late,
            "Arranque un trabajador (`sif trabajar`): él lo manda.",
        ),
    ]


def _passwords() -> list[Check]:
    if not settings.BREACHED_PASSWORDS:
        return []
    from sif.registry.passwords import list_problem

    problem = list_problem(Path(settings.BREACHED_PASSWORDS))
    return [
        Check(
            f"SIF_CONTRASENAS, «{settings.BREACHED_PASSWORDS}»: {problem or 'es una lista de contraseñas'}",
            not problem,
            "Hágala como dice docs/instalacion.md, con `build_prefixes`, o quítela.",
        )
    ]


def _syncs(folder: Path) -> bool:
    from sif.books.services.file_store import write_sample

    try:
        write_sample(folder)
    except OSError:
        return False
    return True


def _keys() -> list[Check]:
    from sif.filing.authority import ACUSES_KEY, authority_key, certificates_folder
    from sif.signing.problems import SigningError

    folder = certificates_folder()
    checks = [
        Check(f"{path.name} tiene permisos {_mode(path):o}", _mode(path) & 0o077 == 0, f"chmod 600 {path}")
        for path in sorted(folder.glob("*.key"))
    ]
    if not settings.PRODUCTION:
        return checks
    from sif.filing.authority import AuthorityMissing
    from sif.filing.log import sealed_by_another

    try:
        key = authority_key()
        checks.append(Check(f"{ACUSES_KEY} abre con su contraseña", True))
        checks.append(_seal_of_documents(key))
        another = sealed_by_another()
        checks.append(
            Check(
                f"{ACUSES_KEY} no es la llave que selló {another}" if another else f"{ACUSES_KEY} selló lo publicado",
                not another,
                f"Ponga en {folder} la llave con que se selló; guárdela siempre aparte del respaldo.",
            )
        )
    except SigningError as refused:
        cure = "Revise que SIF_ACUSES_CONTRASENA sea la contraseña con que se hizo la llave."
        checks.append(
            Check(f"{ACUSES_KEY} no abre", False, cure if refused.problems[0].codigo == "contrasena" else str(refused))
        )
    except AuthorityMissing as refused:
        checks.append(Check(f"{ACUSES_KEY} no sirve", False, str(refused)))
    return checks


def _seal_of_documents(key: "RSAPrivateKey") -> Check:
    """Check that the certificate with which documents in PDF are sealed is of the key and stands."""
    from sif.filing.sealing import FOLDER, BadCertificate, certificate_ends
    from sif.registry import clock

    try:
        ends = certificate_ends(key)
    except BadCertificate as refused:
        return Check("Los documentos salen sin sello", False, str(refused))
    cure = f"Deje en certificados/{FOLDER}/ el que su autoridad emitió de nuevo para la misma llave."
    return Check(f"El certificado que sella documentos vence el {ends:%d/%m/%Y}", ends > clock.now(), cure)


def _trusted() -> list[Check]:
    """Check the certificates that say whose seal is SAT's: those of the folder, and the last authority to end."""
    from sif.filing.authority import certificates_folder, is_believed
    from sif.registry import clock
    from sif.signing.authorities import read_authority, sat_authorities
    from sif.signing.problems import SigningError, problem

    folder, added, faults = certificates_folder(), [], []
    for path in sorted(each for each in folder.iterdir() if each.suffix.lower() in AUTHORITY_FILES):
        try:
            if path.suffix != ".cer":
                raise SigningError(problem("certificado_ilegible", path.name, causa="solo se leen los .cer, en DER"))
            added.append(read_authority(path.read_bytes(), path.name))
        except SigningError as refused:
            faults.append(Check(f"{path.name}: {refused.problems[0].mensaje}", False, f"{DER} {path}"))
    believed = [each for each in added if is_believed(each)]
    names = ", ".join(f"«{each.nombre}», hasta el {each.hasta:%d/%m/%Y}" for each in believed)
    said = f"agrega a las del SAT: {names}" if names else "no agrega autoridades a las del SAT"
    issuing = (*(each for each in sat_authorities() if not each.is_root), *believed)
    ends = sorted((each.hasta, each.nombre) for each in issuing if each.hasta >= clock.now())
    if not ends:
        return [*faults, Check("Ninguna autoridad del SAT está vigente", False, RENEW.format(folder))]
    (first, name), last = ends[0], ends[-1][0]
    return [
        *faults,
        Check(f"certificados/ {said}", True),
        Check(
            f"La próxima autoridad en vencer es «{name}», el {first:%d/%m/%Y}; la última, el {last:%d/%m/%Y}",
            last - clock.now() >= LEAST_AHEAD,
            RENEW.format(folder),
        ),
    ]


def _stamps() -> list[Check]:
    """Check the certificates of the service of time stamps, where there is one."""
    from sif.filing.stamping import FOLDER, authorities, service_address
    from sif.registry import clock
    from sif.signing.timestamps import StampRefused

    if not service_address():
        return []
    cure = f"Deje ahí el certificado vigente de la autoridad del servicio (.cer o .pem): certificados/{FOLDER}/."
    try:
        ends = sorted(each.not_valid_after_utc for each in authorities())
    except StampRefused as refused:
        return [Check(str(refused), False, cure)]
    said = f"vence el {ends[-1]:%d/%m/%Y}" if ends else "no está"
    return [Check(f"El certificado del sello de tiempo {said}", bool(ends) and ends[-1] > clock.now(), cure)]


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _cuts() -> list[Check]:
    """Check that a worker cuts the log each day; an installation of today has the time that the first one takes."""
    from sif.registry import clock
    from sif.signing.hours import legal_hour

    (cut, installed) = _ask(
        "SELECT (SELECT max(hecho_el) FROM registry_corte), (SELECT min(applied) FROM django_migrations)"
    )
    fine = bool(cut or installed) and clock.now() - (cut or installed) <= OLDEST_CUT
    last = f"es del {legal_hour(cut)}" if cut else "no se ha hecho"
    return [
        Check(
            f"El último corte de las raíces {last}",
            fine,
            "Lo que se registró desde entonces podría cambiarse sin que nadie lo note. Hágalo con `sif raices --salida "
            "raices.json`; vea después que corra `sif trabajar`, que lo hace cada día, y qué dice su registro.",
        )
    ]


def _people() -> list[Check]:
    """Check that somebody administers, or holds the link to begin: the link opens only in what is served."""
    from sif.registry.invitations import administrators, administrators_invited

    ready = administrators().exists() or administrators_invited().exists()
    invented = settings.PRODUCTION and (settings.DATOS / "demo").exists()
    return [
        Check(
            "Alguien administra, o tiene su enlace" if ready else "Nadie administra ni tiene enlace",
            ready,
            "Haga el enlace con `sif administrador --enlace`.",
        ),
        Check(
            f"{'Hay' if invented else 'No hay'} personas de la demostración",
            not invented,
            "Esta carpeta guarda una elección inventada: instale en una carpeta y una base nuevas.",
        ),
    ]

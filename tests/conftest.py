"""One embedded database for the whole session: copied from a migrated template, used as the ordinary role."""

import gc
import hashlib
import os
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from functools import cache, lru_cache
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

os.environ.setdefault("SIF_DATOS", str(Path(__file__).resolve().parents[1] / "datos" / "pruebas"))

from kept import WORLDS, world_asked_by, world_of
from sif.commands import database, roles

database.connect_environment("sif_prueba")
gc.disable()  # until all is collected: what is loaded lives to the end, and each search for garbage goes through it


__all__ = ["world_of"]
ROOT = Path(__file__).resolve().parents[1]
TESTS, PROGRAM, DEMO = (f"{ROOT / part}{os.sep}" for part in ("tests", "src/sif", "src/sif/demo"))


LONG = (
    "faults",
    "demo",
    "web/test_spoken.py",
    "batch/test_killed.py",
    "commands/test_servir.py",
    "golden",
    "simulation",
    "jobs",
    "commands",
    "audit",
)
"""Folders and files of few long tests, the longest first."""
SPREAD = 0.85
"""How far into the suite the last journey begins."""


def pytest_configure(config: pytest.Config) -> None:
    """Let the worlds that stand between tests know which test comes."""
    config.pluginmanager.register(WORLDS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with few long tests, which handed out last leave one worker with the end of the suite; spread journeys.

    A journey waits for its browser more than it works: handed out together, they leave the processors idle. The tests
    of a file that ask for the same world follow one another, so that it is made once for them.
    """
    files = list(dict.fromkeys(item.path for item in items))
    journeys = [path for path in files if path.parent.name == "journeys"]
    others = sorted((path for path in files if path.parent.name != "journeys"), key=_turn)
    place = {path: n / len(others) for n, path in enumerate(others)}
    place |= {path: n / len(journeys) * SPREAD for n, path in enumerate(journeys)}
    turns = _turns_of_worlds(items)
    items.sort(key=lambda item: (place[item.path], item.path, turns[item]))


def pytest_collection_finish() -> None:
    """Leave what was loaded and collected out of every search for garbage, for it lives to the end, and search less."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)
    gc.enable()


def _turns_of_worlds(items: list[pytest.Item]) -> dict[pytest.Item, int]:
    """Number, within its file, the world that each test asks for; a class stays where its first test does."""
    turns, worlds, classes = dict[pytest.Item, int](), dict[Path, list[Any]](), dict[Any, int]()
    for item in items:
        known, make = worlds.setdefault(item.path, []), world_asked_by(item)
        if make not in known:
            known.append(make)
        turn, kind = known.index(make), getattr(item, "cls", None)
        turns[item] = classes.setdefault(kind, turn) if kind else turn
    return turns


def _turn(path: Path) -> int:
    name = path.relative_to(ROOT / "tests").as_posix()
    return next((turn for turn, long in enumerate(LONG) if name.startswith(long)), len(LONG))


def _template_name() -> str:
    """Name the template database by the digest of the files that decide its tables and its catalogues of law."""
    files = [*sorted(ROOT.glob("src/sif/*/migrations/*.py")), ROOT / "src/sif/registry/protection.py"]
    files += [ROOT / "src/sif/commands/database.py", ROOT / "src/sif/commands/roles.py"]
    files += [*sorted(ROOT.glob("src/sif/*/sql/*.sql")), ROOT / "requirements/base.txt"]
    files += [ROOT / "src/sif/jurisdictions/mx/law" / name for name in ("accounts.yaml", "evidence.yaml")]
    files += [ROOT / "src/sif/law/chart.py", ROOT / "src/sif/books/services/catalogos.py"]
    from django.conf import settings

    digest = hashlib.sha256(" ".join(settings.INSTALLED_APPS).encode())
    for path in files:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return f"sif_plantilla_{digest.hexdigest()[:16]}"


def _use_database(name: str) -> None:
    """Point both connections at a database; pytest-django reads the settings before this file starts the server."""
    from django.conf import settings
    from django.db import connections

    from config.settings import _database

    for alias, variable in (("default", "DATABASE_URL"), ("owner", "DATABASE_OWNER_URL")):
        connections[alias].close()
        settings.DATABASES[alias].update(_database(variable))
        settings.DATABASES[alias]["NAME"] = connections[alias].settings_dict["NAME"] = name


def _make_template(connection: Any, owner: str, template: str) -> None:
    """Migrate a new template under a temporary name, with the chart of accounts, and drop those of other migrations."""
    import psycopg

    names = "SELECT datname FROM pg_database WHERE datname LIKE 'sif_plantilla_%'"
    for (old,) in connection.execute(names).fetchall():
        connection.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
    unfinished = f"{template}_a_medias"
    connection.execute(f'CREATE DATABASE "{unfinished}"')
    roles.grant_to_app(psycopg.conninfo.make_conninfo(owner, dbname=unfinished))
    _use_database(unfinished)
    database.migrate()
    from django.db import connections

    from sif.books.services import load_catalogs

    load_catalogs("mx")
    connections.close_all()
    connection.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{template}"')


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest) -> Iterator[None]:
    """A database of this worker's own, copied from the template, with the real tables and both roles."""
    import psycopg
    from django.db import connections
    from pytest_django.plugin import DjangoDbBlocker

    blocker: DjangoDbBlocker = request.getfixturevalue("django_db_blocker")
    name = f"sif_prueba_{os.environ.get('PYTEST_XDIST_WORKER', 'uno')}"
    owner, template = os.environ["DATABASE_OWNER_URL"], _template_name()
    with blocker.unblock(), psycopg.connect(owner, autocommit=True) as connection:
        # one worker migrates, the others wait for its template; a session lock falls with its process
        connection.execute("SELECT pg_advisory_lock(7346001)")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
            _make_template(connection, owner, template)
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        connection.execute("SELECT pg_advisory_unlock(7346001)")
    database.install_scope_key(psycopg.conninfo.make_conninfo(owner, dbname=name))
    _use_database(name)
    yield
    with blocker.unblock():
        connections.close_all()


SERVES: ContextVar[bool] = ContextVar("sirve", default=False)


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """Leave to the next test no language of a request."""
    from django.utils import translation

    yield
    translation.deactivate()


@pytest.fixture(autouse=True, scope="session")
def _acts_of_many() -> None:
    """Let tests act in the name of one person after another, as the demonstration does; what they ask of the pages no.

    A request runs as it does when pages are served: in the name of who entered, or of nobody.
    """
    from django.core.signals import request_finished, request_started

    from sif.registry import scope

    named = scope._person_of
    scope._person_of = lambda said: named(said) or (0 if SERVES.get() else scope.WHOEVER_SIGNS)
    request_started.connect(lambda **_given: SERVES.set(True), weak=False)
    request_finished.connect(lambda **_given: SERVES.set(False), weak=False)


@pytest.fixture(autouse=True, scope="session")
def _written_by_acts() -> None:
    """Refuse what the program writes outside an act: tests sign for whoever says, and would not see it.

    It is a record that enters, and a draft, a lot or a job that changes, which a DELETE would not even say.
    """
    import re

    from django.db import connections
    from django.db.backends.signals import connection_created

    from sif.registry import scope
    from sif.registry.tables import IN_ACTS, TABLES, Kind
    from sif.registry.walls import WRITTEN_BY

    records = {name for name, kind in TABLES.items() if kind is Kind.RECORD}
    in_acts = IN_ACTS | {name for name, who in WRITTEN_BY.items() if who == "un acto"}
    enters, changes = "|".join(sorted(records | in_acts)), "|".join(sorted(in_acts))
    written = re.compile(rf'INSERT INTO "?({enters})\b|(?:UPDATE|DELETE FROM) "?({changes})\b')

    def judged(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        found = written.match(sql) if isinstance(sql, str) else None
        if found and _from_program():
            with context["connection"].connection.cursor() as cursor:
                cursor.execute("SELECT coalesce(current_setting('sif.pase', true), '')")
                parts = cursor.fetchone()[0].split("|")
            acts = parts[0] == scope.REGISTRY or parts[-2:-1] == ["acto"]
            assert acts, f"{found[1] or found[2]}: escríbala dentro de scope.acting()"
        return execute(sql, params, many, context)

    def watch(connection: Any, **_given: Any) -> None:
        if connection.alias == "default" and judged not in connection.execute_wrappers:
            connection.execute_wrappers.append(judged)

    connection_created.connect(watch, weak=False)
    watch(connections["default"])


def _from_program() -> bool:
    """Tell whether the row that enters is written by the program, and not by a test or by what invents a story."""
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith((TESTS, DEMO)):
            return False
        if name.startswith(PROGRAM):
            return True
        frame = frame.f_back
    return False


@pytest.fixture(autouse=True, scope="session")
def _static_files_found_once() -> None:
    """Look once for the files that pages carry, where the middleware of each client of a test looked for them again."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    look, found = WhiteNoiseMiddleware.add_files_from_finders, dict[str, Any]()

    def once(self: WhiteNoiseMiddleware) -> None:
        if not found:
            look(self)
            found.update(self.files)
        self.files.update(found)

    WhiteNoiseMiddleware.add_files_from_finders = once


READ = (
    "golden",
    "demo",
    "disclosure/test_codes.py",
    "proceedings/test_capacity.py",
    "proceedings/test_resolucion.py",
    "web/test_spoken.py",
    "web/test_reach.py",
    "web/test_sealed_kinds.py",
)
"""Folders and files of tests that read what the documents of acts draw."""


@pytest.fixture(autouse=True)
def _sheets_drawn_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw the document of each kind of act once, where nobody reads it: its words are kept beside it, and are its own.

    The tests of `READ` draw each one; what is read of it, `golden` asks, and how a sheet is drawn, `notices`.
    """
    if not request.path.relative_to(ROOT / "tests").as_posix().startswith(READ):
        from sif.notices import documents
        from sif.proceedings import drawn

        monkeypatch.setattr(drawn, "render_pdf", _drawn_once(documents.render_pdf))
        monkeypatch.setattr(drawn, "render_docx", _drawn_once(documents.render_docx))


@cache
def _drawn_once(draw: Any) -> Any:
    from sif.signing.chain import canonical_json

    kept: dict[str, bytes] = {}

    def once(template: str, data: Any) -> bytes:
        if template not in kept:
            kept[template] = draw(template, data)
        own = hashlib.sha256(canonical_json(data)).hexdigest().encode()  # each is another file, as it would be
        if kept[template].startswith(b"%PDF"):
            return kept[template] + b"\n%" + own
        out = BytesIO(kept[template])
        with ZipFile(out, "a") as file:
            file.comment = own
        return out.getvalue()

    return once


@pytest.fixture(autouse=True, scope="session")
def _keys_opened_once() -> None:
    """Open once each key that tests share, and draw from four those that an installation makes for its folder.

    To make an RSA key takes a tenth of a second of processor, and half of it to look at its primes whenever it is
    opened. What is refused is refused each time; a key that a test makes is a new one.
    """
    from sif.filing import authority
    from sif.signing import efirma, minting

    efirma.load_der_private_key = lru_cache(maxsize=100)(efirma.load_der_private_key)
    drawn = count()
    made = lru_cache(maxsize=4)(lambda _place: minting.new_key())
    authority.new_key = lambda: made(next(drawn) % 4)
    authority.encrypt_key = lru_cache(maxsize=20)(authority.encrypt_key)


@pytest.fixture(autouse=True, scope="session")
def _appointments_read_again_when_they_change() -> None:
    """Forget what was read of appointments when one is written outside `registry`, or a request ends."""
    from django.core.signals import request_finished
    from django.db.models.signals import m2m_changed, post_save

    from sif.registry.models import FinNombramiento, Nombramiento
    from sif.registry.selectors import forget_appointments

    def forget(**_given: Any) -> None:
        if "tests/registry/" not in os.environ.get("PYTEST_CURRENT_TEST", ""):
            forget_appointments()

    for model in (Nombramiento, FinNombramiento):
        post_save.connect(forget, sender=model, weak=False)
    m2m_changed.connect(forget, sender=Nombramiento.contabilidades.through, weak=False)
    request_finished.connect(forget, weak=False)


@pytest.fixture(autouse=True)
def _appointments_kept(request: pytest.FixtureRequest) -> Iterator[None]:
    """Read the appointments of a person once for each day of the story, as a request does; `registry` asks each time.

    What makes a world asks them at each act.
    """
    if request.path.is_relative_to(ROOT / "tests" / "registry"):
        yield
        return
    from sif.registry.selectors import appointments_kept

    with appointments_kept():
        yield


@pytest.fixture
def as_served() -> Iterator[None]:
    """Act as a process that serves people does: a pass without a person is of nobody, who signs nothing."""
    token = SERVES.set(True)
    yield
    SERVES.reset(token)


@pytest.fixture(autouse=True, scope="session")
def _cookies_with_the_secret() -> None:
    """Let the client of tests carry the secret of its session, which Django takes for the key of the table."""
    from django.conf import settings
    from django.http import HttpRequest
    from django.test.client import Client, ClientMixin

    from sif.web.sessions import SessionStore

    written = ClientMixin._set_login_cookies

    def set_login_cookies(self: Client, request: HttpRequest) -> None:
        written(self, request)
        self.cookies[settings.SESSION_COOKIE_NAME] = request.session.secret

    def session(self: Client) -> SessionStore:
        cookie = self.cookies.get(settings.SESSION_COOKIE_NAME)
        store = SessionStore.of_cookie(cookie.value if cookie else None)
        if cookie is None:
            store.save()
            self.cookies[settings.SESSION_COOKIE_NAME] = store.secret
        return store

    ClientMixin._set_login_cookies, ClientMixin.session = set_login_cookies, property(session)


@pytest.fixture(autouse=True, scope="session")
def _settings_of_tests() -> None:
    """Run each job in the request that asks for it, let pages wait, and keep passwords by a digest that costs nothing.

    A test of the queue itself, or of how passwords are kept, sets its own back. It is done once, and not before each
    of the tests: every change of a setting is told to all that listen.
    """
    from django.conf import settings

    settings.TRABAJOS_EN_LINEA = True
    settings.MEDIR_DISPONIBILIDAD = False  # a test of it sets its own back, in a folder of its own
    settings.PAGINA_ESPERA_S = 60.0  # a machine that runs the whole suite is slow
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]

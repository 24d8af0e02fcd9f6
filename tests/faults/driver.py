"""Acts of the real services in forked children, each with a fault after a chosen statement.

A process of its own, without threads, so that fork is safe: `python driver.py`. Each line that it reads is of JSON: the
folder of a world, an act, a point and a fault; it answers with another, how the child ended and what it said. It loads
the program and its rules once, before it forks, for every act and world. Point 0 tries the act,
undoes it and says how many statements it has and how many rows it adds to each table; point k kills the child after
statement k (KILL) or ends its session in the database, as a database that stops does (CUT), and a point that is a text
does so after the first statement that holds it; ENDED kills it once the act is done; WHOLE lets it live.
"""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

LOADED = (
    "sif.audit.services",
    "sif.batch.direct_load",
    "sif.disclosure.publish",
    "sif.duties.depositing",
    "sif.filing.services",
    "sif.proceedings.resolving",
    "sif.proceedings.services",
    "sif.registry.tables",
    "sif.rulebook.reading",
    "small_world",
)
ENDED, WHOLE = -1, -2
KILL, CUT = "muerte", "corte"
Act = Callable[[dict[str, Any]], Any]


def post(told: dict[str, Any]) -> Any:
    """Post an expense on credit."""
    from sif.books.services import post_poliza
    from sif.ledger import NewLine, NewPoliza
    from sif.registry.models import Usuario
    from sif.values import Money
    from small_world import LEAFLETS, PAYABLE

    own = {"auxiliar_tipo": "proveedor", "auxiliar_id": told["proveedor"]}
    lines = (NewLine(LEAFLETS, cargo=Money(777), **own), NewLine(PAYABLE, abono=Money(777), **own))
    new = NewPoliza(told["libros"], told["periodo"], "normal", "DR", date(2024, 4, 12), "Volantes", lines)
    return post_poliza(new, Usuario.objects.get(pk=told["persona"])).numero


def load(told: dict[str, Any]) -> Any:
    """Load a lot of pólizas at once."""
    from sif.batch.direct_load import load_direct
    from sif.registry.models import Contabilidad, Usuario

    books, by = Contabilidad.objects.get(pk=told["libros"]), Usuario.objects.get(pk=told["persona"])
    load_direct(books, ("polizas.csv", [told["lote"].encode()]), by)


def present(told: dict[str, Any]) -> Any:
    """Present the report that was sealed."""
    from sif.filing import services
    from sif.filing.models import Informe
    from sif.registry.models import Usuario

    informe = Informe.objects.get(pk=told["informe"])
    services.present(informe, bytes.fromhex(told["cer"]), told["sello"], Usuario.objects.get(pk=told["persona"]))


def complete(told: dict[str, Any]) -> Any:
    """Make the acuses that wait, as the worker does each minute."""
    from sif.filing.presenting import complete_waiting

    return complete_waiting()


def deposit(told: dict[str, Any]) -> Any:
    """Deposit a document for a duty, if it was not deposited; then draw the acuses that wait, as the worker does."""
    from sif.duties.depositing import NewDeposit
    from sif.duties.depositing import deposit as deposited
    from sif.filing.deposit_acuses import draw_waiting
    from sif.registry.models import SujetoObligado, Usuario
    from sif.values import Refused

    party, by = SujetoObligado.objects.get(pk=told["sujeto"]), Usuario.objects.get(pk=told["persona"])
    paper = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n"
    try:
        deposited(party, NewDeposit(f"RMA-{party.numero}-2024-3", "marzo.pdf", paper), by)
    except Refused as refused:
        if [each.codigo for each in refused.problems] != ["repetido"]:
            raise
    return draw_waiting()


def notify(told: dict[str, Any]) -> Any:
    """Notify the oficio that another person proposed."""
    from sif.proceedings import services
    from sif.registry.models import Etapa, SujetoObligado, Usuario

    by = Usuario.objects.get(pk=told["persona"])
    services.issue_oficio(Etapa.objects.get(pk=told["etapa"]), SujetoObligado.objects.get(pk=told["sujeto"]), by)


def close_dictamen(told: dict[str, Any]) -> Any:
    """Close the dictamen whose conclusions are closed."""
    from sif.proceedings import services
    from sif.proceedings.models import Dictamen
    from sif.registry.models import Usuario

    services.close_dictamen(Dictamen.objects.get(), Usuario.objects.get(pk=told["persona"]))


def draft(told: dict[str, Any]) -> Any:
    """Draw the project of resolución of a dictamen that is closed."""
    from sif.proceedings import resolving
    from sif.proceedings.models import Dictamen
    from sif.registry.models import Usuario

    by = Usuario.objects.get(pk=told["persona"])
    resolving.draft_resolucion(Dictamen.objects.get(), date.fromisoformat(told["sesion"]), by)


def vote(told: dict[str, Any]) -> Any:
    """Cast a vote."""
    from sif.proceedings import resolving
    from sif.proceedings.models import Resolucion
    from sif.registry.models import Usuario

    resolving.vote(Resolucion.objects.get(), Usuario.objects.get(pk=told["persona"]), "a_favor")


def close_vote(told: dict[str, Any]) -> Any:
    """Count the votes and notify what they approve."""
    from sif.proceedings import resolving
    from sif.proceedings.models import Resolucion
    from sif.registry.models import Usuario

    resolving.close_vote(Resolucion.objects.get(), Usuario.objects.get(pk=told["persona"]))


def propose_figures(told: dict[str, Any]) -> Any:
    """Propose the figures that a stage makes public."""
    from sif.disclosure.publish import propose_publicacion
    from sif.registry.models import Etapa, Usuario

    propose_publicacion(Etapa.objects.get(pk=told["etapa"]), Usuario.objects.get(pk=told["persona"]), without_vote=True)


def publish(told: dict[str, Any]) -> Any:
    """Publish the figures that another person proposed."""
    from sif.disclosure.models import PublicacionPropuesta
    from sif.disclosure.publish import publish_etapa
    from sif.registry.models import Usuario

    publish_etapa(PublicacionPropuesta.objects.get(), Usuario.objects.get(pk=told["persona"]))


def withdraw(told: dict[str, Any]) -> Any:
    """Withdraw what is published, as another person proposed."""
    from sif.disclosure.models import RetiroPropuesto
    from sif.disclosure.publish import withdraw_publicacion
    from sif.registry.models import Usuario

    withdraw_publicacion(RetiroPropuesto.objects.get(), Usuario.objects.get(pk=told["persona"]))


def keep_run(told: dict[str, Any]) -> Any:
    """Keep the run of a rule over a snapshot already judged."""
    from sif.audit.models import Instantanea
    from sif.audit.services import run
    from sif.rulebook.reading import load_rules

    run(
        Instantanea.objects.get(pk=told["instantanea"]), [rule for rule in load_rules("mx") if rule.id == told["regla"]]
    )


ACTS: dict[str, Act] = {
    "registrar": post,
    "cargar": load,
    "presentar": present,
    "completar": complete,
    "depositar": deposit,
    "notificar": notify,
    "dictaminar": close_dictamen,
    "proyectar": draft,
    "votar": vote,
    "contar": close_vote,
    "proponer": propose_figures,
    "publicar": publish,
    "retirar": withdraw,
    "auditar": keep_run,
}


class Counter:
    """Counts the statements that psycopg sends, Django's and the program's own, and may do a fault after one."""

    def __init__(self, fatal: int | str, fault: str) -> None:
        self.seen, self.fatal, self.fault = 0, fatal, {KILL: _kill, CUT: _cut}[fault]

    def watch(self) -> None:
        """Stand behind every cursor of this process."""
        import psycopg

        for name in ("execute", "executemany"):
            setattr(psycopg.Cursor, name, self._behind(getattr(psycopg.Cursor, name)))

    def _behind(self, send: Callable[..., Any]) -> Callable[..., Any]:
        def sent(cursor: Any, query: Any, *rest: Any, **more: Any) -> Any:
            done = send(cursor, query, *rest, **more)
            if not str(query).startswith(("SAVEPOINT", "RELEASE")):
                self.seen += 1
                if self.fatal in str(query) if isinstance(self.fatal, str) else self.seen == self.fatal:
                    self.fatal = 0
                    self.fault(cursor.connection.info.backend_pid)
            return done

        return sent


def _kill(_session: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _cut(session: int) -> None:
    """End a session of the database from another one."""
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"]) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [session])


class _Undone(Exception):
    """Ends a trial that must leave nothing."""


def _counts() -> dict[str, int]:
    from django.db import connection

    from sif.registry.tables import TABLES

    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in TABLES))
        return dict(cursor.fetchall())


def _do(act: Act, point: int | str, fault: str, told: dict[str, Any]) -> object:
    from django.db import transaction

    from sif.registry import clock
    from sif.registry.scope import WHOEVER_SIGNS, everything

    counter = Counter(point, fault)
    with clock.at(datetime.fromisoformat(told["momento"])), everything(WHOEVER_SIGNS):
        counter.watch()
        if point == 0:
            try:
                with transaction.atomic():
                    before = _counts()
                    counter.seen = 0
                    act(told)
                    seen, after = counter.seen, _counts()
                    raise _Undone
            except _Undone:
                return json.dumps([seen, {table: after[table] - before[table] for table in after}])
        said = act(told)
        if point == ENDED:
            os.kill(os.getpid(), signal.SIGKILL)
        return said


def fork(folder: str, name: str, point: int | str, fault: str) -> tuple[int, str]:
    """Do an act in a child, to the world of a folder; returns how it ended (minus the signal) and what it said."""
    from django.conf import settings

    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.alarm(60)  # a child that hangs ends, and its test fails
            settings.DATOS = Path(folder)
            told = json.loads((settings.DATOS / "mundo.json").read_text())
            os.write(writing, str(_do(ACTS[name], point, fault, told)).encode())
            code = 0
        except Exception as refused:
            os.write(writing, f"{type(refused).__name__}: {refused}"[:4000].encode())
            if not hasattr(refused, "problem") and fault != CUT:
                traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as told_by_child:
        said = told_by_child.read()
    _pid, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), said


def main() -> None:
    """Answer until there is nothing more to read."""
    import django

    from sif.rulebook import load_rules

    django.setup()
    for name in LOADED:
        import_module(name)
    load_rules("mx")
    for line in sys.stdin:
        print(json.dumps(fork(*json.loads(line))), flush=True)


if __name__ == "__main__":
    main()

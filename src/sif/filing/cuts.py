"""Cut the log each day: build its trees, and seal, stamp and publish their heads."""

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping

from django.db import OperationalError, connection

from sif.filing.authority import AuthorityMissing, authority_key
from sif.filing.log import publish_head, raices
from sif.filing.stamping import ask_stamp, service_address
from sif.registry import clock, events
from sif.registry.models import Cabeza, Corte, SelloCorte
from sif.registry.protection import CUT_LOCK, IN_TREE, LOG_LOCK
from sif.registry.scope import acting, registering
from sif.registry.tables import tree_of
from sif.signing.heads import Tramos, build_heads, read_head, seal_head
from sif.signing.problems import SigningError
from sif.signing.timestamps import StampRefused
from sif.signing.tree import GrowingTree

STEP = 10_000  # leaves read at a time
GROUPS = 512  # of the leaves of one tree since the cut before; with as many leaves or fewer, each is one
TRIES = 40  # half a second each, while a load that has not ended holds the log
_LEAVES = f"SELECT tabla, {IN_TREE} FROM registry_hoja WHERE id <= %s ORDER BY id"
_SINCE = "SELECT tabla, count(*) FROM registry_hoja WHERE id > %s AND id <= %s GROUP BY tabla"
_LOCK_NOT_AVAILABLE = "55P03"


class CutRefused(RuntimeError):
    """No cut was made; the text says what was seen and what to do."""


class _Tree:
    """A tree while its leaves are read: the head before, which it must reach, and the groups of what came after."""

    def __init__(self, before: tuple[int, str] | None, new: int) -> None:
        self.before = before
        self.size_before = before[0] if before else 0
        self.every = max(1, -(-new // GROUPS))
        self.whole, self.group, self.groups = GrowingTree(), GrowingTree(), list[str]()

    def add(self, leaf: bytes) -> None:
        self.whole.add(leaf)
        if self.whole.size > self.size_before:
            self.group.add(leaf)
            if self.group.size == self.every:
                self._close()
        elif self.before and self.whole.size == self.size_before and self.whole.root().hex() != self.before[1]:
            self.before = None

    def _close(self) -> None:
        self.groups.append(self.group.root().hex())
        self.group = GrowingTree()

    def continues(self) -> bool:
        """Return whether the leaves of the head before are there and give its root."""
        return self.size_before == 0 or (self.before is not None and self.whole.size >= self.size_before)

    def tramos(self) -> Tramos:
        if self.group.size:
            self._close()
        return Tramos(self.size_before, self.every, tuple(self.groups))


def make_cut() -> Corte:
    """Cut the log now: every leaf that is final enters its tree, and the roots are sealed and kept as published.

    Cuts wait for each other. Without an answer of the service of time stamps the cut stands without one, and the log
    of events says why. Raises CutRefused if what an earlier cut covered is no longer so, or a load does not end.
    """
    publish_head()
    with acting():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CUT_LOCK])
        return _cut(TRIES, stamped=True)


def cut_of_today() -> Corte | None:
    """Cut unless the last cut is of this legal day; None if it is. One of a later day was made by a clock ahead."""
    last = Corte.objects.order_by("-numero").first()
    if last and clock.legal_day(last.hecho_el) == clock.today():
        return None
    return make_cut()


def mark_clock() -> None:
    """Cut within the act that finds the clock behind the last cut, so that the log has the sealed hour of that act.

    `sif verificar` compares each record with the cuts beside its leaf. The act waits for no other cut, nor for a load
    more than half a second, nor for a service of time stamps, and goes on where no cut is made: the next act tries.
    """
    try:
        with acting():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [CUT_LOCK])
                (alone,) = cursor.fetchone()
            if alone:
                _cut(1, stamped=False)
    except (CutRefused, AuthorityMissing, SigningError) as error:
        events.log_exception(error, objeto="registry.corte")


def _cut(tries: int, *, stamped: bool) -> Corte:
    """Make the cut, in the transaction that holds the lock of cuts."""
    last = Corte.objects.order_by("-numero").first()
    with registering():
        until = _last_final_leaf(tries)
    key, moment = authority_key(), clock.now()
    with registering():  # of whose books a leaf is says nothing to the tree
        trees = _trees(until, last)
    heads = [seal_head(name, tree.whole.root().hex(), tree.whole.size, key) for name, tree in trees.items()]
    acuses = read_head(raices(), "acuses")
    heads += [acuses] if acuses else []
    groups = {name: tree.tramos() for name, tree in trees.items() if tree.whole.size > tree.size_before}
    text = json.dumps(build_heads(heads, key, moment, groups), ensure_ascii=False, indent=1) + "\n"
    stamp = _stamp(text.encode()) if stamped else None
    with registering():  # anybody reads the cuts; only this writes them
        cut = Corte.objects.create(numero=last.numero + 1 if last else 1, hecho_el=moment, hasta=until, raices=text)
        if stamp is not None:
            SelloCorte.objects.create(corte=cut, respuesta=stamp)
        Cabeza.objects.bulk_create(
            Cabeza(corte=cut, arbol=one.arbol, tamano=one.tamano, raiz=one.raiz, sello=one.sello) for one in heads
        )
    events.log("acto", verbo="cortar", objeto="registry.corte", id=cut.pk)
    return cut


def _trees(until: int, last: Corte | None) -> dict[str, _Tree]:
    """Every tree of the log in one reading, in order of leaf; memory grows with the tables, not with the leaves."""
    before, new = _heads_before(last), Counter[str]()
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, [last.hasta if last else 0, until])
        for table, count in cursor.fetchall():
            new[tree_of(table)] += count
    trees: dict[str, _Tree] = {}
    names: dict[str, str] = {}
    for table, leaf in _leaves(until):
        name = names.get(table) or names.setdefault(table, tree_of(table))
        tree = trees.get(name)
        if tree is None:
            tree = trees[name] = _Tree(before.get(name), new[name])
        tree.add(leaf)
    wrong = [name for name, tree in trees.items() if not tree.continues()] + sorted(before.keys() - trees.keys())
    if wrong:
        raise CutRefused(
            f"No se hizo el corte: lo que cubría el corte {last.numero if last else 0} ya no da su raíz en "
            f"{', '.join(wrong)}. Ejecute `sif verificar`, que nombra qué cambió, y conserve la base como está."
        )
    return trees


def _heads_before(last: Corte | None) -> Mapping[str, tuple[int, str]]:
    rows = Cabeza.objects.filter(corte=last).exclude(arbol="acuses") if last else Cabeza.objects.none()
    return {arbol: (size, root) for arbol, size, root in rows.values_list("arbol", "tamano", "raiz")}


def _leaves(until: int) -> Iterator[tuple[str, bytes]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_LEAVES, [until])
        while rows := cursor.fetchmany(STEP):
            yield from rows


def _last_final_leaf(tries: int) -> int:
    """The last leaf such that none with a lower number can still appear: no writer is inside while it is read."""
    with connection.cursor() as cursor:
        for turn in range(tries):
            if turn:
                time.sleep(0.5)
            if _alone(LOG_LOCK):
                break
        else:
            raise CutRefused("No se hizo el corte: una carga en curso no ha terminado. Repítalo cuando termine.")
        try:
            cursor.execute("SELECT coalesce(max(id), 0) FROM registry_hoja")
            return int(cursor.fetchone()[0])
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOG_LOCK])


def _alone(lock: int) -> bool:
    """Hold a lock of this session, unless others keep it for half a second: writers queue behind who waits for it."""
    try:
        with acting(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '500ms'")
            cursor.execute("SELECT pg_advisory_lock(%s)", [lock])
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")
    except OperationalError as refused:
        if getattr(refused.__cause__, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
            raise
        return False
    return True


def _stamp(data: bytes) -> bytes | None:
    if not service_address():
        return None
    try:
        return ask_stamp(data)
    except StampRefused as refused:
        events.log_exception(refused, objeto="registry.corte")
        return None

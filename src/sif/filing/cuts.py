"""The daily cut of the log: one tree for each table of records, whose heads are sealed and published."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from psycopg import Connection

from sif.filing.authority import authority_key
from sif.filing.log import publish_head, raices
from sif.registry import clock
from sif.registry.models import Cabeza, Corte, Hoja
from sif.registry.protection import LOG_LOCK
from sif.registry.tables import TABLES
from sif.signing.heads import Head, build_head, build_heads, read_head, verify_heads
from sif.signing.tree import tree_root

_LEAVES = "SELECT huella FROM registry_hoja WHERE tabla = %s AND id <= %s ORDER BY id"


def make_cut() -> dict[str, Any]:
    """Cut the log now and return raices.json with the head of each tree, that of acuses too."""
    publish_head()
    until = _last_final_leaf()
    key, moment = authority_key(), clock.now()
    tables = Hoja.objects.filter(pk__lte=until).values_list("tabla", flat=True).distinct().order_by("tabla")
    heads = []
    with connection.cursor() as cursor:
        for table in (name for name in tables if name in TABLES):
            cursor.execute(_LEAVES, [table, until])
            heads.append(build_head(table.replace("_", "-"), [bytes(row[0]) for row in cursor.fetchall()], key))
    acuses = read_head(raices(), "acuses")
    heads += [acuses] if acuses else []
    with transaction.atomic():
        last = Corte.objects.order_by("-numero").first()
        cut = Corte.objects.create(numero=last.numero + 1 if last else 1, hecho_el=moment, hasta=until)
        Cabeza.objects.bulk_create(
            Cabeza(corte=cut, arbol=one.arbol, tamano=one.tamano, raiz=one.raiz, sello=one.sello) for one in heads
        )
    return build_heads(heads, key, moment)


def _last_final_leaf() -> int:
    """The last leaf such that none with a lower number can still appear: no writer is inside while it is read."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOG_LOCK])
        cursor.execute("SELECT coalesce(max(id), 0) FROM registry_hoja")
        return int(cursor.fetchone()[0])


def differences(database: Connection[Any], published: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What of the log is not what published roots say: (table, tree, what), of every tree of a table of records."""
    found = [("registry_cabeza", "raices.json", problem) for problem in verify_heads(published)]
    trees = {name.replace("_", "-"): name for name in TABLES}
    for tree in sorted(trees.keys() & published.keys()):
        head = read_head(published, tree)
        said = _unlike(database, trees[tree], head) if head else "su raíz publicada no se puede leer"
        found += [(trees[tree], tree, said)] if said else []
    return found


def _unlike(database: Connection[Any], table: str, head: Head) -> str:
    rows = database.execute(
        "SELECT huella FROM registry_hoja WHERE tabla = %s ORDER BY id LIMIT %s", [table, head.tamano]
    ).fetchall()
    if len(rows) < head.tamano:
        return f"la raíz publicada cubre {head.tamano} registros y hay {len(rows)}"
    same = tree_root([bytes(row[0]) for row in rows]).hex() == head.raiz
    return "" if same else "sus registros no dan la raíz publicada"

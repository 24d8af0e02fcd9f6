"""Compare the chart of accounts, its classes of evidence and what accounts ask for with the data of the law."""

from collections.abc import Iterator, Mapping

from django.conf import settings
from psycopg import Connection
from psycopg.rows import TupleRow

from sif.books.accounts import TRAITS
from sif.law.chart import account_evidence, load_account_evidence, load_chart, load_evidence_classes
from sif.values.span import OPEN_END

_ACCOUNTS = f"SELECT {', '.join(TRAITS)} FROM public.books_cuenta WHERE proceso_id IS NULL"
_OF_PROCESSES = "SELECT codigo FROM public.books_cuenta WHERE proceso_id IS NOT NULL"
_CLASSES = "SELECT clave, nombre FROM public.books_claseevidencia"
_EVIDENCE = (
    "SELECT cuenta_id || ' ' || clase_id || ' ' || to_char(desde, 'YYYY-MM-DD'), obligatoria, hasta"
    " FROM public.books_cuentaevidencia"
)

Found = Iterator[tuple[str, str, str]]


def strange_chart(database: Connection[TupleRow]) -> Found:
    """Name what of the chart is not as the data of the law of this version have it: changed, missing or added.

    An account that a process added is not of the law: it has a leaf. What it asks for is of the law all the same.
    """
    law, own = settings.JURISDICTION, {code for (code,) in database.execute(_OF_PROCESSES)}
    chart = {
        code: tuple(getattr(account, name) for name in TRAITS[1:])
        for code, account in load_chart(law).items()
        if code not in own
    }
    yield from _compared("books_cuenta", _rows(database, _ACCOUNTS), chart)
    classes = {key: (each.nombre,) for key, each in load_evidence_classes(law).items()}
    yield from _compared("books_claseevidencia", _rows(database, _CLASSES), classes)
    asked = [each for each in load_account_evidence(law) if each.cuenta not in own]
    asked += [each for code in own for each in account_evidence(code, law)]
    evidence = {
        f"{each.cuenta} {each.clase} {each.desde}": (each.obligatoria, each.hasta or OPEN_END) for each in asked
    }
    yield from _compared("books_cuentaevidencia", _rows(database, _EVIDENCE), evidence)


def _rows(database: Connection[TupleRow], sql: str) -> dict[str, tuple[object, ...]]:
    return {str(key): tuple(traits) for key, *traits in database.execute(sql)}


def _compared(table: str, there: Mapping[str, object], wanted: Mapping[str, object]) -> Found:
    for key in sorted(there.keys() | wanted.keys()):
        if key not in wanted:
            yield table, key, "no está en los datos de la ley de esta versión"
        elif key not in there:
            yield table, key, "falta, y está en los datos de la ley de esta versión"
        elif there[key] != wanted[key]:
            yield table, key, "no es como lo dicen los datos de la ley de esta versión"

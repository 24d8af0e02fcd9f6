"""Post pólizas for another program, all or none, once however often it retries."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from sif.batch.cells import Cells
from sif.batch.kinds import POLIZAS, load_kinds
from sif.batch.models import Lote, PeticionApi
from sif.batch.polizas import Fila
from sif.batch.selectors import bad_rows, posted_of
from sif.batch.services import apply_lote, fill_lote, must_capture
from sif.books.selectors import reference_of
from sif.registry import clock
from sif.registry.locks import lock_contabilidades
from sif.registry.models import Contabilidad, Usuario
from sif.registry.scope import acting
from sif.values import Problem, Refused, refusal
from sif.values.texts import is_blank, legible

Answer = dict[str, object]


@dataclass(frozen=True, slots=True)
class Envio:
    """A message of another program: its rows as cells, the key that it will repeat, and the digest of what it sent."""

    filas: Sequence[Cells]
    clave: str
    huella: str


class FilasRefused(Refused):
    """Nothing was posted; `filas` says of each problem its row (from 1) and its póliza."""

    def __init__(self, filas: Sequence[tuple[int, str, Problem]]) -> None:
        self.filas = tuple(filas)
        super().__init__(*(Problem(p.codigo, f"fila {n}, {p.donde}", p.mensaje, p.cura) for n, _key, p in filas))


def digest_of(address: str, body: bytes) -> str:
    """Return the digest of a request, by which a repetition is told from another with the same key."""
    return hashlib.sha256(address.encode() + b"\n" + body).hexdigest()


def post_from_program(contabilidad: Contabilidad, envio: Envio, by: Usuario) -> tuple[Answer, bool]:
    """Post every póliza of a message or none, and say whether it was now. Raises Refused, PermissionError.

    The answer is kept in the same transaction: a program that did not hear it repeats its key and hears it again.
    """
    must_capture(contabilidad, by)
    if not 0 < len(envio.clave) <= 80:
        raise refusal("sin_clave", "Idempotency-Key", "Falta, o pasa de 80 caracteres.", "Mande una por cada envío.")
    with acting():
        _one_at_a_time(by, envio.clave)
        before = PeticionApi.objects.filter(usuario=by, clave=envio.clave).first()
        if before is not None:
            if before.huella != envio.huella:
                raise refusal(
                    "clave_reusada",
                    "Idempotency-Key",
                    "Esa clave fue de otro envío, con otro contenido.",
                    "Use una clave nueva por cada envío.",
                )
            return dict(before.respuesta), False
        answer, is_new = _post(contabilidad, envio, by)
        PeticionApi.objects.create(
            usuario=by, clave=envio.clave, huella=envio.huella, respuesta=answer, hecha_el=clock.now()
        )
    return answer, is_new


def _one_at_a_time(by: Usuario, key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"peticion:{by.pk}:{key}"])


def _post(contabilidad: Contabilidad, envio: Envio, by: Usuario) -> tuple[Answer, bool]:
    lock_contabilidades([contabilidad.pk])  # the same content with another key waits, and finds it posted
    same = Lote.objects.filter(contabilidad=contabilidad, tipo=POLIZAS, sha256=_content(envio.filas))
    done = same.filter(estado=Lote.Estado.APLICADO).first()
    if done is not None:
        return _answer(done), False
    lote = Lote.objects.create(
        contabilidad=contabilidad,
        tipo=POLIZAS,
        origen="api",
        nombre=f"Envío {envio.clave}"[:200],
        sha256=_content(envio.filas),
        recibido_el=clock.now(),
        recibido_por=by,
    )
    fill_lote(lote, _rows(envio.filas), by)
    wrong = [
        (row.fila, row.clave, Problem(p["codigo"], p["columna"], p["mensaje"], p["cura"]))
        for row in bad_rows(lote)
        for p in row.problemas
    ]
    if wrong:
        raise FilasRefused(wrong)
    apply_lote(lote, by)
    return _answer(lote), True


def _content(rows: Sequence[Cells]) -> str:
    return hashlib.sha256(json.dumps(list(rows), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _rows(rows: Sequence[Cells]) -> Iterator[Fila]:
    kind = load_kinds(settings.JURISDICTION)[POLIZAS]
    for number, cells in enumerate(rows, 1):
        clean = {name: legible(text) for name, text in cells.items() if not is_blank(text)}
        yield Fila(number, kind.clave_de(clean) or f"fila {number}", clean)


def _answer(lote: Lote) -> Answer:
    return {
        "lote": lote.pk,
        "polizas": [
            {
                "id": row.externo,
                "referencia": reference_of(row.poliza),
                "asiento": row.poliza.eslabon,
                "huella": bytes(row.poliza.huella).hex(),
            }
            for row in posted_of(lote)
        ],
    }

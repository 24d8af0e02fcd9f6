"""Declare the jobs that receive many invoices and post many of them, and what is thrown away by night."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from procrastinate.contrib.django import app

from sif.books import status_tasks as status_tasks  # a worker reads `tasks` alone: importing declares its kinds
from sif.books.models import Recepcion
from sif.books.services.cfdi import Reception, receive_many
from sif.books.services.inbox_decisions import accept_many
from sif.books.services.uploads import forget_abandoned
from sif.jobs.files import FileGone, keep, open_kept
from sif.jobs.kinds import Encargo, Kind, register
from sif.jobs.models import Trabajo
from sif.jobs.services import ask
from sif.registry.models import Contabilidad, Usuario
from sif.registry.scope import everything
from sif.registry.selectors import contabilidades_of, may

RECEIVE, ACCEPT = "cfdi_recibir", "cfdi_registrar"
MOST_BYTES = 1024 * 1024
"""Bytes of invoices that a request receives together: some 400 in a ZIP, or 200 loose ones; about a second."""
MOST_POSTED = 200
"""Invoices that a request posts together; about a second."""
TOLD = 200
"""Invoices of which it is told what was seen wrong; of the rest, how many they are."""


@dataclass(frozen=True, slots=True)
class Received:
    """The result of receiving invoices: the count received, the count with a message, and the first messages."""

    recibidos: int
    con_problemas: int
    respuestas: Sequence[Mapping[str, Any]]

    @property
    def callados(self) -> int:
        """Return the number of messages left out of `respuestas`."""
        return self.con_problemas - len(self.respuestas)


NOTHING = Received(0, 0, ())


def ask_to_receive(contabilidad: Contabilidad, files: Iterable[tuple[str, Iterable[bytes]]], by: Usuario) -> Trabajo:
    """Ask for the job that receives files (name, chunks), each an XML or a ZIP, into the inbox of some books.

    They are kept together, and their names beside them. Raises PermissionError.
    """
    _must_capture([contabilidad], by)
    named: list[tuple[str, int]] = []

    def write(stream: IO[bytes]) -> None:
        for name, chunks in files:
            named.append((name, sum(stream.write(chunk) for chunk in chunks)))

    together, _size = keep(write)
    sha256 = _keep_json({"juntos": together, "archivos": named})
    said: dict[str, int | str] = {"contabilidad": contabilidad.pk, "archivos": sha256}
    return ask(RECEIVE, f"{by.pk}:{contabilidad.pk}:{sha256}", said, by, contabilidad=contabilidad)


def ask_to_accept(recepciones: Sequence[Recepcion], by: Usuario) -> Trabajo:
    """Ask for the job that posts the proposed póliza of each of these invoices, all or none. Raises PermissionError."""
    _must_capture([row.contabilidad for row in recepciones], by)
    sha256 = _keep_json(sorted(row.pk for row in recepciones))
    return ask(ACCEPT, f"{by.pk}:{sha256}", {"recepciones": sha256}, by)


def received_by(trabajo: Trabajo) -> Received:
    """Read the result of a finished job of reception.

    Raises FileGone.
    """
    done = trabajo.resultado
    return Received(done["recibidos"], done["con_problemas"], _kept_json(str(done["respuestas"])))


def told_of(receptions: Sequence[Reception]) -> Received:
    """Collect the messages on received files, first on files that did not enter.

    A new file without faults has no message.
    """
    wrong = [
        {
            "archivo": each.archivo,
            "entro": each.recepcion is not None,
            "problemas": [problem.as_dict() for problem in each.problemas],
            "estaba": each.recepcion.pk if each.recepcion and each.repetido else None,
        }
        for each in receptions
        if each.problemas or each.repetido
    ]
    wrong.sort(key=lambda each: bool(each["entro"]))
    return Received(len(receptions), len(wrong), wrong[:TOLD])


def _must_capture(books: Iterable[Contabilidad], by: Usuario) -> None:
    if not all(may(by, "capturar", contabilidad=each) for each in {each.pk: each for each in books}.values()):
        raise PermissionError(
            "Esta contabilidad es de otro sujeto. Si debe verla, pídalo a su responsable de finanzas."
        )


def _keep_json(value: object) -> str:
    return keep(lambda stream: stream.write(json.dumps(value).encode()))[0]


def _kept_json(sha256: str) -> Any:
    with open_kept(sha256) as stream:
        return json.load(stream)


def _receive(encargo: Encargo) -> Mapping[str, object]:
    said = encargo.trabajo.referencia
    books = Contabilidad.objects.select_related("etapa", "sujeto").get(pk=said["contabilidad"])
    kept = _kept_json(str(said["archivos"]))
    with open_kept(kept["juntos"]) as stream:
        files = ((name, stream.read(size)) for name, size in kept["archivos"])
        told = told_of(receive_many(files, books, encargo.persona))
    return {"recibidos": told.recibidos, "con_problemas": told.con_problemas, "respuestas": _keep_json(told.respuestas)}


def _accept(encargo: Encargo) -> Mapping[str, object]:
    numbers = _kept_json(str(encargo.trabajo.referencia["recepciones"]))
    rows = Recepcion.objects.filter(pk__in=numbers, contabilidad__in=contabilidades_of(encargo.persona).values("pk"))
    found = list(rows.select_related("comprobante", "contabilidad__sujeto", "contabilidad__etapa").order_by("pk"))
    if len(found) != len(numbers):
        raise PermissionError(f"{encargo.persona.nombre} ya no consulta alguno de los libros de estos comprobantes.")
    return {"polizas": len(accept_many(found, encargo.persona).polizas)}


register(Kind(RECEIVE, _receive, refusals=(FileGone,)))
register(Kind(ACCEPT, _accept, refusals=(FileGone,)))


@app.periodic(cron="37 4 * * *")
@app.task(name="sif.barrer_cargas", queueing_lock="sif.barrer_cargas")
def sweep_uploads(timestamp: int) -> None:
    """Throw away what was left half sent a week ago by who did not come back to send another."""
    with everything():
        forget_abandoned()

"""Accept several invoices at once: post their proposed pólizas all or none, or set invoices aside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sif.books.checks import Check, checks_of
from sif.books.models import Borrador, Poliza, Recepcion
from sif.books.selectors import inbox
from sif.books.services.polizas import Item, PolizaRefused, post_many
from sif.books.services.propuestas_tipos import propose_many
from sif.registry import clock
from sif.registry.locks import lock_contabilidades
from sif.registry.models import Usuario
from sif.registry.scope import acting
from sif.registry.selectors import may
from sif.values import Problem

ASKS = frozenset({"cuenta", "proveedor", "periodo", "moneda", "documento", "banco", "persona", "aportante"})
"""What a proposal leaves open that only a person can say; the rest is completed after posting or is a warning read."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The pólizas posted, in the order of their invoices."""

    polizas: tuple[Poliza, ...]


def accept_many(recepciones: Sequence[Recepcion], by: Usuario) -> Accepted:
    """Post the proposed póliza of each invoice, all or none; drafts begun from them end.

    Raises PolizaRefused saying, invoice by invoice, what a person must decide first: then nothing was posted. An
    invoice that somebody posted meanwhile is refused, so that two people who accept at once post it once. One that
    does not pass a check is refused too: alone, a person who has read why can still open its draft and post it.
    """
    rows = sorted(recepciones, key=lambda row: (row.contabilidad_id, row.pk))
    with acting():
        books = _locked(rows)
        here = set(inbox(books).values_list("pk", flat=True))
        problems = [_gone(row) for row in rows if row.pk not in here]
        problems += [_failing(row, check) for row, check in _failed(rows)]
        items: list[Item] = []
        for row, proposal in zip(rows, propose_many(rows), strict=True):
            asked = [each for each in proposal.faltantes if each.codigo in ASKS]
            problems += [Problem(p.codigo, f"{_name(row)}, {p.donde}", p.mensaje, p.cura) for p in asked]
            items.append((proposal.poliza, proposal.soporte))
        if problems:
            raise PolizaRefused(*problems)
        posted = post_many(items, by)
        for row in rows:
            Borrador.objects.filter(contabilidad=row.contabilidad_id, comprobante=row.comprobante_id).delete()
    return Accepted(tuple(posted))


def _locked(recepciones: Sequence[Recepcion]) -> list[int]:
    """The numbers of the books of some invoices, locked: whoever posts there waits, and so does whoever sets aside."""
    return [books.pk for books in lock_contabilidades(row.contabilidad_id for row in recepciones)]


def _gone(row: Recepcion) -> Problem:
    return Problem(
        "ya_registrado",
        _name(row),
        "Ese comprobante ya no está en la bandeja: alguien lo registró o lo apartó.",
        "Actualice la página.",
    )


def _failed(rows: Sequence[Recepcion]) -> Iterator[tuple[Recepcion, Check]]:
    """Yield those that do not pass, each with the first check that it fails."""
    checked = checks_of(rows)
    for row in rows:
        check = checked[row.pk].first
        if check is not None and check.estado == "grave":
            yield row, check


def _failing(row: Recepcion, check: Check) -> Problem:
    return Problem(check.clave, _name(row), check.mensaje, f"{check.cura} O ábralo y regístrelo solo, si procede.")


def _name(row: Recepcion) -> str:
    return f"{row.comprobante.emisor_nombre} {row.comprobante.uuid}"


def set_aside(recepciones: Sequence[Recepcion], motivo: str, by: Usuario) -> int:
    """Set aside those of some invoices that wait in the inbox, with a reason. Returns how many.

    They can be brought back. Raises PermissionError for a stranger, ValueError without a reason.
    """
    if not motivo.strip():
        raise ValueError("Falta el motivo. Escriba por qué se apartan.")
    _allowed(recepciones, by)
    with acting():
        here = inbox(_locked(recepciones)).filter(pk__in=[row.pk for row in recepciones]).values_list("pk", flat=True)
        rows = Recepcion.objects.filter(pk__in=list(here))
        return rows.update(descartada_el=clock.now(), motivo=motivo.strip()[:200])


def bring_back(recepciones: Sequence[Recepcion], by: Usuario) -> int:
    """Bring invoices set aside back to the inbox. Raises PermissionError for a stranger."""
    _allowed(recepciones, by)
    with acting():
        _locked(recepciones)
        rows = Recepcion.objects.filter(pk__in=[row.pk for row in recepciones], descartada_el__isnull=False)
        return rows.update(descartada_el=None, motivo="")


def _allowed(recepciones: Sequence[Recepcion], by: Usuario) -> None:
    if not all(may(by, "capturar", contabilidad=row.contabilidad) for row in recepciones):
        raise PermissionError(
            "Esta contabilidad es de otro sujeto. Si debe verla, pídalo a su responsable de finanzas."
        )

"""Begin a draft from a posted póliza or from a template."""

from collections.abc import Sequence

from sif.books.models import Aportacion, Pago, Plantilla, Poliza
from sif.books.selectors import lines_of, reference_of
from sif.ledger import NewLine
from sif.registry.models import Contabilidad, Ventana
from sif.registry.selectors import Reach, windows_open
from sif.values import Money
from sif.web.party.auxiliaries import Key, match, names_of
from sif.web.party.draft_content import Content, blank, blank_line, line_of, tidy


def window_for(windows: Sequence[Ventana], periodo_id: int | None = None) -> str:
    """Return the window a draft begins in: one of that period if any is open, otherwise the last; '' when none is."""
    of_period = [window for window in windows if window.periodo_id == periodo_id]
    chosen = (of_period or list(windows))[-1:]
    return f"{chosen[0].periodo_id}:{chosen[0].tipo}" if chosen else ""


def copy_of(poliza: Poliza, books: Contabilidad, reach: Reach | None = None) -> Content:
    """The same lines in some books, without its day; an auxiliary that those books do not know is left to be chosen."""
    lines = lines_of(poliza)
    names = names_of((line.auxiliar_tipo, line.auxiliar_id) for line in lines)
    if books.pk != poliza.contabilidad_id and reach is not None:
        names = {key: words for key, words in names.items() if _is_known(books, key, words, reach)}
    return {
        **blank(window_for(windows_open(books))),
        "subtipo": poliza.subtipo,
        "concepto": _own_words(poliza),
        "lineas": [line_of(_straight(line), names) for line in lines],
    }


def _straight(line: NewLine) -> NewLine:
    """Return the line with positive amounts: a copy of a reversal is an ordinary póliza."""
    return NewLine(
        line.cuenta,
        Money(abs(line.cargo.centavos)),
        Money(abs(line.abono.centavos)),
        line.concepto,
        line.auxiliar_tipo,
        line.auxiliar_id,
    )


def _is_known(books: Contabilidad, key: Key, words: str, reach: Reach) -> bool:
    return [each.numero for each in match(books, key[0], words, reach)] == [key[1]]


def _own_words(poliza: Poliza) -> str:
    """Return the concept without the citation that a substitution put before it."""
    head, sep, rest = poliza.concepto.partition(". ")
    return rest if sep and head.startswith("Sustituye a ") else poliza.concepto


def correction_of(poliza: Poliza, motivo: str) -> Content:
    """Return the right póliza as the wrong one was, to be mended: its day, lines, payment, contribution and files."""
    files = poliza.evidencias.filter(sin_efecto__isnull=True).exclude(nombre__startswith="cancelada ").order_by("pk")
    return {
        **copy_of(poliza, poliza.contabilidad),
        "ventana": window_for(windows_open(poliza.contabilidad), poliza.periodo_id),
        "clase": poliza.clase,
        "fecha": f"{poliza.fecha_operacion:%d/%m/%Y}",
        "pago": _payment(poliza.pagos.order_by("pk").first()),
        "aportacion": _gift(poliza.aportaciones.order_by("pk").first()),
        "evidencias": [{"clase": e.clase_id, "nombre": e.nombre, "sha256": e.archivo_id} for e in files],
        "corrige": {"asiento": poliza.eslabon, "referencia": reference_of(poliza), "motivo": motivo},
    }


def _payment(paid: Pago | None) -> dict[str, str]:
    if paid is None:
        return {}
    return {
        "medio": paid.medio,
        "fecha": f"{paid.fecha:%d/%m/%Y}",
        "monto": tidy(Money(paid.monto).plain()),
        "proveedor": names_of([("proveedor", paid.proveedor_id)]).get(("proveedor", paid.proveedor_id), ""),
    }


def _gift(gift: Aportacion | None) -> dict[str, str]:
    if gift is None:
        return {}
    return {
        "aportante": names_of([("aportante", gift.aportante_id)]).get(("aportante", gift.aportante_id), ""),
        "calidad": gift.calidad,
        "medio": gift.medio,
        "fecha": f"{gift.fecha:%d/%m/%Y}",
        "folio": gift.folio,
        "monto": tidy(Money(gift.monto).plain()),
    }


def from_template(plantilla: Plantilla, before: Content) -> Content:
    """Return a draft with what the template keeps; the window and the day that were typed stay."""
    kept = {name: value for name, value in plantilla.contenido.items() if value}
    lines = [{**blank_line(), **line} for line in plantilla.contenido["lineas"]]
    return {**before, **kept, "lineas": lines}

"""Derive from the contributions which folios of each series are used, cancelled or pending."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from sif.books.models import Aportacion, Poliza
from sif.catalogs.models import FolioCancelado, SerieRecibos
from sif.counterparties.subject_scope import whole_subject
from sif.law.receipts import ReceiptFormat, format_of
from sif.registry import clock
from sif.registry.models import SujetoObligado
from sif.registry.selectors import Reach
from sif.values import Money

DIGITS = 4


@dataclass(frozen=True, slots=True)
class FolioRow:
    """A folio of a series. estado: usado, repetido (cited twice), revertido (its póliza was), cancelado, pendiente."""

    numero: int
    folio: str
    estado: str
    fecha: date | None = None
    aportante: str = ""
    monto: Money | None = None
    contabilidad_id: int | None = None
    eslabon: int | None = None
    motivo: str = ""
    cancelo: str = ""


@dataclass(frozen=True, slots=True)
class SerieControl:
    """A series with how many of its folios stand in each state; siguiente: the next to use, None once spent."""

    serie: SerieRecibos
    formato: ReceiptFormat | None
    usados: int
    cancelados: int
    pendientes: int
    por_cancelar: int
    saltados: int
    siguiente: int | None

    @property
    def autorizados(self) -> int:
        """Return the number of folios of the series."""
        return self.serie.hasta - self.serie.desde + 1


@dataclass(frozen=True, slots=True)
class _Use:
    numero: int
    fecha: date
    aportante: str
    monto: int
    contabilidad_id: int
    eslabon: int
    revertida: bool


def folio_text(clave: str, numero: int) -> str:
    """RSEF-0012: the key of its series and its number."""
    return f"{clave}-{numero:0{DIGITS}d}"


def parse_folio(text: str) -> tuple[str, int] | None:
    """Return the key of the series and the number of a folio as written, or None."""
    clave, _dash, number = text.strip().upper().rpartition("-")
    return (clave, int(number)) if clave and number.isascii() and number.isdigit() and len(number) < 10 else None


def series_of(sujeto: SujetoObligado) -> list[SerieRecibos]:
    """Return the series authorised to a subject, by key and first folio."""
    return list(SerieRecibos.objects.filter(sujeto=sujeto).order_by("clave", "desde"))


def _uses(sujeto: SujetoObligado, *, reverted: bool = False) -> dict[str, list[_Use]]:
    """Every contribution of the whole subject by the key of its series: whoever asks, a folio is used or it is not.

    reverted: only those of folios that a reversed póliza cites.
    """
    found: dict[str, list[_Use]] = {}
    with whole_subject(sujeto):
        cited = Aportacion.objects.filter(contabilidad__sujeto=sujeto, poliza__revierte_a__isnull=True)
        if reverted:
            again = Poliza.objects.filter(revierte_a__isnull=False).values("revierte_a")
            wrong = cited.filter(poliza__in=again).values_list("folio", flat=True)
            cited = cited.filter(folio__in=list(wrong)) if wrong else cited.none()
        rows = cited.values_list(
            "folio",
            "fecha",
            "aportante__nombre",
            "monto",
            "contabilidad_id",
            "poliza__eslabon",
            "poliza__reversion__id",
        )
        for folio, day, donor, amount, books, link, reversion in rows:
            parsed = parse_folio(folio)
            if parsed:
                use = _Use(parsed[1], day, donor, amount, books, link, reversion is not None)
                found.setdefault(parsed[0], []).append(use)
    return found


def _cancelled(series: Iterable[SerieRecibos]) -> dict[int, dict[int, FolioCancelado]]:
    found: dict[int, dict[int, FolioCancelado]] = {}
    for row in FolioCancelado.objects.filter(serie__in=list(series)).select_related("cancelado_por"):
        found.setdefault(row.serie_id, {})[row.numero] = row
    return found


def folio_control(sujeto: SujetoObligado) -> list[SerieControl]:
    """Return each series of a subject with its folios used, cancelled and pending, and the next to use."""
    series = series_of(sujeto)
    uses, cancelled = _uses(sujeto), _cancelled(series)
    return [_control(serie, uses.get(serie.clave, []), cancelled.get(serie.pk, {})) for serie in series]


def to_cancel(sujeto: SujetoObligado) -> int:
    """Count the folios of a subject whose póliza was reversed and which nobody has cancelled."""
    series = series_of(sujeto)
    uses, cancelled = _uses(sujeto, reverted=True), _cancelled(series)
    controls = [_control(serie, uses.get(serie.clave, []), cancelled.get(serie.pk, {})) for serie in series]
    return sum(row.por_cancelar for row in controls)


def _control(serie: SerieRecibos, uses: list[_Use], cancelled: dict[int, FolioCancelado]) -> SerieControl:
    own = [use for use in uses if serie.desde <= use.numero <= serie.hasta]
    standing = {use.numero for use in own if not use.revertida}
    reverted = {use.numero for use in own} - standing - cancelled.keys()
    taken = standing | reverted | cancelled.keys()
    last = max(taken, default=serie.desde - 1)
    skipped = last - serie.desde + 1 - len(taken)
    return SerieControl(
        serie,
        format_of(serie.clave, settings.JURISDICTION),
        len(standing - cancelled.keys()),
        len(cancelled),
        serie.hasta - serie.desde + 1 - len(taken),
        len(reverted),
        skipped,
        _following(serie, taken, last),
    )


def _following(serie: SerieRecibos, taken: set[int], last: int) -> int | None:
    """Return the one after the last taken; at the end of the series, the first that was skipped."""
    if last < serie.hasta:
        return last + 1
    return next((number for number in range(serie.desde, serie.hasta) if number not in taken), None)


def next_folio(controls: Sequence[SerieControl], form: ReceiptFormat, contabilidad_id: int) -> str:
    """Return the folio that some books would use now, '' when there is none left.

    A series marked with the number of these books comes first, then those without mark or with one that is no number:
    a series marked for other books is theirs.
    """
    own, shared = f"{form.clave}-{contabilidad_id}", []
    for row in controls:
        if row.formato != form or row.siguiente is None:
            continue
        if row.serie.clave == own:
            return folio_text(own, row.siguiente)
        if not row.serie.clave.removeprefix(form.clave).lstrip("-").isdigit():
            shared.append(row)
    return folio_text(shared[0].serie.clave, shared[0].siguiente or 0) if shared else ""


def folios_of(serie: SerieRecibos, reach: Reach | None = None) -> list[FolioRow]:
    """Return every folio of a series up to the last one taken: a folio in two contributions comes once for each.

    reach: of who looks; of a folio used in books out of it, only the state is told.
    """
    uses = [use for use in _uses(serie.sujeto).get(serie.clave, []) if serie.desde <= use.numero <= serie.hasta]
    cancelled = _cancelled([serie]).get(serie.pk, {})
    by_number: dict[int, list[_Use]] = {}
    for use in uses:
        by_number.setdefault(use.numero, []).append(use)
    last = max(by_number.keys() | cancelled.keys(), default=serie.desde - 1)
    rows: list[FolioRow] = []
    for number in range(serie.desde, last + 1):
        rows += _rows(serie, number, by_number.get(number, []), cancelled.get(number))
    if reach is None or reach.is_whole(serie.sujeto_id):
        return rows
    told = (None, *reach.libros)
    return [row if row.contabilidad_id in told else FolioRow(row.numero, row.folio, row.estado) for row in rows]


def _rows(serie: SerieRecibos, number: int, uses: list[_Use], cancelled: FolioCancelado | None) -> list[FolioRow]:
    folio = folio_text(serie.clave, number)
    if cancelled is not None:
        day = clock.legal_day(cancelled.cancelado_el)
        who = cancelled.cancelado_por.named_at(cancelled.cancelado_el)
        return [FolioRow(number, folio, "cancelado", day, motivo=cancelled.motivo, cancelo=who)]
    standing = [use for use in uses if not use.revertida]
    state = "repetido" if len(standing) > 1 else "usado" if standing else "revertido"
    rows = [
        FolioRow(number, folio, state, use.fecha, use.aportante, Money(use.monto), use.contabilidad_id, use.eslabon)
        for use in standing or uses
    ]
    return rows or [FolioRow(number, folio, "pendiente")]

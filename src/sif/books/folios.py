"""Tell what of an invoice goes by its folio fiscal and what by its bytes: other files of one, other uses of another."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db.models import Exists, Min, OuterRef, QuerySet, Sum

from sif.books.models import Comprobante, Evidencia, Movimiento, Poliza, Recepcion, UsoComprobante
from sif.books.selectors import reference_of
from sif.law.chart import Account
from sif.ledger import NewPoliza
from sif.registry.scope import everything
from sif.values import Money, Problem

DOCUMENT = ("uuid", "emisor_rfc", "receptor_rfc", "total")
"""What SAT tells a fiscal document by: who asks it of a folio gives these, and another total is «no encontrado»."""
Document = tuple[object, ...]
"""The values of DOCUMENT of an invoice; its total, in centavos, is the last."""
Spent = tuple[int, int | None]
"""The centavos of a document that pólizas use, and the number of the first of them."""
FALSE = frozenset({"invalido", "ausente"})
"""Seals that show a file to be no fiscal document, whatever folio it bears."""
ANOTHER = Problem(
    "otro_xml",
    "TimbreFiscalDigital/@UUID",
    "En estos libros hay otro XML con este folio fiscal y no son iguales.",
    "Pida al proveedor el XML tal como lo timbró y aparte el otro.",
)
"""What is told of an invoice of whose folio the same books hold another XML."""


def document_of(invoice: Comprobante) -> Document:
    """Return the fields by which SAT identifies the document of an invoice."""
    return tuple(getattr(invoice, name) for name in DOCUMENT)


def books_using(invoices: Iterable[Comprobante]) -> dict[int, set[int]]:
    """The books, of whatever subject, where a póliza in force uses the same fiscal document, by number of invoice.

    It is the same in the same bytes, or in others whose seal is not false: an addenda changes the bytes and not the
    document. Who forges a folio without knowing its total uses another document, and says nothing of this one.
    """
    rows = list(invoices)
    with everything():
        uses = UsoComprobante.objects.filter(
            comprobante__uuid__in={row.uuid for row in rows},
            poliza__revierte_a__isnull=True,
            poliza__reversion__isnull=True,
        )
        said = list(
            uses.values_list(
                "contabilidad_id",
                "comprobante_id",
                "comprobante__sello",
                *(f"comprobante__{name}" for name in DOCUMENT),
            )
        )
    by_bytes: dict[int, set[int]] = defaultdict(set)
    by_document: dict[Document, set[int]] = defaultdict(set)
    for books, number, seal, *document in said:
        by_bytes[number].add(books)
        if seal not in FALSE:
            by_document[tuple(document)].add(books)
    return {row.pk: by_bytes[row.pk] | by_document[document_of(row)] for row in rows}


def charged(poliza: NewPoliza, accounts: Mapping[str, Account]) -> bool:
    """Return whether a póliza charges an expense, for which each invoice that it cites serves once."""
    if poliza.revierte_a is not None or poliza.clase != Poliza.Clase.ORDINARIA:
        return False
    found = (accounts.get(line.cuenta) for line in poliza.lineas if line.cargo.centavos > 0)
    return any(account is not None and account.es_gasto for account in found)


def spent_in(contabilidad: int, folios: Collection[str], replaced: Collection[int] = ()) -> dict[Document, Spent]:
    """Return what pólizas in force of some books that charge an expense use of the documents of some folios.

    replaced: pólizas that the same act reverses. Who pays or shares out cites an invoice and spends nothing of it.
    """
    return _spent(_in_force(folios).filter(contabilidad=contabilidad).exclude(poliza__in=replaced))


def spent_elsewhere(contabilidad: int, folios: Collection[str]) -> dict[Document, Spent]:
    """Return the same of all other books, of whatever subject; never of a file that its seal shows to be false."""
    with everything():
        return _spent(_in_force(folios).exclude(contabilidad=contabilidad).exclude(comprobante__sello__in=FALSE))


def _in_force(folios: Collection[str]) -> QuerySet[UsoComprobante]:
    expense = Movimiento.objects.filter(poliza=OuterRef("poliza"), cuenta__es_gasto=True, cargo__gt=0)
    return UsoComprobante.objects.filter(
        Exists(expense),
        comprobante__uuid__in=folios,
        poliza__clase=Poliza.Clase.ORDINARIA,
        poliza__revierte_a__isnull=True,
        poliza__reversion__isnull=True,
    )


def _spent(uses: QuerySet[UsoComprobante]) -> dict[Document, Spent]:
    rows = uses.order_by().values_list(*(f"comprobante__{name}" for name in DOCUMENT))
    return {tuple(row[:-2]): row[-2:] for row in rows.annotate(parts=Sum("monto"), first=Min("poliza_id"))}


def with_another(recepciones: Iterable[Recepcion]) -> set[int]:
    """Return those receptions of whose folio their own books hold another XML that was not set aside, by number."""
    rows = list(recepciones)
    here = Recepcion.objects.filter(
        contabilidad__in={row.contabilidad_id for row in rows},
        descartada_el__isnull=True,
        comprobante__uuid__in={row.comprobante.uuid for row in rows},
    )
    held: dict[tuple[int, str], set[int]] = defaultdict(set)
    for books, folio, number in here.values_list("contabilidad_id", "comprobante__uuid", "comprobante_id"):
        held[books, folio].add(number)
    return {row.pk for row in rows if held[row.contabilidad_id, row.comprobante.uuid] - {row.comprobante_id}}


def attached_to(recepciones: Iterable[Recepcion], *, spent: bool = False) -> dict[int, str]:
    """Return, of those receptions whose XML is evidence of a póliza in force that does not use it, that póliza.

    It is of their own books, the first of them, and the XML any that the tray holds of the folio, whatever its seal.
    spent: only a póliza that charges an expense, which the invoice would count again; a payment may cite it too.
    """
    rows = list(recepciones)
    known = Comprobante.objects.filter(uuid__in={row.comprobante.uuid for row in rows})
    folio_of = dict(known.values_list("xml_sha256", "uuid"))
    pieces = Evidencia.objects.filter(
        contabilidad__in={row.contabilidad_id for row in rows},
        archivo__in=list(folio_of),
        sin_efecto__isnull=True,
        poliza__revierte_a__isnull=True,
        poliza__reversion__isnull=True,
    )
    if spent:
        charged = Movimiento.objects.filter(poliza=OuterRef("poliza"), cuenta__es_gasto=True, cargo__gt=0)
        pieces = pieces.filter(Exists(charged))
    found = list(pieces.select_related("poliza__periodo").order_by("poliza_id"))
    used = UsoComprobante.objects.filter(poliza__in={piece.poliza_id for piece in found})
    own = set(used.values_list("poliza_id", "comprobante__uuid")) if found else set()
    first: dict[tuple[int, str], Poliza] = {}
    for piece in found:
        folio = folio_of[piece.archivo_id]
        if (piece.poliza_id, folio) not in own:
            first.setdefault((piece.contabilidad_id, folio), piece.poliza)
    places = {row.pk: first.get((row.contabilidad_id, row.comprobante.uuid)) for row in rows}
    return {number: reference_of(poliza) for number, poliza in places.items() if poliza is not None}


def attached(reference: str) -> Problem:
    """Return what is told of an invoice whose XML is evidence of a póliza that does not use it."""
    return Problem(
        "ya_adjunto",
        "TimbreFiscalDigital/@UUID",
        f"Este folio fiscal ya está en {reference}, como evidencia.",
        f"Si {reference} ya registra esta operación, aparte el comprobante; si es otra, deje allí sin efecto su XML.",
    )


def counted_again(contabilidad: int, parts: Mapping[int, Money]) -> list[Problem]:
    """Return why some books should not charge these invoices, each by its part, to an expense without a person's look.

    It is what the inbox tells of each before it is accepted; who has read it may post it alone from there.
    """
    rows = Recepcion.objects.filter(contabilidad=contabilidad, comprobante__in=parts).select_related("comprobante")
    there, folios = attached_to(rows, spent=True), {row.comprobante.uuid for row in rows}
    elsewhere = spent_elsewhere(contabilidad, folios)
    problems = []
    for row in rows:
        place = f"CFDI {row.comprobante.uuid}"
        if row.pk in there:
            told = attached(there[row.pk])
            problems.append(Problem(told.codigo, place, told.mensaje, told.cura))
        used, _first = elsewhere.get(document_of(row.comprobante), (0, None))
        if used and used + parts[row.comprobante_id].centavos > row.comprobante.total:
            problems.append(
                Problem(
                    "ya_usado",
                    place,
                    "El folio fiscal ya sostiene una póliza de otra contabilidad, y con esta pasa de su total.",
                    "Si lo reparten, escriba su parte; si no, pida el suyo al proveedor. "
                    "Si procede, ábralo en la bandeja y regístrelo solo.",
                )
            )
    return problems

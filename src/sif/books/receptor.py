"""Say whether an invoice is of the subject whose books received it."""

from collections.abc import Collection, Iterable

from sif.registry.models import IntegranteCoalicion, SujetoObligado
from sif.values import Problem


def is_donation(complementos: Iterable[str]) -> bool:
    """Return whether a comprobante carries the complement of donations."""
    return any(name.startswith("Donatarias") for name in complementos)


def is_issued(tipo: str, complementos: Iterable[str]) -> bool:
    """Return whether an invoice is of those that a subject issues itself: payroll and donations."""
    return tipo == "N" or is_donation(complementos)


def rfcs_of(subjects: Iterable[SujetoObligado]) -> dict[int, tuple[str, ...]]:
    """Return the RFC by which invoices are of each subject, by its id: its own, and its members' if it is a coalition.

    A coalition has no RFC of its own unless one is registered; its members buy for it, those of any of its agreements.
    """
    own = {each.pk: each.rfc for each in subjects}
    found: dict[int, tuple[str, ...]] = {pk: (rfc,) if rfc else () for pk, rfc in own.items()}
    rows = IntegranteCoalicion.objects.filter(coalicion__in=own).exclude(sujeto__rfc="").order_by("sujeto__numero")
    for coalition, rfc in rows.values_list("coalicion", "sujeto__rfc").distinct():
        if rfc not in found[coalition]:
            found[coalition] = (*found[coalition], rfc)
    return found


def misdirected(emisor: str, receptor: str, rfcs: Collection[str], *, issued: bool) -> Problem | None:
    """Return the problem of an invoice whose receiver, or issuer when `issued`, is none of the RFC of the subject.

    None where one matches, or without an RFC.
    """
    if not rfcs or (emisor if issued else receptor) in rfcs:
        return None
    named = " o ".join(rfcs)
    if issued:
        return Problem(
            "receptor",
            "Emisor/@Rfc",
            f"El CFDI lo emite {emisor} y el sujeto es {named}.",
            "Suelte los que emite el sujeto: nómina y donativos.",
        )
    return Problem(
        "receptor",
        "Receptor/@Rfc",
        f"El CFDI es para {receptor} y el sujeto es {named}.",
        "Pida al proveedor que lo sustituya a nombre del sujeto.",
    )

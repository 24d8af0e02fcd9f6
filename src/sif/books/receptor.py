"""Say whether an invoice is of the subject whose books received it."""

from collections.abc import Iterable

from sif.values import Problem


def is_donation(complementos: Iterable[str]) -> bool:
    """Return whether a comprobante carries the complement of donations."""
    return any(name.startswith("Donatarias") for name in complementos)


def is_issued(tipo: str, complementos: Iterable[str]) -> bool:
    """Return whether an invoice is of those that a subject issues itself: payroll and donations."""
    return tipo == "N" or is_donation(complementos)


def misdirected(emisor: str, receptor: str, rfc: str, *, issued: bool) -> Problem | None:
    """Return the problem of an invoice whose receiver, or issuer when `issued`, is not the subject of that RFC.

    None where the two match, or without an RFC.
    """
    if not rfc or (emisor if issued else receptor) == rfc:
        return None
    if issued:
        return Problem(
            "receptor",
            "Emisor/@Rfc",
            f"El CFDI lo emite {emisor} y el sujeto es {rfc}.",
            "Suelte los que emite el sujeto: nómina y donativos.",
        )
    return Problem(
        "receptor",
        "Receptor/@Rfc",
        f"El CFDI es para {receptor} y el sujeto es {rfc}.",
        "Pida al proveedor que lo sustituya a nombre del sujeto.",
    )

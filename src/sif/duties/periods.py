"""Tell a period from others of its duty: by the end of its key and in words."""

from sif.duties.plan import MONTHLY
from sif.law.cuts import Cut
from sif.law.duties import Duty
from sif.values.words import MONTHS


def period_key(duty: Duty, cut: Cut) -> str:
    """Return the end of the key of a period: its number, with its year where the number is of a year."""
    return f"{cut.hasta.year}-{cut.numero}" if duty.corte in MONTHLY else str(cut.numero)


def period_words(duty: Duty, cut: Cut) -> str:
    """Return the words that tell a period from others of its duty: trimestre 2, enero de 2026, periodo 1."""
    if duty.corte == "mes":
        return f"{MONTHS[cut.hasta.month - 1]} de {cut.hasta.year}"
    names = {"trimestre": "trimestre", "semestre": "semestre", "treinta": "periodo"}
    if duty.corte in names:
        return f"{names[duty.corte]} {cut.numero}"
    return "ejercicio" if duty.corte == "ejercicio" else "etapa"

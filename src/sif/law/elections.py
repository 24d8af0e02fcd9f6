"""Tell when there are federal elections, and in which days there is, or there may be, a federal process."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sif.law.sources import data_path, read_data
from sif.values import Span


@dataclass(frozen=True, slots=True)
class FederalProcess:
    """The days of a federal process: those in which there surely is one, and all in which there may be."""

    cierto: Span
    posible: Span


def federal_election(year: int, jurisdiction: str) -> str:
    """Return the ordinary federal election of a year: presidencial, intermedia, or '' where there is none."""
    law = _rules(jurisdiction)["elecciones_federales"]
    if (year - law["desde"]) % law["cada"]:
        return ""
    president = law["presidencial"]
    return "intermedia" if (year - president["desde"]) % president["cada"] else "presidencial"


def federal_process(year: int, jurisdiction: str) -> FederalProcess | None:
    """Return the days of the ordinary federal process of a year, None where there is none [LGIPE 225.1]."""
    if not federal_election(year, jurisdiction):
        return None
    rule = _rules(jurisdiction)["proceso_federal"]
    begins = date(year - 1, rule["inicia"]["mes"], 1)
    sure, last = (date(year, rule[key]["mes"], rule[key]["dia"]) for key in ("cierto_hasta", "dudoso_hasta"))
    return FederalProcess(Span(begins, sure + timedelta(days=1)), Span(begins, last + timedelta(days=1)))


@cache
def _rules(jurisdiction: str) -> dict[str, Any]:
    content: dict[str, object] = read_data(data_path(jurisdiction, "law", "procesos.yaml"))
    return content

"""Read the public cuts of the record: roots, sealed file and time stamp."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import BooleanField, CharField, F, Func, Q, QuerySet, Sum
from django.db.models.expressions import ExpressionWrapper

from sif.registry.models import Corte, SelloCorte
from sif.registry.tables import RESERVED_TREE

ACUSES = "acuses"


@dataclass(frozen=True, slots=True)
class PublicCut:
    """A cut as listed: records in all its trees, digest of its raices.json, and whether a time stamp dates it."""

    numero: int
    hecho_el: datetime
    registros: int
    sha256: str
    con_sello: bool


@dataclass(frozen=True, slots=True)
class PublicRoot:
    """The root of one tree at a cut; `registro` names the kind of record in words, '' where this program has none."""

    arbol: str
    registro: str
    tamano: int
    raiz: str


def cuts() -> QuerySet[Corte, Any]:
    """Return every cut, the last first, as the fields of PublicCut: the text of their files stays in the database."""
    digest = Func(
        F("raices"), template="encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')", output_field=CharField()
    )
    stamped = ExpressionWrapper(Q(sello__isnull=False), output_field=BooleanField())
    rows = Corte.objects.annotate(registros=Sum("cabezas__tamano", default=0), sha256=digest, con_sello=stamped)
    return rows.order_by("-numero").values("numero", "hecho_el", "registros", "sha256", "con_sello")


def cut(numero: int) -> PublicCut | None:
    """Return a cut by its number."""
    row = cuts().filter(numero=numero).first()
    return PublicCut(**row) if row else None


def last_cut() -> PublicCut | None:
    """Return the last cut, None before the first."""
    row = cuts().first()
    return PublicCut(**row) if row else None


def roots(numero: int) -> list[PublicRoot]:
    """Return the roots of a cut, by tree."""
    names = {model._meta.db_table.replace("_", "-"): str(model._meta.verbose_name) for model in apps.get_models()}
    names |= {ACUSES: "acuse de presentación", RESERVED_TREE: "revisión, resolución, publicación y accesos, juntos"}
    found = json.loads(file_of(numero) or "{}")
    return [
        PublicRoot(arbol, names.get(arbol, ""), entry["tamano"], entry["raiz"])
        for arbol, entry in found.items()
        if isinstance(entry, dict)
    ]


def first_made() -> datetime | None:
    """Return the time of the first cut, from which records are protected, or None before it."""
    return Corte.objects.order_by("numero").values_list("hecho_el", flat=True).first()


def file_of(numero: int) -> str | None:
    """raices.json of a cut, letter by letter as it was sealed."""
    return Corte.objects.filter(numero=numero).values_list("raices", flat=True).first()


def stamp_of(numero: int) -> bytes | None:
    """Return the answer of the service of time stamps over that file (RFC 3161), or None."""
    stamp = SelloCorte.objects.filter(corte__numero=numero).values_list("respuesta", flat=True).first()
    return bytes(stamp) if stamp is not None else None

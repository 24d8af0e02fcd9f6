"""Resolve what some books may name by number or digest: their own rows and shared ones, nothing else."""

from collections.abc import Collection, Iterable

from django.db.models import Model, Q

from sif.books.models import Carga, Comprobante, Contrato, Evidencia
from sif.catalogs.models import (
    ActivoFijo,
    Articulo,
    CasaCampana,
    Credito,
    Evento,
    Proyecto,
    ResolucionPorPagar,
)
from sif.registry.models import Aportante, Contabilidad, CuentaBancaria, Persona, Proveedor

CATALOGUES: dict[str, type[Model]] = {
    "proveedor": Proveedor,
    "aportante": Aportante,
    "persona": Persona,
    "cuenta_bancaria": CuentaBancaria,
    "contabilidad": Contabilidad,
    "contrato": Contrato,
    "casa": CasaCampana,
    "evento": Evento,
    "inventario": Articulo,
    "activo_fijo": ActivoFijo,
    "credito": Credito,
    "resolucion": ResolucionPorPagar,
    "proyecto": Proyecto,
}
"""Where the auxiliary of each kind is looked up; a kind that is not here has no catalogue yet and is refused."""
OWNERS = {
    "aportante": "sujeto_id",
    "cuenta_bancaria": "contabilidad_id",
    "contabilidad": "sujeto_id",
    "contrato": "contabilidad_id",
    "casa": "contabilidad_id",
    "evento": "contabilidad_id",
    "inventario": "contabilidad_id",
    "activo_fijo": "contabilidad_id",
    "credito": "contabilidad_id",
    "resolucion": "sujeto_id",
    "proyecto": "sujeto_id",
}
"""The column that says whose a row is. A supplier is everybody's; a person is of whoever nominates or enrols her."""


def persons_of(sujetos: Iterable[int]) -> Q:
    """The people of some subjects, in any version: candidates and those enrolled in catalogues, whatever the dates."""
    wanted = list(sujetos)
    own = Q(candidaturas__contabilidad__sujeto__in=wanted) | Q(sujetos__sujeto__in=wanted)
    return Q(identidad__in=Persona.objects.filter(own).values("identidad"))


def own_persons(sujeto_id: int) -> set[int]:
    """Return the numbers of the people of a subject."""
    return set(Persona.objects.filter(persons_of([sujeto_id])).values_list("pk", flat=True))


def may_name(books: Collection[Contabilidad], kind: str, number: int) -> bool:
    """Return whether that auxiliary exists and may stand in some of these books."""
    if kind not in CATALOGUES:
        return False
    rows = CATALOGUES[kind]._default_manager.filter(pk=number)
    mine = {"sujeto_id": [each.sujeto_id for each in books], "contabilidad_id": [each.pk for each in books]}
    if kind == "persona":
        return rows.filter(persons_of(mine["sujeto_id"])).exists()
    owner = OWNERS.get(kind)
    return rows.filter(**{f"{owner}__in": mine[owner]} if owner else {}).exists()


def own_files(books: Contabilidad, digests: Iterable[str]) -> set[str]:
    """Of these digests, those of files that the subject of the books attached, uploaded or received in an inbox."""
    wanted, own = set(digests), {"contabilidad__sujeto": books.sujeto_id}
    found = set(Evidencia.objects.filter(archivo__in=wanted, **own).values_list("archivo_id", flat=True))
    if left := wanted - found:
        sent = Carga.objects.filter(archivo__in=left, **own)
        found.update(str(digest) for digest in sent.values_list("archivo_id", flat=True))
    if left := wanted - found:
        received = Comprobante.objects.filter(recepciones__contabilidad__sujeto=books.sujeto_id, xml_sha256__in=left)
        found.update(received.values_list("xml_sha256", flat=True))
    return found

"""Reports that arrived and runs over the books as they stood at an hour, in a reviewed campaign."""

import hashlib
from datetime import date

from proceedings.world import World, at
from runs import new_run
from sif.audit.services import rules_of
from sif.filing.models import Informe, Presentacion
from sif.registry import clock
from sif.registry.scope import acting, registering


def presented(world: World, moment: str, *, period: int = 3, version: int = 1, book: int = 0) -> Presentacion:
    """A report of some books of the party that arrived at an hour, as a normal version or as a correction."""
    books = world.contabilidades[book]
    with at(moment), acting():
        now = clock.now()
        folio = f"IC-{books.pk}-{period}-{version}"
        informe = Informe.objects.create(
            contabilidad=books,
            periodo=world.etapa.periodos.get(numero=period),
            etapa_captura="normal" if version == 1 else "correccion",
            version=version,
            folio=folio,
            contenido={},
            contenido_sha256=hashlib.sha256(folio.encode()).hexdigest(),
            ingresos=0,
            egresos=0,
            generado_el=now,
            generado_por=world.alicia,
        )
        with registering():
            return Presentacion.objects.create(
                informe=informe,
                recibida_el=now,
                acuse={},
                hoja=Presentacion.objects.count(),
                preparada_el=now,
                cadena="||",
                sello="",
                certificado=b"",
                rfc=world.alicia.rfc,
                nombre=world.alicia.nombre,
                serie="0" * 20,
                emisor_sha256="0" * 64,
                revocacion="vigente",
            )


def audited(world: World, moment: str, rules: frozenset[str] | None = None) -> None:
    """A run over the books as they stood at an hour, of every rule or of some."""
    digest = hashlib.sha256(moment.encode()).hexdigest()
    asked = [rule for rule in rules_of(world.etapa) if rules is None or rule.id in rules]
    with at(moment):
        new_run(world.etapa, digest, clock.now(), date(2018, 7, 1), asked)

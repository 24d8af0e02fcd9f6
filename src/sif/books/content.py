"""What the digest of a póliza covers, in one canonical writing."""

from collections.abc import Sequence

from sif.books.models import Poliza
from sif.ledger import NewLine
from sif.registry import clock
from sif.signing.chain import canonical_json


def content_of(poliza: Poliza, lines: Sequence[NewLine]) -> bytes:
    """What the digest of a póliza covers: its header and its lines, in one canonical writing."""
    return canonical_json(
        {
            "contabilidad": poliza.contabilidad_id, "periodo": poliza.periodo_id, "tipo": poliza.tipo,
            "subtipo": poliza.subtipo, "numero": poliza.numero, "clase": poliza.clase,
            "fecha_operacion": poliza.fecha_operacion.isoformat(),
            "registrada_el": poliza.registrada_el.astimezone(clock.legal_zone()).isoformat(),
            "registrada_por": poliza.registrada_por_id, "concepto": poliza.concepto, "revierte_a": poliza.revierte_a_id,
            "eslabon": poliza.eslabon,
            "lineas": [
                [line.cuenta, line.cargo.centavos, line.abono.centavos, line.concepto, line.auxiliar_tipo,
                 line.auxiliar_id]
                for line in lines
            ],
        }
    )  # fmt: skip

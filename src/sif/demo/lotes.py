"""Load one catalogue lot, and leave one of pólizas with errors to correct."""

import csv
import io
from collections.abc import Sequence

from django.conf import settings

from sif.batch.kinds import load_kinds
from sif.batch.models import Lote
from sif.batch.services import apply_lote, receive_lote
from sif.registry.models import Contabilidad, Etapa, Proveedor, Usuario
from sif.registry.selectors import responsable_of

ARTICULOS = (
    ("DESP-LONA", "Lona impresa de 3 por 2 metros", "pieza", "electoral"),
    ("DESP-VOL", "Volante de media carta", "millar", "electoral"),
    ("DESP-PLAYERA", "Playera con emblema", "pieza", "utilitaria"),
)


def load_lots(en_curso: Etapa) -> int:
    """Load both into the first books of a campaign in course and say how many; no póliza is posted, so no finding."""
    contabilidad = en_curso.contabilidades.filter(clase=Contabilidad.Clase.CANDIDATURA).order_by("pk")[0]
    by = responsable_of(contabilidad.sujeto)
    if by is None:
        return 0
    apply_lote(_receive(contabilidad, "articulos", "articulos-almacen.csv", ARTICULOS, by), by)
    _receive(contabilidad, "polizas", "polizas-despacho.csv", _polizas(contabilidad), by)
    return 2


def _receive(contabilidad: Contabilidad, tipo: str, nombre: str, rows: Sequence[Sequence[str]], by: Usuario) -> Lote:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(load_kinds(settings.JURISDICTION)[tipo].nombres)
    writer.writerows(rows)
    return receive_lote(contabilidad, tipo, (nombre, [stream.getvalue().encode("utf-8")]), by).lote


def _polizas(contabilidad: Contabilidad) -> list[list[str]]:
    """Six pólizas of twelve lines; two of them have something wrong."""
    period = contabilidad.etapa.periodos.order_by("numero")[0]
    supplier = Proveedor.objects.order_by("pk")[0].rfc
    rows = []
    for number in range(1, 7):
        pesos = f"{number * 1160}.00"
        head = [
            f"DESP-{number:03}",
            str(period.numero),
            "normal",
            "DR",
            f"{period.desde:%d/%m/%Y}",
            "Volantes del despacho",
        ]
        charged = {3: f"{number * 1160}.005", 5: "=B5*1.16"}.get(number, pesos)
        rows.append([*head, "1", "5-5-01-03-0000", "proveedor", supplier, "Volantes", charged, "", "", "", ""])
        rows.append([*head, "2", "2-1-01-01-0000", "proveedor", supplier, "Por pagar", "", pesos, "", "", ""])
    return rows

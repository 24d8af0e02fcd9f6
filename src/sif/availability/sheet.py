"""Lay out a constancia as a document sheet."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from sif.availability.certifying import content_digest
from sif.filing.sheets import DEMO_WARNING, hour_in_words
from sif.notices.sheet import exact, fact, paragraph, section, table

NONE = (
    "No falló ninguna petición que el servicio reconociera como de esta persona. De lo que su navegador no llegó a "
    "enviar, o pidió sin haber entrado, no se sabe."
)


def constancia_sheet(constancia: Mapping[str, Any], codigo: str) -> dict[str, Any]:
    """Return the sheet of a constancia: the span, the outages to the minute, the person's failures and the seal.

    codigo: that of its folio, as `code_of_folio` gives it.
    """
    minutes = constancia["minutos"]
    measured = f"{constancia['medidos']:,} de {constancia['periodo']:,} minutos"
    said = (
        f"Se midieron {measured} del periodo. Minutos en que el servicio no respondió: {minutes:,}, "
        "contado entero cada minuto que una falla toca."
    )
    outages = [[_hour(each["desde"]), _end(each), f"{each['minutos']:,}"] for each in constancia["caidas"]]
    gaps = [[_hour(each["desde"]), _end(each), f"{each['minutos']:,}"] for each in constancia["huecos"]]
    failures = [
        [_hour(each["momento"]), each["pedido"], each["operacion"] or each["modulo"], str(each["error"]), each["ms"]]
        for each in constancia["fallas"]
    ]
    parts = [paragraph(said)] if settings.PRODUCTION else [paragraph(DEMO_WARNING), paragraph(said)]
    if outages:
        parts.append(table((("Desde", "texto"), ("Hasta", "texto"), ("Minutos", "monto")), outages))
    if constancia["registro_alterado"]:
        days = ", ".join(constancia["registro_alterado"])
        parts.append(paragraph(f"El registro de estos días no es como se selló: {days}."))
    if gaps:
        parts.append(paragraph("Nadie midió en estos espacios; de ellos no se afirma nada:"))
        parts.append(table((("Desde", "texto"), ("Hasta", "texto"), ("Minutos", "monto")), gaps))
    heads = (("Momento", "texto"), ("Folio", "clave"), ("Operación", "texto"), ("Error", "texto"), ("ms", "monto"))
    own = [table(heads, failures)] if failures else [paragraph(NONE)]
    return {
        "organo": "Sistema Integral de Fiscalización",
        "titulo": "Constancia de fallas del servicio",
        "numero": constancia["folio"],
        "asunto": f"Del {_legal(constancia['desde'])} al {_legal(constancia['hasta'])}",
        "lugar_fecha": _legal(constancia["emitida_el"]),
        "proyecto": False,
        "recuadro": [
            {"rotulo": "Medidos", "texto": measured},
            {"rotulo": "Sin servicio", "texto": f"{minutes:,} minutos"},
            {"rotulo": "Peticiones suyas que fallaron", "texto": str(len(failures))},
        ],
        "destinatario": [constancia["persona"], *constancia["sujetos"]],
        "secciones": [
            section("El servicio", *parts),
            section("Sus peticiones que fallaron", *own),
            section(
                "Sello de la autoridad",
                fact("Folio", constancia["folio"]),
                exact("Cadena", constancia["cadena"]),
                exact("Sello", constancia["sello"]),
            ),
        ],
        "firma": [],
        "huella": content_digest(constancia),
        "codigo": codigo,
        "consulta": True,
    }


def _legal(text: str) -> str:
    return hour_in_words(datetime.fromisoformat(text))


_hour = _legal


def _end(each: Mapping[str, Any]) -> str:
    return "sigue" if each.get("abierta") else _hour(each["hasta"])

"""Lay out a constancia as a document sheet."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from sif.availability.certifying import content_digest
from sif.filing.sheets import DEMO_WARNING, hour_in_words
from sif.notices.sheet import Block, exact, fact, paragraph, section, table

NONE = (
    "No falló ninguna petición que el servicio reconociera como de esta persona. De lo que su navegador no llegó a "
    "enviar, o pidió sin haber entrado, no se sabe."
)


_SPAN = (("Desde", "texto"), ("Hasta", "texto"), ("Minutos", "monto"))
_FAILURE = (("Momento", "texto"), ("Folio", "clave"), ("Operación", "texto"), ("Error", "texto"), ("ms", "monto"))


def constancia_sheet(constancia: Mapping[str, Any], codigo: str) -> dict[str, object]:
    """Return the sheet of a constancia: the span, the outages to the minute, the person's failures and the seal.

    codigo: that of its folio, as `code_of_folio` gives it.
    """
    failures = [
        [_hour(each["momento"]), each["pedido"], each["operacion"] or each["modulo"], str(each["error"]), each["ms"]]
        for each in constancia["fallas"]
    ]
    own = table(_FAILURE, failures) if failures else paragraph(NONE)
    measured = f"{constancia['medidos']:,} de {constancia['periodo']:,} minutos"
    return {
        "organo": "Sistema Integral de Fiscalización",
        "titulo": "Constancia de fallas del servicio",
        "numero": constancia["folio"],
        "asunto": f"Del {_legal(constancia['desde'])} al {_legal(constancia['hasta'])}",
        "lugar_fecha": _legal(constancia["emitida_el"]),
        "proyecto": False,
        "recuadro": [
            {"rotulo": "Medidos", "texto": measured},
            {"rotulo": "Sin servicio", "texto": f"{constancia['minutos']:,} minutos"},
            {"rotulo": "Peticiones suyas que fallaron", "texto": str(len(failures))},
        ],
        "destinatario": [constancia["persona"], *constancia["sujetos"]],
        "secciones": [
            section("El servicio", *_service(constancia, measured)),
            section("Sus peticiones que fallaron", own),
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


def _service(constancia: Mapping[str, Any], measured: str) -> Iterator[Block]:
    """Yield what was measured of the service, its outages, the days whose log was altered and the gaps."""
    if not settings.PRODUCTION:
        yield paragraph(DEMO_WARNING)
    yield paragraph(
        f"Se midieron {measured} del periodo. Minutos en que el servicio no respondió: {constancia['minutos']:,}, "
        "contado entero cada minuto que una falla toca."
    )
    if constancia["caidas"]:
        yield _spans(constancia["caidas"])
    if constancia["registro_alterado"]:
        yield paragraph(f"El registro de estos días no es como se selló: {', '.join(constancia['registro_alterado'])}.")
    if constancia["huecos"]:
        yield paragraph("Nadie midió en estos espacios; de ellos no se afirma nada:")
        yield _spans(constancia["huecos"])


def _spans(spans: Sequence[Mapping[str, Any]]) -> Block:
    return table(_SPAN, [[_hour(each["desde"]), _end(each), f"{each['minutos']:,}"] for each in spans])


def _legal(text: str) -> str:
    return hour_in_words(datetime.fromisoformat(text))


_hour = _legal


def _end(each: Mapping[str, Any]) -> str:
    return "sigue" if each.get("abierta") else _hour(each["hasta"])

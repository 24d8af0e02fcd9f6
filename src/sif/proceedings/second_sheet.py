"""Lay out a second oficio: what each answer cured, what is left, and the term to cure it; or that there is none."""

from collections.abc import Mapping

from sif.audit.models import Observacion
from sif.law.calendar import Term
from sif.notices.sheet import Section, fact, paragraph, section, table
from sif.proceedings.machine import acts
from sif.proceedings.models import Oficio
from sif.proceedings.oficio_sheet import closing_section, corrected_words, observation_parts, stage_words
from sif.proceedings.selectors import standing_of
from sif.proceedings.wording import count, due_day, legal_day, legal_hour, pesos
from sif.registry.models import Usuario


def second_data(row: Oficio, term: Term, said: Mapping[int, tuple[bool, str]], by: Usuario) -> dict[str, object]:
    """Return the content of a second oficio not yet written, or of the one that informs what was answered to it.

    said: whether the answer to each observación of the first cures it, and why, by the number of its row.
    """
    first = row.primero
    if first is None:
        raise ValueError(f"{row.numero} no sigue a otro oficio.")
    organs, due, informs = acts()["organos"], row.vence_el, row.informa
    observed = list(standing_of(first).prefetch_related("hallazgos"))
    left = [each for each in observed if not said[each.pk][0]] if not informs else []
    counted = f"{term.dias} días {'hábiles' if term.cuenta == 'habiles' else 'naturales'} ({term.base}), improrrogables"
    return {
        "organo": f"{organs['auditoria']} · {organs['direccion']}",
        "titulo": "Resultado de las respuestas al segundo oficio"
        if informs
        else "Segundo oficio de errores y omisiones",
        "numero": row.numero,
        "asunto": f"Lo que las respuestas subsanaron de {stage_words(row.etapa)}, {row.sujeto.nombre}",
        "lugar_fecha": f"{organs['lugar']}, {legal_day(row.notificado_el)}",
        "proyecto": False,
        "recuadro": [
            {"rotulo": "Vence", "texto": due_day(due)},
            {"rotulo": "Hora", "texto": legal_hour(due)},
        ]
        if left
        else [],
        "destinatario": ["Responsable de Finanzas", f"{row.sujeto.nombre} ({row.sujeto.siglas})", "Presente"],
        "secciones": [
            _appraised(first, observed, said, term.base),
            *(part for each in left for part in _left(each, said[each.pk][1])),
            closing_section(term.base, counted, due, corrected_words(row, left))
            if left
            else _nothing_left(term.base, informs=informs),
        ],
        "firma": [by.nombre, organs["direccion"], organs["auditoria"]],
    }


def _appraised(first: Oficio, observed: list[Observacion], said: Mapping[int, tuple[bool, str]], base: str) -> Section:
    cured = sum(said[each.pk][0] for each in observed)
    left = sum(each.monto for each in observed if not said[each.pk][0])
    rows = [
        [str(each.numero), each.titulo, "Sí" if said[each.pk][0] else "No", said[each.pk][1], pesos(each.monto)]
        for each in observed
    ]
    return section(
        "Lo que sus respuestas subsanaron",
        paragraph(
            f"Valoradas las aclaraciones y rectificaciones al oficio {first.numero}, notificado el "
            f"{legal_day(first.notificado_el)}, subsanaron {cured} de "
            f"{count(len(observed), 'observación', 'observaciones')}. Quedan sin subsanar {len(observed) - cured}, por "
            f"{pesos(left)}.",
            base,
        ),
        table(
            [
                ("Núm.", "clave"),
                ("Observación", "texto"),
                ("Se subsanó", "texto"),
                ("Razón", "texto"),
                ("Monto", "monto"),
            ],
            rows,
            ["", "Suma", "", "", pesos(sum(each.monto for each in observed))],
        ),
    )


def _nothing_left(base: str, *, informs: bool) -> Section:
    """Return the section that ends an oficio of which all was cured, or that informs the result of the last answers."""
    why = "La ley no da otro plazo" if informs else "No queda nada que subsanar"
    return section(
        "Sin plazo que correr",
        paragraph(
            f"{why}: este oficio informa el resultado, no otorga plazo y no abre otra corrección. "
            "El dictamen consolidado lo dirá de cada observación.",
            base,
        ),
    )


def _left(row: Observacion, reason: str) -> list[Section]:
    """Return the sections of an observación that was not cured, with the reason before its facts."""
    first, *others = observation_parts(row, list(row.hallazgos.all()))
    return [{**first, "bloques": [fact("Por qué no se subsanó", reason), *first["bloques"]]}, *others]

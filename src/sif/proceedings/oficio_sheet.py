"""Lay out an oficio de errores y omisiones: facts, annex, request and basis of each observation."""

from collections.abc import Sequence
from datetime import date, datetime

from sif.audit.models import Hallazgo, Observacion
from sif.audit.naming import names_of
from sif.notices.sheet import Block, Section, fact, paragraph, section, table
from sif.proceedings.machine import acts
from sif.proceedings.models import Oficio
from sif.proceedings.parts import ObservedPart, OficioPart
from sif.proceedings.selectors import corrected_by, part_of, periods_of
from sif.proceedings.terms import hearing_of, term_words
from sif.proceedings.wording import count, due_day, legal_day, legal_hour, pesos
from sif.registry.models import Etapa, Periodo, Usuario
from sif.registry.spoken_names import named


def oficio_data(row: Oficio, observaciones: Sequence[Observacion], signer: Usuario) -> dict[str, object]:
    """Return the content of an oficio not yet written, with the observaciones that it notifies and who signs it."""
    etapa, sujeto, moment, due = row.etapa, row.sujeto, row.notificado_el, row.vence_el
    organs, words = acts()["organos"], of_reviewed(row)
    return {
        "organo": f"{organs['auditoria']} · {organs['direccion']}",
        "titulo": "Oficio de errores y omisiones",
        "numero": row.numero,
        "asunto": f"Errores y omisiones {words}, {sujeto.nombre}",
        "lugar_fecha": f"{organs['lugar']}, {legal_day(moment)}",
        "proyecto": False,
        "recuadro": [
            {"rotulo": "Vence", "texto": due_day(due)},
            {"rotulo": "Hora", "texto": legal_hour(due)},
        ],
        "destinatario": ["Responsable de Finanzas", f"{sujeto.nombre} ({sujeto.siglas})", "Presente"],
        "secciones": [
            _opening(row, words, observaciones),
            *(part for each in observaciones for part in observation_parts(each, list(each.hallazgos.all()))),
            closing_section(
                hearing_of(etapa, sujeto.tipo, second=False)[0],
                term_words(etapa, moment.date(), row.periodo),
                due,
                corrected_words(row, observaciones),
            ),
        ],
        "firma": [signer.nombre, organs["direccion"], organs["auditoria"]],
    }


def oficio_part_data(part: OficioPart) -> dict[str, object]:
    """The content of the part of a notified oficio that names some contabilidades; it is no act and is not signed.

    Its pages print the digest and the code of the whole oficio, by which the public address finds it.
    """
    oficio, (rows, organs) = part.oficio, (part.observaciones, acts()["organos"])
    books = sorted({hallazgo.contabilidad_id for row in rows for hallazgo in row.hallazgos})
    named = ", ".join(str(number) for number in books)
    return {
        "organo": f"{organs['auditoria']} · {organs['direccion']}",
        "titulo": "Parte de un oficio de errores y omisiones",
        "numero": oficio.numero,
        "asunto": f"Lo observado a la contabilidad {named}, {stage_words(oficio.etapa)}",
        "lugar_fecha": f"{organs['lugar']}, {legal_day(oficio.notificado_el)}",
        "proyecto": False,
        "recuadro": [
            {"rotulo": "Vence", "texto": due_day(oficio.vence_el)},
            {"rotulo": "Hora", "texto": legal_hour(oficio.vence_el)},
        ],
        "destinatario": [f"{oficio.sujeto.nombre} ({oficio.sujeto.siglas})", f"Contabilidad {named}"],
        "secciones": [
            section(
                "Qué es este documento",
                paragraph(
                    f"Reproduce del oficio {oficio.numero}, notificado el {legal_day(oficio.notificado_el)} al "
                    f"Responsable de Finanzas, solo los hechos de la contabilidad {named}. El oficio completo, "
                    "firmado, está en el buzón del sujeto; responde su Responsable de Finanzas. La huella y el código "
                    "de cada página son los del oficio completo: con ellos se consulta si está vigente."
                ),
            ),
            *(each for row in rows for each in observation_parts(row, list(row.hallazgos))),
        ],
        "firma": [],
        "huella": oficio.documento.texto_sha256,
        "consulta": True,
    }


def stage_words(etapa: Etapa) -> str:
    """Return a stage and its process in words."""
    return f"{etapa.get_tipo_display().lower()}, {etapa.proceso.nombre}"


def of_reviewed(oficio: Oficio) -> str:
    """Return of what an oficio is, in words: the stage and, where other oficios review the rest, its periods."""
    stage, part = f"de {stage_words(oficio.etapa)}", part_of(oficio.etapa, periods_of(oficio))
    return f"{_of_periods(part)} {stage}" if part else stage


def corrected_words(oficio: Oficio, observaciones: Sequence[Observacion]) -> str:
    """Return the periods whose correction an oficio opens, in words; nothing where they are all of its stage."""
    part = part_of(oficio.etapa, corrected_by(oficio, observaciones))
    return f" {_of_periods(part)}" if part else ""


def _of_periods(periods: Sequence[Periodo]) -> str:
    *others, last = [str(each.numero) for each in periods]
    return f"de los periodos {', '.join(others)} y {last}" if others else f"del periodo {last}"


def _opening(oficio: Oficio, words: str, observaciones: Sequence[Observacion]) -> Section:
    sujeto, due = oficio.sujeto, oficio.vence_el
    total = sum(row.monto for row in observaciones)
    rows = [[str(row.numero), row.titulo, row.fundamento, pesos(row.monto)] for row in observaciones]
    return section(
        "Observaciones que se notifican",
        paragraph(
            f"De la revisión {words}, se notifican {named(sujeto.nombre, 'a')} "
            f"{count(len(observaciones), 'observación', 'observaciones')} por {pesos(total)}. "
            "Una observación no acusa: describe lo que la revisión encontró y pide aclararlo o corregirlo.",
            hearing_of(oficio.etapa, sujeto.tipo, second=False)[0],
        ),
        paragraph(f"Puede responder cada una hasta el {due_day(due)} a las {legal_hour(due)}."),
        table(
            [("Núm.", "clave"), ("Observación", "texto"), ("Fundamento", "texto"), ("Monto", "monto")],
            rows,
            ["", "Suma", "", pesos(total)],
        ),
    )


def observation_parts(row: Observacion | ObservedPart, hallazgos: Sequence[Hallazgo]) -> list[Section]:
    """Return the sections of an observación: its facts, request and basis, and its annex."""
    blocks: list[Block] = [paragraph(text) for text in _facts(row, hallazgos)]
    blocks += [
        fact("Monto observado", pesos(row.monto)),
        fact("Solicitud", row.solicitud),
        fact("Fundamento", row.fundamento),
    ]
    parts = [section(f"Observación {row.numero}. {row.titulo}", *blocks)]
    if hallazgos:
        parts.append(section(f"Anexo de la observación {row.numero}", _annex(hallazgos), level=2))
    return parts


def _facts(row: Observacion | ObservedPart, hallazgos: Sequence[Hallazgo]) -> list[str]:
    """Return the facts as adopted; beyond three, the annex lists them all and the text says how many."""
    lines = [line for line in row.texto.splitlines() if line.strip()]
    if len(lines) <= 3:
        return lines
    books = len({hallazgo.contabilidad_id for hallazgo in hallazgos})
    where = count(books, "contabilidad", "contabilidades")
    more = f"El anexo detalla {count(len(hallazgos), 'hecho', 'hechos')} en {where}."
    return [*lines[:2], more]


def annex_row(place: int, hallazgo: Hallazgo, name: str) -> list[str]:
    """Return a fact in an annex: its number, books, what in them it is about, day and amount."""
    day = f"{hallazgo.dia:%d/%m/%Y}" if hallazgo.dia else "sin fecha"
    return [str(place), str(hallazgo.contabilidad_id), name, day, pesos(hallazgo.monto)]


def _annex(hallazgos: Sequence[Hallazgo]) -> Block:
    ordered = sorted(hallazgos, key=lambda row: (row.contabilidad_id, row.dia or date.max, row.pk))
    names = names_of(ordered)
    return table(
        [("Núm.", "clave"), ("Contabilidad", "clave"), ("Referencia", "texto"), ("Fecha", "clave"), ("Monto", "monto")],
        [annex_row(place, hallazgo, names[hallazgo.pk]) for place, hallazgo in enumerate(ordered, 1)],
        ["", "", "Suma", "", pesos(sum(hallazgo.monto for hallazgo in ordered))],
    )


def closing_section(article: str, counted: str, due: datetime, corrected: str) -> Section:
    """Return the section on the term to answer: its article, how it was counted, its last instant and what it corrects.

    corrected: the periods whose correction it opens, as `corrected_words` says them.
    """
    return section(
        "Plazo y forma de responder",
        paragraph(
            f"El plazo vence el {due_day(due)} a las {legal_hour(due)}, hora de {acts()['organos']['lugar']}. "
            "La notificación surte efectos desde que se deposita en el buzón electrónico, se abra o no.",
            article,
        ),
        paragraph(f"Cuenta del plazo: {counted}."),
        paragraph(
            "Se responde por observación, desde la mesa del Responsable de Finanzas, citando las pólizas que la "
            "aclaran. Hasta el vencimiento puede sustituirse una respuesta: todas las versiones se conservan y vale la "
            "última."
        ),
        paragraph(
            f"Hasta esa misma hora queda abierto el registro de pólizas de corrección{corrected}. Dentro del plazo "
            "puede pedirse una confronta con la autoridad."
        ),
        paragraph("Lo que no se responda se resolverá con lo que obra en el expediente.", "LGPP 81.1.c"),
    )

"""Lay out a dictamen: observation, answer, analysis and conclusion [LGPP 81.1]."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings

from sif.law.concurrence import Charge, Pair, load_concurrence
from sif.notices.sheet import Block, Section, fact, paragraph, section, table
from sif.proceedings.appraisals import Told, last_told, told_words
from sif.proceedings.concurrence import Meeting, meetings_of
from sif.proceedings.determining import Result, overruns_of, results_of
from sif.proceedings.machine import acts
from sif.proceedings.models import Conclusion, Dictamen, Oficio
from sif.proceedings.oficio_sheet import of_reviewed
from sif.proceedings.selectors import (
    conclusiones_of,
    last_answers,
    oficios_of,
    second_of,
    with_sums,
    withdrawn_of,
)
from sif.proceedings.terms import hearing_article
from sif.proceedings.wording import count, due_day, legal_day, legal_hour, pesos
from sif.registry.models import Usuario
from sif.registry.spoken_names import named


def dictamen_data(dictamen: Dictamen, closed: tuple[datetime, Usuario]) -> dict[str, object]:
    """Return the content of a dictamen. closed: the instant it closes and who closes it."""
    conclusions, organs = conclusiones_of(dictamen), acts()["organos"]
    etapa, sujeto, (moment, signer) = dictamen.etapa, dictamen.sujeto, closed
    told = last_told(etapa, sujeto)
    return {
        "organo": organs["auditoria"],
        "titulo": "Dictamen consolidado",
        "numero": dictamen.numero,
        "asunto": f"Revisión de {etapa.get_tipo_display().lower()}, {etapa.proceso.nombre}, {sujeto.nombre}",
        "lugar_fecha": f"{organs['lugar']}, {legal_day(moment)}",
        "proyecto": False,
        "recuadro": [
            {"rotulo": "Conclusiones", "texto": str(len(conclusions))},
            {"rotulo": "No atendido", "texto": pesos(sum(row.monto_no_atendido for row in conclusions))},
        ],
        "destinatario": [organs["consejo"], "Presente"],
        "secciones": [
            _background(dictamen, conclusions),
            *_without_effect(dictamen),
            _results(conclusions),
            *(_conclusion(row, told) for row in conclusions),
            *_concurrence(conclusions),
            *_caps(dictamen),
        ],
        "firma": [signer.nombre, organs["auditoria"]],
    }


def _background(dictamen: Dictamen, conclusions: Sequence[Conclusion]) -> Section:
    oficios = with_sums(oficios_of(dictamen.etapa).filter(sujeto=dictamen.sujeto))
    if not oficios:
        text = f"La revisión {named(dictamen.sujeto.nombre, 'de')} no dio lugar a observaciones."
        return section("Antecedentes", paragraph(text, "LGPP 81.1.a"))
    answered = len(last_answers([row.observacion for row in conclusions]))
    return section(
        "Antecedentes",
        *(block for oficio in oficios for block in _told(oficio, whole=len(oficios) == 1)),
        paragraph(f"El sujeto obligado respondió {answered} de {len(conclusions)}.", "LGPP 81.1.c"),
    )


def _told(oficio: Any, *, whole: bool) -> list[Block]:
    """Say when an oficio read by `with_sums` was notified and until when it was answered; also the one that followed.

    whole: it is the only one of its subject, so that nothing is said of the periods that it reviews.
    """
    of = "," if whole else f", {of_reviewed(oficio)},"
    return [
        paragraph(
            f"El {legal_day(oficio.notificado_el)} se notificó el oficio {oficio.numero}{of} con "
            f"{count(oficio.observadas, 'observación', 'observaciones')} y plazo para responder hasta el "
            f"{due_day(oficio.vence_el)} a las {legal_hour(oficio.vence_el)}.",
            hearing_article(oficio),
        ),
        *_second_told(oficio),
    ]


def _second_told(first: Oficio) -> list[Block]:
    """Say when the second oficio was notified, until when it was answered where it gave a term, and what followed."""
    second = second_of(first)
    if second is None:
        return []
    told = f"El {legal_day(second.notificado_el)} se notificó el segundo oficio {second.numero}"
    if not second.da_plazo:
        return [paragraph(f"{told}, que informó que todo quedó subsanado.", hearing_article(second))]
    due = f"{due_day(second.vence_el)} a las {legal_hour(second.vence_el)}"
    blocks = [paragraph(f"{told}, con plazo para responder hasta el {due}.", hearing_article(second))]
    if (result := second_of(second)) is not None:
        day = legal_day(result.notificado_el)
        words = f"El {day} se notificó el oficio {result.numero}, que informó el resultado de esas respuestas."
        blocks.append(paragraph(words, hearing_article(result)))
    return blocks


def _without_effect(dictamen: Dictamen) -> Iterator[Section]:
    """Yield the section on what an oficio notified and was left without effect, not concluded [LGPP 81.1.b]."""
    left = list(withdrawn_of(dictamen.etapa, dictamen.sujeto))
    if not left:
        return
    heads = [
        ("Núm.", "clave"),
        ("Observación", "texto"),
        ("Desde", "texto"),
        ("Se avisó con", "clave"),
        ("Por qué", "texto"),
        ("Monto", "monto"),
    ]
    rows = [
        [
            str(each.observacion.numero),
            each.observacion.titulo,
            legal_day(each.hecho_el),
            each.notificacion.folio if each.notificacion else "",
            each.motivo,
            pesos(each.observacion.monto),
        ]
        for each in left
    ]
    total = pesos(sum(each.observacion.monto for each in left))
    yield section(
        "Observaciones que quedaron sin efecto",
        paragraph("Se notificaron y, antes de este dictamen, quedaron sin efecto: no tienen conclusión ni sanción."),
        table(heads, rows, ["", "Suma", "", "", "", total]),
    )


def _results(conclusions: Sequence[Conclusion]) -> Section:
    if not conclusions:
        return section("Resultado", paragraph("No hay conclusiones que den lugar a sanción.", "LGPP 81.1.a"))
    observed = sum(row.observacion.monto for row in conclusions)
    left = sum(row.monto_no_atendido for row in conclusions)
    rows = [
        [
            row.clave,
            row.conducta,
            row.ultimo.get_referencia_display(),
            *map(pesos, (row.observacion.monto, row.monto_no_atendido)),
        ]
        for row in conclusions
    ]
    return section(
        "Resultado",
        paragraph("Cada observación notificada que sigue en pie termina en una conclusión.", "LGPP 81.1.a"),
        table(
            [
                ("Conclusión", "clave"),
                ("Conducta", "texto"),
                ("Resultado", "texto"),
                ("Observado", "monto"),
                ("No atendido", "monto"),
            ],
            rows,
            ["", "Suma", "", pesos(observed), pesos(left)],
        ),
    )


def _conclusion(row: Conclusion, told: Told) -> Section:
    observacion = row.observacion
    answer = last_answers([observacion]).get(observacion.pk)
    blocks: list[Block] = [
        fact("Observación", f"{observacion.numero}. {observacion.titulo}. {_first_line(observacion.texto)}"),
        fact("Respuesta considerada", row.respuesta_considerada),
    ]
    if answer is not None and (cited := _cited(answer.pk)):
        blocks.append(fact("Pólizas citadas", ", ".join(cited)))
    broken = row.referencia == Conclusion.Referencia.NO_ATENDIDA and row.criterio != ""
    if observacion.pk in told:
        blocks.append(fact("Lo que se le informó", f"{told_words(*told[observacion.pk])}."))
    blocks += [
        fact("Análisis", row.analisis),
        fact("Conclusión", _ending(row)),
        fact("Artículo que se incumplió" if broken else "Artículo revisado", row.articulo),
    ]
    return section(f"{row.clave}. {row.conducta}", *blocks)


def _caps(dictamen: Dictamen) -> Iterator[Section]:
    """Yield the official table of the cap, of each contabilidad to which something was determined or that passes it."""
    found = {number: row for number, row in overruns_of(dictamen).items() if row.b or row.exceeds}
    if not found:
        return
    heads = [
        ("Contabilidad", "clave"),
        ("A. Reportado", "monto"),
        ("B. No reportado", "monto"),
        ("C. Total", "monto"),
        ("D. Tope", "monto"),
        ("E. D − C", "monto"),
        ("F. % de exceso", "monto"),
    ]
    rows = [
        [str(number), *(pesos(each.centavos) for each in (row.a, row.b, row.c, row.d, row.e)), str(row.f)]
        for number, row in found.items()
    ]
    blocks: list[Block] = [table(heads, rows)]
    grave = [number for number, row in found.items() if row.exceeds_5_percent]
    if grave and dictamen.etapa.tipo == "campana":
        won = results_of(dictamen.etapa)
        blocks += [paragraph(_nullity(number, won, dictamen.etapa.termina_el), "CPEUM 41.VI.a") for number in grave]
    if any(row.exceeds and row.b for row in found.values()):
        pair = load_concurrence(settings.JURISDICTION).settle(
            Charge("", "egreso_no_reportado"), Charge("", acts()["resulta_de_lo_determinado"])
        )
        if pair is not None:
            blocks.append(paragraph(f"{pair.par.porque} ({pair.par.base}, {pair.par.estatus})."))
    yield section("Tope de gastos", *blocks)


def _nullity(number: int, won: Mapping[int, Result] | None, day: date) -> str:
    """Return the text on an overrun that reaches the share of nullity, by the winner and the margin of votes."""
    text = f"El exceso de {number} alcanza el cinco por ciento del tope."
    if won is None:
        return f"{text} No se ha cargado el cómputo: quién ganó y por cuánto no consta aquí."
    result = won.get(number)
    if result is None:
        return f"{text} No consta que haya ganado: no hay elección que anular por ello."
    margin = f"Ganó por {result.diferencia:,} votos de {result.total:,}"
    if not result.is_presumed(day):
        return f"{text} {margin}: la diferencia no es menor al cinco por ciento y no se presume determinante."
    return (
        f"{text} {margin}: la diferencia es menor al cinco por ciento y se presume determinante. Si fue grave y "
        "dolosa lo decide el tribunal que conozca de la elección: dese vista."
    )


def _concurrence(conclusions: Sequence[Conclusion]) -> Iterator[Section]:
    """Yield the section on pairs of conclusions over the same facts: which one sanctions, and on what basis."""
    met = [each for each in meetings_of(conclusions) if each.gana.referencia == Conclusion.Referencia.NO_ATENDIDA]
    one = [(each, each.par) for each in met if each.par is not None and each.par.yields]
    both = [each for each in met if each.cede.referencia == Conclusion.Referencia.NO_ATENDIDA and not _yields(each)]
    blocks: list[Block] = []
    if one:
        heads = [("Sanciona", "clave"), ("Cede", "clave"), ("Hechos", "monto"), ("Por qué", "texto"), ("Base", "texto")]
        blocks += [
            paragraph("Un hecho se sanciona una vez: lo que dos conclusiones ven a la vez lo sanciona la primera."),
            table(heads, [_yielded(each, pair) for each, pair in one]),
        ]
    if both:
        told = count(len(both), "par de conclusiones ve", "pares de conclusiones ven")
        blocks.append(paragraph(f"Además, {told} los mismos hechos por deberes distintos, y se sancionan todas."))
    if blocks:
        yield section("Conclusiones sobre los mismos hechos", *blocks)


def _yielded(each: Meeting, pair: Pair) -> list[str]:
    base = f"{pair.base}, {pair.estatus}"
    return [each.gana.clave, each.cede.clave, f"{len(each.comunes):,}", pair.porque, base]


def _yields(each: Meeting) -> bool:
    return each.par is not None and each.par.yields


def unsanctioned(dictamen: Dictamen) -> Iterator[Block]:
    """Yield the paragraph, for its resolución, on what stayed unattended and no criterion sanctions."""
    left = [row for row in conclusiones_of(dictamen) if row.referencia == Conclusion.Referencia.NO_ATENDIDA]
    rows = [row.clave for row in left if not row.criterio]
    if rows:
        said = acts()["sin_sancion"]
        many = count(len(rows), "conclusión sin atender informa", "conclusiones sin atender informan")
        yield paragraph(said["texto"].format(cuantas=many, claves=", ".join(rows)), said["articulo"])


def _cited(answer_id: int) -> list[str]:
    from sif.books.models import Poliza
    from sif.books.selectors import reference_of

    rows = Poliza.objects.filter(respuestas=answer_id).select_related("periodo").order_by("contabilidad_id", "eslabon")
    return [reference_of(row) for row in rows]


def _first_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    rest = count(len(lines) - 1, "hecho", "hechos")
    more = f" El anexo del oficio detalla {rest} más." if len(lines) > 1 else ""
    return f"{lines[0] if lines else ''}{more}"


def _ending(row: Conclusion) -> str:
    if row.referencia == Conclusion.Referencia.ATENDIDA:
        return "La observación quedó atendida."
    if row.referencia == Conclusion.Referencia.SIN_EFECTOS:
        return "La observación quedó sin efectos."
    left = f"por {pesos(row.monto_no_atendido)}" if row.monto_no_atendido else "sin monto involucrado"
    told = "" if row.criterio else " Ningún criterio la sanciona: se informa."
    return f"La observación no quedó atendida, {left}.{told}"

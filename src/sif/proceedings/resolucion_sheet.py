"""Lay out a resolución: each sanction individualised step by step [LGIPE 458.5], and the vote."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sif.law.sanctions import forma_text
from sif.notices.sheet import Block, fact, paragraph, section, table
from sif.proceedings.grounds import Ground, pending
from sif.proceedings.machine import acts
from sif.proceedings.models import Dictamen, Resolucion, Voto
from sif.proceedings.sanctioning import Reckoning
from sif.proceedings.selectors import Tally, prior_sanctions
from sif.proceedings.wording import count, legal_day, percent, pesos
from sif.registry.models import SujetoObligado
from sif.registry.procesos import is_linked
from sif.values import Money

ORDINALS = ("PRIMERO", "SEGUNDO", "TERCERO", "CUARTO", "QUINTO", "SEXTO")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A resolución as drawn: its dictamen, number and session, its sanctions, and each member's part of them.

    bases: what the sanction of each conclusion rests on.
    """

    dictamen: Dictamen
    numero: str
    sesion: date
    sanciones: Sequence[Reckoning]
    partes: Sequence[tuple[SujetoObligado, int, Money]]
    bases: Mapping[int, Sequence[Ground]]

    @property
    def total(self) -> int:
        """Centavos of all the sanctions."""
        return sum(row.calculada.sancion.centavos for row in self.sanciones)


def resolucion_data(drawn: Drawn, voted: tuple[Resolucion, Tally] | None = None) -> dict[str, Any]:
    """The content of a resolución; a project until it carries its vote (state and count)."""
    organs, dictamen = acts()["organos"], drawn.dictamen
    state = Resolucion.Estado.APROBADA if voted and voted[1].aprueba else Resolucion.Estado.RECHAZADA
    parts = [
        _background(drawn),
        *(_individual(row, drawn) for row in drawn.sanciones),
        *_members(drawn),
        _resolves(drawn),
    ]
    if voted:
        parts.append(_vote(*voted))
    return {
        "organo": organs["consejo"],
        "titulo": "Resolución",
        "numero": drawn.numero,
        "asunto": f"Irregularidades del dictamen {dictamen.numero}, {dictamen.sujeto.nombre}",
        "lugar_fecha": f"{organs['lugar']}, sesión del {legal_day(drawn.sesion)}",
        "proyecto": voted is None,
        "recuadro": [
            {"rotulo": "Sanciones", "texto": str(len(drawn.sanciones))},
            {"rotulo": "Total", "texto": pesos(drawn.total)},
            {"rotulo": "Estado", "texto": str(state.label) if voted else "Proyecto"},
        ],
        "destinatario": [],
        "secciones": parts,
        "firma": [],
    }


def _background(drawn: Drawn) -> dict[str, Any]:
    dictamen = drawn.dictamen
    involved = sum(row.conclusion.monto_no_atendido for row in drawn.sanciones)
    blocks: list[Block] = [
        paragraph(
            f"El dictamen {dictamen.numero}, de la revisión de {dictamen.etapa.get_tipo_display().lower()} del "
            f"{dictamen.etapa.proceso.nombre}, dejó {count(len(drawn.sanciones), 'conclusión', 'conclusiones')} "
            f"sin atender a cargo de {dictamen.sujeto.nombre}.",
            "LGIPE 191.1.g",
        )
    ]
    if drawn.sanciones:
        blocks.append(
            table(
                [("Conclusión", "clave"), ("Conducta", "texto"), ("Monto involucrado", "monto"), ("Criterio", "texto"),
                 ("Sanción", "monto")],
                [[row.conclusion.clave, row.conclusion.conducta, pesos(row.conclusion.monto_no_atendido),
                  _measure(row), pesos(row.calculada.sancion.centavos)] for row in drawn.sanciones],
                ["", "Suma", pesos(involved), "", pesos(drawn.total)],
            )
        )  # fmt: skip
    return section("Conclusiones y sanciones", *blocks)


def _measure(row: Reckoning) -> str:
    if row.criterion.modo == "porcentaje":
        return percent(row.criterion.valor)
    return f"{row.unidades:,} × {row.criterion.valor:,} UMA"


def _individual(row: Reckoning, drawn: Drawn) -> dict[str, Any]:
    told = _grounds(drawn.bases.get(row.conclusion.pk, ()))
    return section(f"{row.conclusion.clave}. {row.conclusion.conducta}", *_steps(row), *told)


def _grounds(bases: Sequence[Ground]) -> Iterator[Block]:
    """What of the law waits for who confirms it, and what was confirmed here: by whom, when and before which text."""
    if waiting := pending(bases):
        named = "; ".join(dict.fromkeys(each.articulo for each in waiting))
        yield paragraph(
            f"Fundamento por confirmar. {named}. Nadie ha leído el texto que lo diga de este caso ni lo ha confirmado; "
            "mientras tanto, este proyecto no puede someterse a votación."
        )
    for act in {each.acto.pk: each.acto for each in bases if each.acto is not None}.values():
        said = act.propuesta
        before = (
            f"con el texto de {said.leido.texto.ley} {said.leido.numero} que rige desde el "
            f"{legal_day(said.leido.texto.desde)}: «{said.palabras}»"
            if said.leido is not None
            else f"sin texto cargado de esa ley: {said.motivo.rstrip('.')}"
        )
        one, other = said.propuesta_por.named_at(said.propuesta_el), act.hecho_por.named_at(act.hecho_el)
        yield fact(
            f"Confirmado aquí: {said.articulo}",
            f"{(said.dice or 'su vigencia').rstrip('.')}. Lo propuso {one} y lo confirmó {other} el "
            f"{legal_day(act.hecho_el)}, {before}.",
        )


def _steps(row: Reckoning) -> Iterator[Block]:
    conclusion, criterion = row.conclusion, row.criterion
    words = acts()["individualizacion"].get(criterion.clave, acts()["individualizacion"]["general"])
    facts = count(row.unidades, "hecho", "hechos")
    yield paragraph(
        f"Tipo de infracción. Es de {words['tipo']}: {conclusion.conducta[:1].lower()}{conclusion.conducta[1:]}.",
        "LGIPE 458.5",
    )
    yield paragraph(f"Modo, tiempo y lugar. {_circumstances(row)}", "LGIPE 458.5.b")
    yield paragraph(
        "Comisión. No obra en el expediente elemento que acredite la intención de infringir; la falta es culposa."
    )
    yield paragraph(f"Normas transgredidas. {conclusion.articulo}.")
    yield paragraph(f"Bien jurídico. La falta afecta {words['bien']}.", "LGIPE 458.5.a")
    plural = "singularidad: es un hecho" if row.unidades == 1 else f"pluralidad: son {facts} de una misma conducta"
    yield paragraph(f"Singularidad o pluralidad. Hay {plural}.")
    yield paragraph(f"Reincidencia. {_recidivism(row)}", "LGIPE 458.6")
    yield paragraph(f"Calificación. La falta es {criterion.gravedad}.", "LGIPE 458.5.a")
    yield paragraph(
        "Capacidad económica. Se acredita con el acuerdo de financiamiento del ejercicio, que la autoridad agrega al "
        "expediente.",
        "LGIPE 458.5.c",
    )
    unit = pesos(row.uma.centavos)
    yield paragraph(
        f"Sanción. Se aplica el criterio «{criterion.conducta}», {_measure(row)} ({criterion.base}; "
        f"{criterion.estatus}), "
        f"con la UMA de {unit} del {legal_day(conclusion.dictamen.etapa.termina_el)}.",
        _sanction_article(conclusion.dictamen),
    )
    for number, step in enumerate(row.calculada.trabajo, 1):
        yield fact(f"Cálculo {number}", step)
    yield fact(
        "Se impone", f"{forma_text(row.calculada.forma).capitalize()} de {pesos(row.calculada.sancion.centavos)}"
    )


def _sanction_article(dictamen: Dictamen) -> str:
    return str(acts()["sanciones"][dictamen.sujeto.tipo])


def _circumstances(row: Reckoning) -> str:
    facts = list(row.conclusion.observacion.hallazgos.all())
    etapa = row.conclusion.dictamen.etapa
    days = sorted(fact.dia for fact in facts if fact.dia)
    books = sorted({fact.contabilidad_id for fact in facts})
    how = f"Modo: {count(len(facts), 'hallazgo', 'hallazgos')} de la regla {row.conclusion.observacion.regla}"
    if days:
        when = (
            f"el {legal_day(days[0])}" if days[0] == days[-1] else f"del {legal_day(days[0])} al {legal_day(days[-1])}"
        )
    else:
        when = f"del {legal_day(etapa.inicia_el)} al {legal_day(etapa.termina_el)}"
    named = ", ".join(map(str, books[:6])) + (f" y {len(books) - 6} más" if len(books) > 6 else "")
    where = f"contabilidad{'es' if len(books) > 1 else ''} {named}" if books else etapa.proceso.nombre
    return f"{how}. Tiempo: {when}. Lugar: {where}, {etapa.proceso.nombre}."


def _span(first: date, last: date) -> str:
    return f"el {legal_day(first)}" if first == last else f"del {legal_day(first)} al {legal_day(last)}"


def _recidivism(row: Reckoning) -> str:
    dictamen = row.conclusion.dictamen
    prior = prior_sanctions(dictamen.sujeto, row.criterion.clave, dictamen.etapa)
    if prior:
        return (
            f"Por la misma conducta se sancionó antes al sujeto en {', '.join(prior)}; firme esa resolución, reincide."
        )
    return "El sistema no registra resolución anterior por la misma conducta; no es reincidente."


def _members(drawn: Drawn) -> Iterator[dict[str, Any]]:
    if not drawn.partes:
        return
    rows = [
        [sujeto.siglas, sujeto.nombre, percent(share), pesos(amount.centavos)] for sujeto, share, amount in drawn.partes
    ]
    total = sum(amount.centavos for _, _, amount in drawn.partes)
    yield section(
        "Distribución entre los integrantes de la coalición",
        paragraph(
            "Cada sanción se reparte según la participación de cada integrante en el convenio, en pesos enteros; los "
            "centavos y pesos que se truncan no se cargan a nadie."
        ),
        table(
            [("Siglas", "clave"), ("Integrante", "texto"), ("Participación", "monto"), ("Le corresponde", "monto")],
            rows,
            ["", "Suma", "", pesos(total)],
        ),
    )


def _resolves(drawn: Drawn) -> dict[str, Any]:
    sujeto = drawn.dictamen.sujeto
    linked = is_linked(drawn.dictamen.etapa)
    counted, appeal = ("", "LGSMIME 8.1") if linked else (" hábiles", "LGSMIME 7.2")
    if drawn.sanciones:
        shown = [
            f"{row.conclusion.clave}, {forma_text(row.calculada.forma)} de {pesos(row.calculada.sancion.centavos)}"
            for row in drawn.sanciones
        ]
        first = f"Se imponen a {sujeto.nombre} las sanciones siguientes: {'; '.join(shown)}."
    else:
        first = f"No ha lugar a imponer sanción a {sujeto.nombre}."
    points = [
        (first, _sanction_article(drawn.dictamen)),
        (f"La suma de las sanciones es de {pesos(drawn.total)}.", "LGIPE 458.7"),
        (f"Esta resolución puede impugnarse dentro de los cuatro días{counted} siguientes a su notificación.", appeal),
        ("Notifíquese por el buzón electrónico.", "RF 9.1"),
        ("Publíquense el dictamen y esta resolución.", "LGPP 82.1.c"),
    ]
    if not drawn.sanciones:
        del points[1]
    return section(
        "Puntos resolutivos",
        *(paragraph(f"{ORDINALS[place]}. {text}", article) for place, (text, article) in enumerate(points)),
    )


def _vote(resolucion: Resolucion, tally: Tally) -> dict[str, Any]:
    cast = Voto.objects.filter(resolucion=resolucion).select_related("consejero").order_by("consejero__nombre")
    verdict = "aprobó" if tally.aprueba else "rechazó"
    blocks = [
        paragraph(
            f"El {acts()['organos']['consejo']} {verdict} esta resolución por {tally.a_favor} a favor y "
            f"{tally.en_contra} en contra, de {tally.integrantes} integrantes; el quórum es de {tally.quorum}.",
            acts()["votacion"]["aprobacion"]["articulo"],
        ),
        table(
            [("Consejería", "texto"), ("Sentido del voto", "texto")],
            [[row.consejero.named_at(row.emitido_el), row.get_sentido_display()] for row in cast],
        ),
    ]
    blocks += [
        fact(f"Voto particular de {row.consejero.nombre}", row.voto_particular) for row in cast if row.voto_particular
    ]
    return section("Votación", *blocks)

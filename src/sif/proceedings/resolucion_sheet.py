"""Lay out a resolución: each sanction individualised step by step [LGIPE 458.5], and the vote."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from sif.law.articles import roman
from sif.law.calendar import appeal_term
from sif.law.numerals import in_words
from sif.law.offenders import offender_kind, uma_day_rule
from sif.law.sanctions import imposed_text
from sif.notices.sheet import Block, Section, fact, paragraph, section, table
from sif.proceedings.capacity import Capacity
from sif.proceedings.dictamen_sheet import unsanctioned
from sif.proceedings.grounds import Ground, cited_today
from sif.proceedings.grounds_sheet import bases_of_conclusion, confirmed_bases
from sif.proceedings.machine import acts
from sif.proceedings.models import Dictamen, Resolucion, Voto
from sif.proceedings.others_sheet import jointly, of_another, told_of
from sif.proceedings.sanctioning import Reckoning, paid_alone
from sif.proceedings.selectors import Tally, last_oficio_of, relapses
from sif.proceedings.terms import hearing_of
from sif.proceedings.wording import count, legal_day, old_uma, percent, pesos
from sif.registry import clock
from sif.registry.models import SujetoObligado
from sif.registry.procesos import is_linked
from sif.registry.spoken_names import forms_of, named
from sif.values import Money
from sif.values.texts import capitalized, letters_of

ORDINALS = ("PRIMERO", "SEGUNDO", "TERCERO", "CUARTO", "QUINTO", "SEXTO", "SÉPTIMO", "OCTAVO", "NOVENO")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A resolución as drawn: its dictamen, number and session, its sanctions, and each member's part of them.

    bases: what the sanction of each conclusion rests on.
    elaborada_el: when its project was drawn; what was voted on others later is not in it.
    sustituye: the one that the council rejected, on the same dictamen.
    """

    dictamen: Dictamen
    numero: str
    sesion: date
    elaborada_el: datetime
    sanciones: Sequence[Reckoning]
    partes: Sequence[tuple[SujetoObligado, int, Money]]
    bases: Mapping[int, Sequence[Ground]]
    capacidad: Sequence[tuple[str, Capacity]] = ()
    sustituye: Resolucion | None = None

    @property
    def total(self) -> int:
        """Centavos of all the sanctions."""
        return sum(row.calculada.sancion.centavos for row in self.sanciones)

    @property
    def multas(self) -> int:
        """Centavos of what is paid as a fine; what is reduced of the ministraciones is not."""
        paid = ("multa", "un_tanto_igual")
        return sum(row.calculada.sancion.centavos for row in self.sanciones if row.calculada.forma in paid)

    @property
    def persona(self) -> str:
        """The kind of person that its subject is sanctioned as."""
        return str(acts()["personas"][self.dictamen.sujeto.tipo])

    @property
    def articulo(self) -> str:
        """The letter of the law that lists the sanctions of its subject."""
        return offender_kind(self.persona, settings.JURISDICTION).articulo


def resolucion_data(drawn: Drawn, voted: tuple[Resolucion, Tally] | None = None) -> dict[str, object]:
    """Return the content of a resolución; a project until it carries its vote (state and count)."""
    organs, dictamen = acts()["organos"], drawn.dictamen
    signers = _signers(voted[0]) if voted and voted[1].aprueba else []
    state = Resolucion.Estado.APROBADA if voted and voted[1].aprueba else Resolucion.Estado.RECHAZADA
    parts = [
        _background(drawn),
        _reasons(drawn),
        *confirmed_bases(drawn.bases),
        *(_individual(place, row, drawn) for place, row in enumerate(drawn.sanciones, _before() + 1)),
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
        "firma": [line for signer in signers for line in signer],
        "firmas": signers,
    }


def _signers(resolucion: Resolucion) -> list[list[str]]:
    """Return the signature lines of a resolución: the presidency, and the secretary who put the project to the vote."""
    said, organ = acts()["firma"], acts()["organos"]["consejo"]
    act = getattr(resolucion, "sometimiento", None)
    names = [act.sometida_por.named_at(act.sometida_el)] if act and act.sometida_por else []
    secretary = f"{said['secretaria'].format(consejo=organ)} [{said['articulo']}]"
    return [[said["presidencia"].format(consejo=organ)], [*names, secretary]]


def _before() -> int:
    """Return the number of considerandos that precede the considerandos of the conclusions."""
    return len(acts()["considerandos"])


def _reasons(drawn: Drawn) -> Section:
    """Return the considerandos that open it: who is competent, what was followed and what may be imposed."""
    dictamen, basis = drawn.dictamen, acts()["fundamentos"][drawn.persona]
    notified = last_oficio_of(dictamen.etapa, dictamen.sujeto) is not None
    case = {
        **forms_of(dictamen.sujeto.nombre),
        "dictamen": dictamen.numero,
        "letra": drawn.articulo,
        "infraccion": basis["infraccion"],
        "competencia": f"; {basis['competencia']}" if "competencia" in basis else "",
        "audiencia": hearing_of(dictamen.etapa, dictamen.sujeto.tipo, second=False)[0],
    }
    said: list[Block] = []
    for place, row in enumerate(acts()["considerandos"], 1):
        told = row if notified else row.get("sin_oficio", row)
        text = f"{row['titulo']}. {told['texto'].format(**case)}"
        said.append(paragraph(text, told["articulo"].format(**case), numeral=roman(place)))
    return section("Considerandos", *said)


def _background(drawn: Drawn) -> Section:
    dictamen = drawn.dictamen
    involved = sum(row.conclusion.monto_no_atendido for row in drawn.sanciones)
    blocks: list[Block] = [
        paragraph(
            f"El dictamen {dictamen.numero}, de la revisión de {dictamen.etapa.get_tipo_display().lower()}, "
            f"{dictamen.etapa.proceso.nombre}, dejó {count(len(drawn.sanciones), 'conclusión', 'conclusiones')} "
            f"sin atender a cargo {named(dictamen.sujeto.nombre, 'de')}.",
            "LGPP 81.1.a; LGPP 81.1.b",
        )
    ]
    if (before := drawn.sustituye) is not None and before.votada_el is not None:
        day = legal_day(clock.legal_day(before.votada_el))
        blocks.append(paragraph(f"Sustituye a la resolución {before.numero}, que el Consejo rechazó el {day}."))
    if drawn.sanciones:
        blocks.append(
            table(
                [
                    ("Conclusión", "clave"),
                    ("Conducta", "texto"),
                    ("Monto involucrado", "monto"),
                    ("Criterio", "texto"),
                    ("Sanción", "monto"),
                ],
                [
                    [
                        row.conclusion.clave,
                        row.conclusion.conducta,
                        pesos(row.conclusion.monto_no_atendido),
                        _measure(row),
                        pesos(sum_) if (sum_ := row.calculada.sancion.centavos) else capitalized(_imposed(row)),
                    ]
                    for row in drawn.sanciones
                ],
                ["", "Suma", pesos(involved), "", pesos(drawn.total)],
            )
        )
        blocks.append(_uma_of(drawn))
    blocks.extend(unsanctioned(dictamen))
    return section("Conclusiones y sanciones", *blocks)


def _uma_of(drawn: Drawn) -> Block:
    """Render the rule that sets the day of the UMA, with the dispute about the rule."""
    rule = uma_day_rule(drawn.dictamen.etapa.termina_el, settings.JURISDICTION)
    return paragraph(f"Unidad de medida. {rule.dice} ({rule.base}). {rule.duda}", rule.articulo)


def _measure(row: Reckoning) -> str:
    if row.calculada.forma == "vista":
        return "no se impone"
    if row.calculada.forma == "un_tanto_igual":
        return "un tanto igual"
    if row.criterion.modo == "porcentaje":
        return percent(row.criterion.valor)
    return f"{row.unidades:,} × {row.criterion.valor:,} UMA"


def _individual(place: int, row: Reckoning, drawn: Drawn) -> Section:
    told = bases_of_conclusion(drawn.bases.get(row.conclusion.pk, ()))
    return section(
        f"{roman(place)}. Conclusión {row.conclusion.clave}. {row.conclusion.conducta}", *_steps(row, drawn), *told
    )


def _steps(row: Reckoning, drawn: Drawn) -> Iterator[Block]:
    conclusion, criterion = row.conclusion, row.criterion
    words = acts()["individualizacion"].get(criterion.clave, acts()["individualizacion"]["general"])
    facts = count(row.unidades, "hecho", "hechos")
    yield paragraph(
        f"Tipo de infracción. Es de {words['tipo']}: {conclusion.conducta[:1].lower()}{conclusion.conducta[1:]}.",
        "LGIPE 458.5",
    )
    yield paragraph(f"Modo, tiempo y lugar. {_circumstances(row)}", "LGIPE 458.5.b")
    yield paragraph(words.get("comision", acts()["individualizacion"]["general"]["comision"]))
    yield paragraph(f"Normas transgredidas. {cited_today(conclusion.articulo, drawn.bases.get(conclusion.pk, ()))}.")
    yield paragraph(f"Bien jurídico. La falta afecta {words['bien']}.", "LGIPE 458.5.a")
    plural = "singularidad: es un hecho" if row.unidades == 1 else f"pluralidad: son {facts} de una misma conducta"
    yield paragraph(f"Singularidad o pluralidad. Hay {plural}.")
    yield paragraph(f"Reincidencia. {_recidivism(row, drawn)}", "LGIPE 458.6")
    yield paragraph(f"Calificación. La falta es {criterion.gravedad}.", "LGIPE 458.5.a")
    yield paragraph(f"Capacidad económica. {_means_of(drawn)}", "LGIPE 458.5.c")
    yield paragraph(f"Condiciones externas y medios de ejecución. {_means(row)}", "LGIPE 458.5.d")
    yield paragraph(
        f"Beneficio, lucro, daño o perjuicio. El monto involucrado es de {pesos(conclusion.monto_no_atendido)}.",
        "LGIPE 458.5.f",
    )
    yield from _sanction(row)


def _means_of(drawn: Drawn) -> str:
    """The figures of who answers: public money of the year and by month, earlier sanctions, what is already reduced."""
    return " ".join(_means_of_one(who, known) for who, known in drawn.capacidad)


def _means_of_one(who: str, known: Capacity) -> str:
    if known.conceptos is None:
        said = (
            f"{who}: ninguna lista cargada del financiamiento de {known.anio} lo nombra; sus recursos no constan aquí "
            "y no se tienen por acreditados"
        )
    else:
        each = ", ".join(f"{kind.replace('_', ' ')} {pesos(sum_.centavos)}" for kind, sum_ in known.conceptos.items())
        month = pesos(known.mensual.centavos)
        said = f"{who}: financiamiento público de {known.anio}, {each}; {month} al mes de ordinario"
    before = "ninguna sanción anterior en el sistema"
    if known.anteriores:
        numbers = ", ".join(number for number, _ in known.anteriores)
        before = f"sanciones anteriores sin registro de pago, {pesos(known.pendiente.centavos)} ({numbers})"
    now = f"; ya se le reduce el {percent(known.en_curso_pb)} de cada ministración" if known.en_curso_pb else ""
    return f"{said}; {before}{now}."


def _sanction(row: Reckoning) -> Iterator[Block]:
    criterion, found, old = row.criterion, row.calculada, old_uma(row.uma_del)
    if found.forma == "vista":
        yield from of_another(row)
        return
    yield paragraph(
        f"Sanción. Por su clase, {row.terms.clase.nombre.lower()}, se aplica el criterio «{criterion.conducta}», "
        f"{_measure(row)} ({criterion.base}), con la UMA de {pesos(row.terms.uma.centavos)} del "
        f"{legal_day(row.uma_del)}{f', que {old}' if old else ''}.",
        found.articulo,
    )
    for number, step in enumerate(found.trabajo, 1):
        yield fact(f"Cálculo {number}", step)
    yield fact("Se impone", capitalized(_imposed(row)))
    yield from jointly(row)
    yield from told_of(row)


def _imposed(row: Reckoning) -> str:
    """Return the imposed sanction in words.

    Raises ValueError for a sanction to be paid whose amount is zero.
    """
    forma, amount = row.calculada.forma, row.calculada.sancion.centavos
    if not amount and forma not in ("amonestacion", "vista"):
        raise ValueError(f"Una sanción de {imposed_text(forma, pesos(amount))} no se impone. Revise su cálculo.")
    if forma != "reduccion":
        return imposed_text(forma, pesos(amount))
    if row.reduccion is None:
        return f"{imposed_text(forma, pesos(amount))}; el periodo se fija al conocerse la ministración"
    share, months = percent(row.reduccion.porcentaje_pb), count(row.reduccion.meses, "mes", "meses")
    return f"reducción del {share} de cada ministración mensual, durante {months}, hasta {pesos(amount)}"


def _means(row: Reckoning) -> str:
    books = {fact.contabilidad_id for fact in row.conclusion.observacion.hallazgos.all()}
    return f"La conducta se advierte en los registros de {count(len(books), 'contabilidad', 'contabilidades')}."


def _circumstances(row: Reckoning) -> str:
    facts = list(row.conclusion.observacion.hallazgos.all())
    etapa = row.conclusion.dictamen.etapa
    days = sorted(fact.dia for fact in facts if fact.dia)
    books = sorted({fact.contabilidad_id for fact in facts})
    how = f"Modo: {count(len(facts), 'hallazgo', 'hallazgos')} de la regla {row.conclusion.observacion.regla}"
    when = _span(days[0], days[-1]) if days else _span(etapa.inicia_el, etapa.termina_el)
    named = ", ".join(map(str, books[:6])) + (f" y {len(books) - 6} más" if len(books) > 6 else "")
    where = f"contabilidad{'es' if len(books) > 1 else ''} {named}" if books else etapa.proceso.nombre
    return f"{how}. Tiempo: {when}. Lugar: {where}, {etapa.proceso.nombre}."


def _span(first: date, last: date) -> str:
    return f"el {legal_day(first)}" if first == last else f"del {legal_day(first)} al {legal_day(last)}"


def _recidivism(row: Reckoning, drawn: Drawn) -> str:
    dictamen = row.conclusion.dictamen
    if row.calculada.forma == "vista":
        return "No se examina la del sujeto, porque la infracción no es suya."
    if row.anteriores:
        numbers = ", ".join(row.anteriores)
        return f"Por la misma conducta se sancionó antes, en resolución firme ({numbers}); es reincidente."
    before = relapses(dictamen.sujeto, row.criterion.clave, dictamen.etapa, drawn.elaborada_el)
    known = "; ".join(f"{who} en {', '.join(numbers)}" for who, numbers in before.items() if numbers)
    if known:
        return (
            f"Por la misma conducta se sancionó antes a {known}. No consta que todo ello esté firme y recaiga en "
            "quienes hoy responden; no se agrava por reincidencia."
        )
    return "El sistema no registra resolución anterior por la misma conducta; no es reincidente."


def _members(drawn: Drawn) -> Iterator[Section]:
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
            f"centavos y pesos que se truncan no se cargan a nadie.{paid_alone(drawn.sanciones, drawn.partes)}"
        ),
        table(
            [("Siglas", "clave"), ("Integrante", "texto"), ("Participación", "monto"), ("Le corresponde", "monto")],
            rows,
            ["", "Suma", "", pesos(total)],
        ),
    )


def _resolves(drawn: Drawn) -> Section:
    points = [
        (_first_point(drawn), drawn.articulo),
        *_each_member(drawn),
        *_fines(drawn),
        *_told(drawn),
        _appeal(drawn),
        *((row["texto"], row["articulo"]) for row in acts()["resolutivos"]["siempre"]),
    ]
    blocks: list[Block] = [
        paragraph(text, article, numeral=ORDINALS[place]) for place, (text, article) in enumerate(points)
    ]
    if drawn.sanciones:
        blocks.insert(1, _imposed_each(drawn))
    return section("Puntos resolutivos", *blocks)


def _each_member(drawn: Drawn) -> Iterator[tuple[str, str]]:
    """Yield the parts of the members of a coalition; the parts add up to the imposed amount."""
    if drawn.partes and drawn.total:
        parts = "; ".join(f"{sujeto.siglas} {pesos(amount.centavos)}" for sujeto, _, amount in drawn.partes)
        total = pesos(sum(amount.centavos for _, _, amount in drawn.partes))
        text = acts()["resolutivos"]["integrantes"]["texto"]
        yield text.format(**forms_of(drawn.dictamen.sujeto.nombre), partes=parts, total=total), ""


def _fines(drawn: Drawn) -> Iterator[tuple[str, str]]:
    """Yield the terms of payment of the fines, by kind of payer; nothing without fines."""
    if drawn.multas:
        said, kind = acts()["resolutivos"]["multas"], acts()["fundamentos"][drawn.persona]["multas"]
        text = said["integrantes" if drawn.partes and kind == drawn.persona else kind]
        yield text.format(suma=pesos(drawn.multas), **forms_of(drawn.dictamen.sujeto.nombre)), said["articulo"]


def _appeal(drawn: Drawn) -> tuple[str, str]:
    """Return the means and term of appeal, counted by whether the stage is linked to an electoral process."""
    term = appeal_term(drawn.sesion, settings.JURISDICTION, linked=is_linked(drawn.dictamen.etapa))
    days = f"{in_words(term.dias)} días{' hábiles' if term.cuenta == 'habiles' else ''}"
    said = acts()["resolutivos"]["impugnacion"]
    return said["texto"].format(dias=days), f"{term.articulo}; {said['articulo']}"


def _imposed_each(drawn: Drawn) -> Block:
    """Render the table of sanctions under PRIMERO: a line per conclusion with the considerando that reasons it."""
    sums = [row.calculada.sancion.centavos for row in drawn.sanciones]
    rows = [
        [
            f"{_letter(place)})",
            row.conclusion.clave,
            roman(_before() + place),
            _imposed(row),
            pesos(sum_) if sum_ else "",
        ]
        for place, (row, sum_) in enumerate(zip(drawn.sanciones, sums, strict=True), 1)
    ]
    return table(
        [
            ("Inciso", "clave"),
            ("Conclusión", "clave"),
            ("Considerando", "clave"),
            ("Se impone", "texto"),
            ("Monto", "monto"),
        ],
        rows,
        ["", "Suma", "", "", pesos(drawn.total)],
    )


def _letter(place: int) -> str:
    """Return the letter of a place in a list: a to z, then aa, ab."""
    return letters_of(place).lower()


def _first_point(drawn: Drawn) -> str:
    whom = named(drawn.dictamen.sujeto.nombre, "a")
    if not drawn.sanciones:
        return f"No ha lugar a imponer sanción {whom}."
    if all(row.calculada.forma == "vista" for row in drawn.sanciones):
        return f"No ha lugar a imponer sanción {whom}; por las conclusiones que se citan se da vista a quien decide:"
    return f"Por lo razonado en los considerandos que se citan, se imponen {whom} las sanciones siguientes:"


def _told(drawn: Drawn) -> Iterator[tuple[str, str]]:
    """Yield the notice to the authorities that decide other consequences, each once with its article.

    Nothing where there is no other consequence.
    """
    told = {
        f"al {each['decide']}, por {each['consecuencia']} ({each['articulo']})": each["articulo"]
        for row in drawn.sanciones
        for each in row.vistas
    }
    if told:
        yield f"Dese vista {'; '.join(told)}.", "; ".join(dict.fromkeys(told.values()))


def _vote(resolucion: Resolucion, tally: Tally) -> Section:
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

"""Draw the project of a resolución, put it to the vote, take the votes and count them, each all or nothing."""

from collections.abc import Collection
from datetime import date

from sif.notices.services import deliver
from sif.proceedings import gate, selectors
from sif.proceedings.capacity import capacities_of
from sif.proceedings.drawn import keep_document
from sif.proceedings.grounds import check_grounds, grounds_of, kept_grounds
from sif.proceedings.machine import Step, require, step_of
from sif.proceedings.models import (
    BaseDeSancion,
    Dictamen,
    ParteSancion,
    Resolucion,
    ResolucionSometida,
    ResolucionVotada,
    Sancion,
    Voto,
)
from sif.proceedings.numbering import hold_numbers, next_number
from sif.proceedings.resolucion_sheet import Drawn, resolucion_data
from sif.proceedings.sanctioning import member_totals, reckon, restore, shares_in, shares_of, split
from sif.proceedings.terms import appeal_deadline
from sif.proceedings.wording import legal_day
from sif.registry import clock, trail
from sif.registry.eyes import not_another
from sif.registry.locks import hold, lock_etapa, lock_sujeto
from sif.registry.models import Usuario
from sif.registry.scope import acting
from sif.statutes.confirming import BASES
from sif.values import Money, Problem, Refused


def draft_resolucion(dictamen: Dictamen, sesion_el: date, by: Usuario, firmes: Collection[str] = ()) -> Resolucion:
    """Draw the project of resolución of a closed dictamen: its sanctions, with their arithmetic, and its document.

    It replaces the one that the council rejected, if there is one, and takes a number of its own.
    firmes: earlier resoluciones for the same conduct that the person knows to be firm; by them a subject relapses.
    Raises Refused when the dictamen is open, a thread is loose, a criterion is missing or the session has passed.
    """
    with acting():
        lock_sujeto(dictamen.sujeto_id)
        hold_numbers("resolucion")
        dictamen, before = check_draft(dictamen, sesion_el, by)
        numero = next_number("resolucion", Resolucion.objects.values_list("numero", flat=True))
        drawn = _draw(dictamen, numero, sesion_el, firmes, before)
        resolucion = Resolucion.objects.create(
            dictamen=dictamen,
            sustituye=before,
            numero=numero,
            sesion_el=sesion_el,
            elaborada_el=clock.now(),
            elaborada_por=by,
            proyecto=keep_document(f"{numero}/proyecto", resolucion_data(drawn)),
        )
        shares = shares_of(dictamen.sujeto, dictamen.etapa.termina_el)
        for reckoning in drawn.sanciones:
            sancion = Sancion.objects.create(resolucion=resolucion, **reckoning.row_fields())
            owed = shares_in(reckoning.conclusion, shares)
            for member, amount in split(Money(sancion.monto), owed).items():
                ParteSancion.objects.create(
                    sancion=sancion, sujeto_id=member, participacion_pb=owed[member], monto=amount.centavos
                )
            BaseDeSancion.objects.bulk_create(
                BaseDeSancion(
                    sancion=sancion,
                    clave=each.clave,
                    huella=each.huella,
                    articulo=each.articulo,
                    dice=each.dice,
                    estatus=each.estatus,
                )
                for each in drawn.bases[reckoning.conclusion.pk]
            )
        return resolucion


def check_draft(dictamen: Dictamen, sesion_el: date, by: Usuario) -> tuple[Dictamen, Resolucion | None]:
    """Return the dictamen whose resolución the person may draw for a session, and the rejected one that it replaces.

    Raises Refused as `draft_resolucion`.

    The quorum is of the councillors of that day, so one that has passed would choose them.
    """
    where = f"dictamen {dictamen.numero}"
    require(by, "resolver", where, "elaborar proyectos de resolución")
    if sesion_el < clock.today():
        raise Refused(
            Problem(
                "SESION_PASADA",
                where,
                f"El {legal_day(sesion_el)} ya pasó.",
                "Escriba el día en que el Consejo lo discutirá: hoy u otro por venir.",
            )
        )
    dictamen = Dictamen.objects.select_related("etapa__proceso", "sujeto").get(pk=dictamen.pk)
    step_of("dictamen", selectors.dictamen_state(dictamen), "proyectar", where)
    before = dictamen.resolucion
    step_of("resolucion", before.estado if before else "sin_proyecto", "proyectar", where)
    if problems := [*gate.check_dictamen(dictamen), *gate.check_apart(dictamen, by, clock.today())]:
        raise Refused(*problems)
    return dictamen, before


def _draw(
    dictamen: Dictamen, numero: str, sesion_el: date, firmes: Collection[str], before: Resolucion | None
) -> Drawn:
    """Return the sanctions of a dictamen with what each rests on in the law of today."""
    sanctions = reckon(dictamen, selectors.conclusiones_of(dictamen), sesion_el, firmes)
    bases = {row.conclusion.pk: grounds_of(row) for row in sanctions}
    moment = clock.now()
    means = capacities_of(dictamen.sujeto, dictamen.etapa, sesion_el, moment)
    members = member_totals(dictamen, sanctions)
    return Drawn(dictamen, numero, sesion_el, moment, sanctions, members, bases, means, before)


def _redraw(resolucion: Resolucion) -> Drawn:
    """Return the project as it was written, for the document of its vote: what was voted is what is notified."""
    sanctions = [restore(row) for row in selectors.sanciones_of(resolucion)]
    dictamen, bases = resolucion.dictamen, kept_grounds(resolucion)
    drawn = (resolucion.numero, resolucion.sesion_el, resolucion.elaborada_el)
    means = capacities_of(dictamen.sujeto, dictamen.etapa, resolucion.sesion_el, resolucion.elaborada_el)
    return Drawn(dictamen, *drawn, sanctions, member_totals(dictamen, sanctions), bases, means, resolucion.sustituye)


def put_to_vote(resolucion: Resolucion, by: Usuario) -> Resolucion:
    """Put a project to the council's discussion, which the Secretaría Ejecutiva does.

    Raises Refused, also while a basis of a sanction waits for who confirms it.
    """
    where = f"resolución {resolucion.numero}"
    with acting():
        row = _lock_resolucion(resolucion)
        require(by, "someter", where, "someter a votación")
        step_of("resolucion", row.estado, "someter", where)
        _require_grounds(row)
        ResolucionSometida.objects.create(resolucion=row, sometida_el=clock.now(), sometida_por=by)
        trail.act("someter", by, row)
    resolucion.refresh_from_db()
    return resolucion


def vote(resolucion: Resolucion, consejero: Usuario, sentido: str, voto_particular: str = "") -> Voto:
    """Cast the vote of a councillor, once, from the day of the session on. Raises Refused."""
    where = f"resolución {resolucion.numero}"
    if sentido not in Voto.Sentido.values:
        raise Refused(
            Problem(
                "VOTO_SENTIDO",
                where,
                f"«{sentido}» no es un sentido de voto.",
                f"Es {' o '.join(Voto.Sentido.values)}.",
            )
        )
    with acting():
        row = _lock_resolucion(resolucion)
        require(consejero, "votar", where, "votar")
        step_of("resolucion", row.estado, "votar", where)
        if clock.today() < row.sesion_el:
            raise Refused(
                Problem("VOTO_ANTES_DE_SESION", where, f"La sesión es el {legal_day(row.sesion_el)}.", "Vote ese día.")
            )
        _require_grounds(row)
        if Voto.objects.filter(resolucion=row, consejero=consejero).exists():
            raise Refused(
                Problem(
                    "VOTO_REPETIDO", where, f"{consejero.nombre} ya votó.", "El voto se emite una vez y no se cambia."
                )
            )
        made = Voto.objects.create(
            resolucion=row,
            consejero=consejero,
            sentido=sentido,
            voto_particular=voto_particular.strip(),
            emitido_el=clock.now(),
        )
        trail.act("votar", consejero, made)
        return made


def close_vote(resolucion: Resolucion, by: Usuario) -> Resolucion:
    """Count the votes, settle the document with them and, if approved, notify it; nothing changes after.

    It is notified to the subject and to each member of a coalition that pays a part. The Secretaría Ejecutiva does it.
    Raises Refused when it is not under discussion or the quorum is missing.
    """
    with acting():
        lock_etapa(resolucion.dictamen.etapa_id)  # what is approved and what is published are one after the other
        row = _lock_resolucion(resolucion)
        count, step = check_count(row, by)
        drawn = _redraw(row)
        documento = keep_document(row.numero, resolucion_data(drawn, (row, count)))
        ResolucionVotada.objects.create(
            resolucion=row, estado=step.a, documento=documento, votada_el=clock.now(), contada_por=by
        )
        if count.aprueba:
            due = appeal_deadline(row.dictamen.etapa, clock.today())
            said = f"Resolución {row.numero}"
            for sujeto in (row.dictamen.sujeto, *selectors.paying_members(row)):
                deliver(sujeto, said, row.numero, documento.pdf_sha256, vence_el=due, by=by)
        trail.act("contar_votos", by, row)
    resolucion.refresh_from_db()
    return resolucion


def check_count(row: Resolucion, by: Usuario) -> tuple[selectors.Tally, Step]:
    """Return the count that the person may make and where it leads. Raises Refused as `close_vote`."""
    where = f"resolución {row.numero}"
    require(by, "someter", where, "contar la votación")
    if seen := not_another(row.elaborada_por, by, "elaboró el proyecto"):
        raise Refused(Problem("RESOLUCION_DE_DOS_PERSONAS", where, seen, "La votación la cuenta otra persona."))
    _require_grounds(row)
    count = selectors.tally(row)
    step = step_of("resolucion", row.estado, "aprobar" if count.aprueba else "rechazar", where)
    if not count.alcanza:
        raise Refused(
            Problem(
                "SIN_QUORUM",
                where,
                f"Votaron {count.presentes} de {count.integrantes}.",
                f"Hacen falta {count.quorum} (LGIPE 41.1).",
            )
        )
    return count, step


def _require_grounds(row: Resolucion) -> None:
    """Refuse to vote what rests on law that nobody read nor confirmed. Raises Refused.

    What it rests on stays as it is read here until the act enters.
    """
    hold(BASES, shared=True)
    if problems := check_grounds(row):
        raise Refused(*problems)


def _lock_resolucion(resolucion: Resolucion) -> Resolucion:
    rows = Resolucion.objects.select_for_update(no_key=True, of=("self",)).select_related("dictamen__etapa__proceso")
    return rows.get(pk=resolucion.pk)

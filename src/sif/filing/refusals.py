"""Word the reasons why a report is not prepared or presented."""

from sif.filing.models import Compromiso, Informe
from sif.registry.models import Contabilidad, Periodo, SujetoObligado, Usuario
from sif.values import Problem


def place_of(contabilidad: Contabilidad, periodo: Periodo) -> str:
    """Return the name of a report that has no folio yet."""
    return f"contabilidad {contabilidad.pk}, periodo {periodo.numero}"


def no_permission(by: Usuario, place: str, verb: str) -> Problem:
    """Only certain roles of the subject act on its reports."""
    return Problem(
        "sin_permiso",
        place,
        f"{by.nombre} no tiene nombramiento para {verb} el informe de esta contabilidad.",
        "Pida el acto al Responsable de Finanzas del sujeto.",
    )


def no_signer(sujeto: SujetoObligado, place: str) -> Problem:
    """Nobody is registered to sign, or without an RFC to compare."""
    return Problem(
        "sin_responsable",
        place,
        f"{sujeto.nombre} no tiene registrado un Responsable de Finanzas con RFC.",
        "Registre su nombramiento y su RFC; después firme con su e.firma.",
    )


def other_stage(contabilidad: Contabilidad, periodo: Periodo) -> Problem:
    """The period is not of the stage of the books."""
    return Problem(
        "periodo_ajeno",
        place_of(contabilidad, periodo),
        "El periodo no es de la etapa de esta contabilidad.",
        "Elija un periodo de su misma etapa.",
    )


def not_owed(contabilidad: Contabilidad, periodo: Periodo, tipo: str) -> Problem:
    """Return the law asks no such report of these books."""
    which = f"el informe {tipo}" if tipo else "un informe"
    return Problem(
        "no_lo_debe",
        place_of(contabilidad, periodo),
        f"La ley no pide {which} de este periodo a esta contabilidad "
        f"({contabilidad.get_clase_display().lower()}, {contabilidad.sujeto.get_tipo_display().lower()}).",
        "Elija uno de los informes que la página de la contabilidad dice que debe.",
    )


def not_ended(place: str, periodo: Periodo) -> Problem:
    """A period is reported when it is over."""
    return Problem(
        "periodo_en_curso",
        place,
        f"El periodo {periodo.numero} termina el {periodo.hasta:%d/%m/%Y}.",
        "Presente el informe desde el día siguiente, dentro del plazo de su periodo.",
    )


def already_presented(place: str, informe: Informe) -> Problem:
    """A stage has one presentation."""
    return Problem(
        "ya_presentado",
        place,
        f"El informe {informe.folio} ya se presentó en esta etapa y no cambia.",
        "Podrá corregirlo mientras esté abierto el periodo de corrección que da el oficio.",
    )


def waits_for_its_acuse(place: str, one: Compromiso) -> Problem:
    """A version that arrived signed is presented or refused before another is prepared."""
    return Problem(
        "espera_acuse",
        place,
        f"La firma de {one.informe.folio} ya se recibió y espera su acuse.",
        "Espere unos minutos: si no se presenta, aquí dirá por qué y podrá preparar otra versión.",
    )


def waits_for_another(place: str, one: Compromiso) -> Problem:
    """A version that one of its two signers signed waits for the other, and is not replaced meanwhile."""
    return Problem(
        "espera_otra_firma",
        place,
        f"{one.informe.folio} tiene una firma y espera la otra.",
        "Espere a quien falta; o retírelo de firma, y podrá preparar otra versión.",
    )


def same_signer(informe: Informe, by: Usuario) -> Problem:
    """The law asks for the signatures of two people."""
    return Problem(
        "misma_persona",
        informe.folio,
        f"Este informe lleva las firmas de dos personas, y {by.nombre} ({by.rfc}) firma ya como la primera.",
        "Que firme con su e.firma el auditor externo que el partido designó.",
    )


def withdrawn(informe: Informe, by: Usuario) -> Problem:
    """A signature that waited for another was taken back before it came."""
    return Problem(
        "firma_retirada",
        informe.folio,
        f"{by.nombre} retiró el informe de firma antes de que llegara la otra.",
        "Genere otra versión si cambió algo, y fírmela; con la misma versión basta pedir la cadena otra vez.",
    )


def in_term(informe: Informe) -> Problem:
    """A signature with which a report was in term is not taken back when the term has ended."""
    return Problem(
        "en_termino",
        informe.folio,
        f"La firma con que {informe.folio} llegó en plazo ya no se retira: el plazo terminó.",
        "Preséntelo sin la otra firma, o espere a que llegue; lo que deba cambiar se corrige cuando lo pida el oficio.",
    )


def nothing_to_withdraw(informe: Informe) -> Problem:
    """Only a report with one of its two signatures is taken back."""
    return Problem(
        "nada_que_retirar",
        informe.folio,
        f"{informe.folio} no está en espera de otra firma.",
        "Vea en su página si ya se presentó.",
    )


def nothing_to_present(informe: Informe) -> Problem:
    """Only a report that who presents it signed is presented without the other signature."""
    return Problem(
        "nada_que_presentar",
        informe.folio,
        f"{informe.folio} no tiene en vigor la firma de quien lo presenta.",
        "Fírmelo con la e.firma del Responsable de Finanzas; después podrá presentarlo sin la otra.",
    )


def superseded(informe: Informe) -> Problem:
    """The version signed is not the one to present: the books moved, or the stage did."""
    return Problem(
        "informe_superado",
        informe.folio,
        "Después de preparar el informe cambiaron las pólizas de su periodo, o la etapa en que se presenta.",
        "Prepárelo de nuevo, revise sus cifras y fírmelo.",
    )


def nil_not_said(place: str) -> Problem:
    """A report in zeros is said, never deduced."""
    return Problem(
        "sin_movimientos_no_declarado",
        place,
        "En el periodo no se registró movimiento alguno.",
        "Si así fue, marque «Declaro que el periodo no tuvo movimientos». Si faltan pólizas, regístrelas antes.",
    )


def not_nil(place: str) -> Problem:
    """The books have movements."""
    return Problem(
        "hay_movimientos",
        place,
        "Se declaró sin movimientos, y el periodo tiene pólizas registradas.",
        "Prepare el informe con movimientos; si las pólizas sobran, reviértalas antes.",
    )

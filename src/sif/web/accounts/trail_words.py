"""Tell the trail of access: words for its kinds, its acts, what they were done on and how a person entered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from re import sub
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sif.registry.models import Suceso
from sif.web.rails import DESKS, pages

KINDS: dict[str, Promise] = {
    "entrada": gettext_lazy("Entrada"),
    "rechazo": gettext_lazy("Rechazo"),
    "credencial": gettext_lazy("Credencial"),
    "cuenta": gettext_lazy("Cuenta y función"),
    "acto": gettext_lazy("Acto"),
    "exportacion": gettext_lazy("Descarga"),
}
ACTS: dict[str, Promise] = {
    "aceptada": gettext_lazy("Entró"),
    "salida": gettext_lazy("Salió"),
    "rechazada": gettext_lazy("No pudo entrar"),
    "rechazada_factor": gettext_lazy("No pudo entrar: el segundo factor no fue el de la cuenta"),
    "rechazada_limite": gettext_lazy("No pudo entrar: demasiados intentos"),
    "cambiar": gettext_lazy("Cambió su contraseña o su segundo factor"),
    "cerrar_sesion": gettext_lazy("Cerró una de sus sesiones"),
    "borrar_factor_ilegible": gettext_lazy("Borró un segundo factor que ya no se podía leer"),
    "hacer_clave": gettext_lazy("Hizo una clave para otro programa"),
    "revocar_clave": gettext_lazy("Revocó una clave de otro programa"),
    "nombrar": gettext_lazy("Nombró a alguien"),
    "terminar_nombramiento": gettext_lazy("Terminó un nombramiento"),
    "delegar": gettext_lazy("Delegó una función"),
    "prolongar_nombramiento": gettext_lazy("Prolongó un nombramiento"),
    "guardar_documento": gettext_lazy("Guardó el documento de un nombramiento"),
    "relevar_responsable": gettext_lazy("Relevó al Responsable de Finanzas de un sujeto"),
    "invitar": gettext_lazy("Invitó a alguien"),
    "pedir_enlace": gettext_lazy("Pidió por correo un enlace para su contraseña"),
    "aceptar_invitacion": gettext_lazy("Aceptó su invitación"),
    "retirar_invitacion": gettext_lazy("Retiró una invitación"),
    "deshabilitar": gettext_lazy("Deshabilitó una cuenta"),
    "proponer_cuenta": gettext_lazy("Propuso algo para una cuenta de la autoridad"),
    "aprobar_cuenta": gettext_lazy("Aprobó lo propuesto para una cuenta"),
    "rechazar_cuenta": gettext_lazy("Rechazó lo propuesto para una cuenta"),
    "retirar_cuenta": gettext_lazy("Retiró lo que propuso para una cuenta"),
    "quitar_factor": gettext_lazy("Quitó el segundo factor de una cuenta"),
    "anotar_rfc": gettext_lazy("Anotó el RFC de una cuenta"),
    "probar_rfc": gettext_lazy("Probó con su e.firma el RFC de su cuenta"),
    "llevarse_rfc": gettext_lazy("Se llevó el RFC de otra cuenta, que probó suyo"),
    "cambiar_correo": gettext_lazy("Cambió la dirección de su correo"),
    "reintentar_correo": gettext_lazy("Puso otra vez en turno un correo"),
    "publicar_raices": gettext_lazy("Publicó las raíces del registro"),
    "preguntar_sat": gettext_lazy("Preguntó al SAT el estatus de comprobantes"),
    "cargar_estatus": gettext_lazy("Cargó un archivo de estatus del SAT"),
    "proponer_proceso": gettext_lazy("Propuso el calendario de un proceso"),
    "abrir_proceso": gettext_lazy("Abrió un proceso"),
    "rechazar_proceso": gettext_lazy("Rechazó el calendario propuesto de un proceso"),
    "retirar_proceso": gettext_lazy("Retiró el calendario de un proceso que propuso"),
    "otorgar_financiamiento": gettext_lazy("Registró el financiamiento público de un sujeto"),
    "registrar_emblema": gettext_lazy("Registró el emblema de un sujeto"),
    "registrar_sujeto": gettext_lazy("Registró un sujeto obligado"),
    "registrar_integrantes": gettext_lazy("Registró el convenio de una coalición"),
    "modificar_convenio": gettext_lazy("Registró una modificación del convenio de una coalición"),
    "cargar_candidaturas": gettext_lazy("Cargó candidaturas de un archivo"),
    "cargar_candidaturas_en_parte": gettext_lazy("Cargó candidaturas de un archivo y dejó fuera las de algún nombre"),
    "aprobar_candidatura": gettext_lazy("Aprobó una candidatura"),
    "abrir_contabilidad": gettext_lazy("Abrió una contabilidad sin candidatura"),
    "terminar_candidatura": gettext_lazy("Terminó una candidatura"),
    "sustituir_candidatura": gettext_lazy("Sustituyó una candidatura"),
    "cambiar_coalicion": gettext_lazy("Cambió de coalición una candidatura"),
    "restituir_candidatura": gettext_lazy("Restituyó una candidatura"),
    "proponer_correccion": gettext_lazy("Propuso corregir lo registrado"),
    "aprobar_correccion": gettext_lazy("Aprobó una corrección de lo registrado"),
    "rechazar_correccion": gettext_lazy("Rechazó una corrección de lo registrado"),
    "retirar_correccion": gettext_lazy("Retiró una corrección que propuso"),
    "proponer_fechas": gettext_lazy("Propuso mover fechas de una etapa por un acuerdo"),
    "mover_fechas": gettext_lazy("Movió fechas de una etapa por un acuerdo"),
    "rechazar_fechas": gettext_lazy("Rechazó mover fechas de una etapa"),
    "retirar_fechas": gettext_lazy("Retiró las fechas que propuso mover"),
    "proponer_cierre": gettext_lazy("Propuso cerrar una etapa"),
    "proponer_reapertura": gettext_lazy("Propuso reabrir una etapa cerrada"),
    "cerrar_etapa": gettext_lazy("Cerró una etapa"),
    "reabrir_etapa": gettext_lazy("Reabrió una etapa cerrada"),
    "rechazar_cierre": gettext_lazy("Rechazó cerrar o reabrir una etapa"),
    "retirar_cierre": gettext_lazy("Retiró el cierre o la reapertura que propuso"),
    "fijar_topes": gettext_lazy("Fijó topes de gastos"),
    "cargar_historico": gettext_lazy("Cargó un proceso histórico de un archivo"),
    "retirar_historico": gettext_lazy("Retiró un proceso histórico"),
    "presentar": gettext_lazy("Presentó un informe"),
    "presentar_sin_otra_firma": gettext_lazy("Presentó un informe sin la otra firma"),
    "depositar": gettext_lazy("Depositó el documento de una obligación"),
    "retirar_firma": gettext_lazy("Retiró un informe de firma"),
    "notificar": gettext_lazy("Notificó un oficio"),
    "responder": gettext_lazy("Respondió una observación"),
    "dejar_observacion_sin_efecto": gettext_lazy("Dejó sin efecto una observación notificada"),
    "cerrar_dictamen": gettext_lazy("Cerró un dictamen"),
    "cargar_ley": gettext_lazy("Cargó el texto de una ley"),
    "proponer_base": gettext_lazy("Propuso confirmar una base de ley"),
    "confirmar_base": gettext_lazy("Confirmó una base de ley"),
    "rechazar_base": gettext_lazy("Rechazó confirmar una base de ley"),
    "retirar_base": gettext_lazy("Retiró una base de ley que propuso confirmar"),
    "dejar_base_sin_efecto": gettext_lazy("Dejó sin efecto la confirmación de una base de ley"),
    "someter": gettext_lazy("Sometió una resolución a votación"),
    "votar": gettext_lazy("Votó"),
    "contar_votos": gettext_lazy("Contó los votos"),
    "mirar": gettext_lazy("Vio papeles o datos completos de un hallazgo"),
    "publicar": gettext_lazy("Publicó una etapa"),
    "proponer_retiro": gettext_lazy("Propuso retirar una publicación"),
    "retirar_publicacion": gettext_lazy("Retiró una publicación"),
}
ROUTES: dict[str, Promise] = {
    "rechazo": gettext_lazy("Se le negó una página"),
    "exportacion": gettext_lazy("Descargó un archivo"),
}
"""The kinds whose verb is the name of an address."""

FACTORS: dict[str, Promise] = {
    "totp": gettext_lazy("Códigos de un teléfono"),
    "webauthn": gettext_lazy("Llave de acceso"),
    "recovery_codes": gettext_lazy("Códigos de respaldo"),
}
THINGS: dict[str, Promise] = {
    "ClaveApi": gettext_lazy("Clave de programa"),
    "Corte": gettext_lazy("Corte del registro"),
    "Trabajo": gettext_lazy("Trabajo"),
    "CargaHistorica": gettext_lazy("Proceso histórico"),
    "Dictamen": gettext_lazy("Dictamen"),
    "BasePropuesta": gettext_lazy("Base de ley propuesta"),
    "BaseResuelta": gettext_lazy("Base de ley"),
    "BaseSinEfecto": gettext_lazy("Base de ley sin efecto"),
    "TextoDeLey": gettext_lazy("Texto de una ley"),
    "Invitacion": gettext_lazy("Invitación"),
    "Mensaje": gettext_lazy("Mensaje de correo"),
    "MiradaAuditoria": gettext_lazy("Mirada de la autoridad"),
    "Nombramiento": gettext_lazy("Nombramiento"),
    "Oficio": gettext_lazy("Oficio"),
    "Deposito": gettext_lazy("Depósito de una obligación"),
    "Presentacion": gettext_lazy("Presentación de informe"),
    "Contabilidad": gettext_lazy("Contabilidad"),
    "EmblemaSujeto": gettext_lazy("Emblema de un sujeto"),
    "ConvenioCoalicion": gettext_lazy("Convenio de coalición"),
    "FinCandidatura": gettext_lazy("Fin de candidatura"),
    "SustitucionCandidatura": gettext_lazy("Sustitución de candidatura"),
    "RestitucionCandidatura": gettext_lazy("Restitución de candidatura"),
    "Etapa": gettext_lazy("Etapa"),
    "CalendarioPropuesto": gettext_lazy("Calendario propuesto"),
    "CalendarioCerrado": gettext_lazy("Cierre de un calendario propuesto"),
    "ProcesoAbierto": gettext_lazy("Proceso"),
    "SujetoObligado": gettext_lazy("Sujeto obligado"),
    "PropuestaCuenta": gettext_lazy("Propuesta sobre una cuenta"),
    "Publicacion": gettext_lazy("Publicación"),
    "PublicacionRetirada": gettext_lazy("Retiro de publicación"),
    "RetiroPropuesto": gettext_lazy("Propuesta de retiro"),
    "RelevoResponsable": gettext_lazy("Relevo de Responsable de Finanzas"),
    "Resolucion": gettext_lazy("Resolución"),
    "Respuesta": gettext_lazy("Respuesta"),
    "UserSession": gettext_lazy("Sesión abierta"),
    "Usuario": gettext_lazy("Cuenta de una persona"),
    "Voto": gettext_lazy("Voto"),
}
WAYS: dict[str, Promise] = {
    "password": gettext_lazy("Con contraseña"),
    "mfa": gettext_lazy("Con llave de acceso"),
    "socialaccount": gettext_lazy("Con la cuenta de su institución"),
    "password_reset": gettext_lazy("Con enlace de restablecimiento"),
    "code": gettext_lazy("Con código"),
    "maquina": gettext_lazy("Desde la máquina"),
    "otra": gettext_lazy("De otra manera"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """An event in words: what was done, on what, and the address or number that tells it apart."""

    hecho: str
    sobre: str = ""
    clave: str = ""


def told(row: Suceso) -> Told:
    """Tell an event; one whose act this version does not know keeps its kind and its number."""
    if row.clase in ROUTES:
        return Told(str(ROUTES[row.clase]), page_words(row.verbo), addresses().get(row.verbo, ""))
    act = ACTS.get(row.verbo, KINDS.get(row.clase, ""))
    thing = (THINGS | FACTORS).get(row.tipo, _("Registro")) if row.tipo else ""
    return Told(str(act), str(thing), str(row.objeto or ""))


def way_words(row: Suceso) -> str:
    """Tell how a person entered; empty for what is no entry."""
    way = str(WAYS.get(row.via, WAYS["otra"])) if row.via else ""
    if row.factor is None or row.via == "mfa":
        return way
    factor = _("con segundo factor") if row.factor else _("sin segundo factor")
    return f"{way}, {factor}" if way else factor


def page_words(name: str) -> str:
    """Name the page of an address: as the rail does, else by its desk."""
    for desk in DESKS.values():
        for page in pages(desk):
            if page.direccion == name:
                return str(page.titulo)
    desk_name = name.partition(":")[0]
    if desk_name in DESKS:
        return str(DESKS[desk_name].nombre)
    return _("Otros programas") if desk_name == "api" else _("Su cuenta y el sistema")


@cache
def addresses() -> Mapping[str, str]:
    """Return each name of an address with its path, its variable parts as «…»."""
    return dict(_addresses(get_resolver(), "", ""))


def _addresses(resolver: Any, path: str, space: str) -> Iterator[tuple[str, str]]:
    for each in resolver.url_patterns:
        here = path + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _addresses(each, here, f"{space}{each.namespace}:" if each.namespace else space)
        elif isinstance(each, URLPattern) and each.name:
            yield f"{space}{each.name}", "/" + sub(r"<[^>]+>", "…", here)

"""Name headings and amounts for a reader who is no accountant, and say how a document stands."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sif.disclosure.codes import CodedDocument
from sif.values import Money
from sif.web.formats import MINUS, currency_amount, percent, whole_number

_MILLION = 100_000_000  # centavos
HEADS: dict[str, str | Promise] = {
    "DIFERENCIA POR PRORRATEO": _("Diferencia por prorrateo"),
    "FINANCIEROS": _("Financieros"),
    "OPERATIVOS DE LA CAMPAÑA": _("Operativos de la campaña"),
    "PRODUCCIÓN DE LOS MENSAJES PARA RADIO Y T.V.": _("Producción de mensajes para radio y TV"),
    "PROPAGANDA": _("Propaganda"),
    "PROPAGANDA EN DIARIOS, REVISTAS Y OTROS MEDIOS IMPRESOS": _("Diarios, revistas y otros impresos"),
    "PROPAGANDA EN VÍA PÚBLICA": _("Propaganda en vía pública"),
    "PROPAGANDA EXHIBIDA EN PÁGINAS DE INTERNET": _("Propaganda en internet"),
    "PROPAGANDA EXHIBIDA EN SALAS DE CINE": _("Propaganda en salas de cine"),
    "PROPAGANDA UTILITARIA": _("Propaganda utilitaria"),
    "OTROS": _("Otros"),
    "Aportaciones de Candidato": _("Aportaciones de la persona candidata"),
    "Aportaciones de Candidato Independiente": _("Aportaciones de la persona candidata independiente"),
    "Aportaciones de Simpatizantes": _("Aportaciones de simpatizantes"),
    "Aportaciones de militantes": _("Aportaciones de militantes"),
    "Autofinanciamiento": _("Autofinanciamiento"),
    "Financiamiento Público": _("Financiamiento público"),
    "Ingresos Por Transferencias En Especie": _("Transferencias en especie"),
    "Otros Ingresos": _("Otros ingresos"),
    "Rendimientos financieros, fondos y fideicomisos": _("Rendimientos financieros, fondos y fideicomisos"),
    "Transferencia de Recursos Federales": _("Transferencia de recursos federales"),
}
OFFICIAL_HEADS = tuple(head for head in HEADS if head.isupper() and head not in ("OTROS", "DIFERENCIA POR PRORRATEO"))


def head_words(head: str) -> str:
    """Return an official heading in ordinary letters: «Propaganda en vía pública»."""
    return str(HEADS.get(head, head.capitalize() if head.isupper() else head))


def millions(value: Money) -> str:
    """Return an amount to be grasped at once: $148.2 millones; below a million, exact."""
    if abs(value.centavos) < _MILLION:
        return currency_amount(value)
    tenths = (abs(value.centavos) * 10 + _MILLION // 2) // _MILLION
    sign = MINUS if value.centavos < 0 else ""
    return sign + gettext("$%(number)s millones") % {"number": f"{tenths // 10:,}.{tenths % 10}"}


def cents_of_each_peso(spent: Money, cap: Money) -> int:
    """Whole centavos spent of each peso the cap allows, never rounded up: 95 for 95.99 %."""
    return spent.centavos * 100 // cap.centavos


def vote_words(in_favour: int, against: int) -> str:
    """Return a vote as people say it: «9 a favor, 2 en contra»."""
    if not against:
        return gettext("%(yes)s a favor, ninguno en contra") % {"yes": in_favour}
    return gettext("%(yes)s a favor, %(no)s en contra") % {"yes": in_favour, "no": against}


def figure_words(unit: str, value: int) -> str:
    """Return a figure of the law with its unit: $117.31, 2.5 %, 90 UMA, 3 días."""
    if unit == "centavos":
        return currency_amount(value)
    if unit == "puntos base":
        return percent(value)
    names = {"uma": "UMA", "dias": gettext("días"), "horas": gettext("horas")}
    return f"{whole_number(value)} {names.get(unit, unit)}"


def standing_words(found: CodedDocument) -> str:
    """Return how a document stands, in a sentence."""
    said = {
        ("acuse", "vigente"): gettext("Está vigente: es el acuse de la última versión presentada."),
        ("acuse", "sustituido"): gettext("Es auténtico; lo sustituye el de la versión %(por)s."),
        ("informe", "vigente"): gettext("Está vigente: es la última versión presentada."),
        ("informe", "sustituido"): gettext("Se presentó; lo sustituye la versión %(por)s."),
        ("informe", "borrador"): gettext("No se ha presentado: es un proyecto."),
        ("cedula", "vigente"): gettext("Es auténtica: el acto se notificó a la hora que dice."),
        ("deposito", "vigente"): gettext("Es auténtico: el documento se depositó a la hora que dice."),
        ("deposito", "sustituido"): gettext("Es auténtico; lo sustituye el depósito %(por)s, de la misma obligación."),
        ("aviso", "vigente"): gettext("Es auténtico: el aviso se presentó a la hora que dice."),
        ("aviso", "sustituido"): gettext("Es auténtico; lo sustituye el aviso %(por)s."),
        ("constancia", "vigente"): gettext(
            "La emitió esta autoridad, que no la guarda. Las letras de su folio, después de CF-, son las primeras doce "
            "de la huella que imprime cada página: compárelas, y compruebe el sello de su PDF."
        ),
        ("acto", "vigente"): gettext(
            "Es auténtico y aquí no consta que otro acto lo sustituya. Este sistema no registra lo que resuelva un "
            "tribunal."
        ),
        ("acto", "sustituido"): gettext("Es un proyecto; lo sustituye %(por)s."),
        ("acto", "borrador"): gettext("Es un proyecto: todavía no se vota."),
        ("acto", "rechazado"): gettext("El Consejo no la aprobó."),
    }[found.clase, found.estado]
    return said % {"por": found.por}


def kind_words(found: CodedDocument) -> str:
    """Return what a kind of document is, for a reader who never saw one."""
    return {
        "acuse": gettext(
            "El recibo de un informe: qué se presentó, de quién y a qué hora. No dice que el informe esté bien."
        ),
        "informe": gettext("Lo que un sujeto obligado informa que recibió y gastó en un periodo, línea por línea."),
        "cedula": gettext("La constancia de que un acto de la autoridad se dejó en el buzón de quien debe conocerlo."),
        "deposito": gettext(
            "El recibo de un documento que un sujeto obligado entregó para probar que cumplió una obligación. Dice "
            "cuál documento, por su huella, y a qué hora; no dice que esté bien."
        ),
        "aviso": gettext("El recibo del aviso que un sujeto obligado da de un contrato de campaña."),
        "constancia": gettext("Lo que el sistema midió de sus propias fallas, para quien no pudo usarlo."),
        "acto": gettext("Un acto de la autoridad que revisa: un oficio, un dictamen o una resolución."),
    }[found.clase]


def place_words(found: CodedDocument) -> str:
    """Return where the document is that replaced another; '' where none did, or its own public address says it."""
    if found.estado != "sustituido" or found.por_clave:
        return ""
    return {
        "acuse": gettext("Su acuse lo tiene quien lo presentó, en sus informes, y la autoridad."),
        "informe": gettext("La tiene quien la presentó, en sus informes, y la autoridad."),
        "deposito": gettext("Su acuse lo tiene quien lo depositó, en la página de la obligación, y la autoridad."),
        "aviso": gettext("Su acuse lo tiene quien lo presentó, en sus contratos, y la autoridad."),
        "acto": gettext("Aquí aún no se publica; lo tiene la autoridad y, si ya se notificó, su sujeto en su buzón."),
    }[found.clase]

"""Parse the INE complement 1.1 and validate it by SAT's matrix of errors (INE180 to INE188)."""

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from sif.cfdi.document import INE_NAMESPACE, ComplementoIne, EntidadIne
from sif.values import Problem

PLACE = "/cfdi:Comprobante/cfdi:Complemento/ine:INE"
CAMPAIGNS = frozenset({"Precampaña", "Campaña"})
_PROCESOS = ("Ordinario", "Precampaña", "Campaña")
_COMITES = ("Ejecutivo Nacional", "Ejecutivo Estatal", "Directivo Estatal")
_STATE_COMITES = frozenset({"Ejecutivo Estatal", "Directivo Estatal"})
_AMBITOS = ("Local", "Federal")
NOT_LOCAL = frozenset({"NAC", "CR1", "CR2", "CR3", "CR4", "CR5"})
# t_ClaveEntidad of SAT's ine11.xsd
CLAVES = frozenset(
    {
        *(
            "AGU",
            "BCN",
            "BCS",
            "CAM",
            "CHP",
            "CHH",
            "COA",
            "COL",
            "CR1",
            "CR2",
            "CR3",
            "CR4",
            "CR5",
            "DIF",
            "DUR",
            "GUA",
        ),
        *(
            "GRO",
            "HID",
            "JAL",
            "MEX",
            "MIC",
            "MOR",
            "NAC",
            "NAY",
            "NLE",
            "OAX",
            "PUE",
            "QUE",
            "ROO",
            "SLP",
            "SIN",
            "SON",
        ),
        *("TAB", "TAM", "TLA", "VER", "YUC", "ZAC"),
    }
)
MAX_ENTIDADES = 76  # maxOccurs of ine:Entidad in SAT's ine11.xsd
_ENTIDAD = f"{{{INE_NAMESPACE}}}Entidad"
_CONTABILIDAD = f"{{{INE_NAMESPACE}}}Contabilidad"
_ID = re.compile(r"[+-]?\d{1,9}", re.ASCII)
_AGAIN = "Pida al proveedor que cancele la factura y la sustituya por otra con el complemento INE corregido: "

# codigo -> (what was seen and what SAT's matrix wants, what the substitute must carry)
_MATRIX = {
    "INE180": ("El tipo de proceso es Ordinario y falta el tipo de comité.", "con TipoComite."),
    "INE181": (
        "El tipo de proceso es {proceso} y debe haber al menos una entidad, cada una con su ámbito.",
        "con una Entidad y su Ambito (Local o Federal).",
    ),
    "INE182": ("El tipo de proceso es {proceso} y no admite tipo de comité; dice «{comite}».", "sin TipoComite."),
    "INE183": (
        "El tipo de proceso es {proceso} y el complemento no admite IdContabilidad en su raíz; dice «{id}».",
        "con el IdContabilidad dentro de Entidad/Contabilidad.",
    ),
    "INE184": ("El comité es Ejecutivo Nacional y no admite entidades.", "sin ninguna Entidad."),
    "INE185": (
        "El comité es Ejecutivo Estatal y el complemento no admite IdContabilidad en su raíz; dice «{id}».",
        "con el IdContabilidad dentro de Entidad/Contabilidad.",
    ),
    "INE186": (
        "El comité es {comite} y debe haber al menos una entidad, ninguna con ámbito.",
        "con una Entidad sin Ambito.",
    ),
    "INE187": ("Se repite la entidad {clave} con el ámbito «{ambito}».", "con cada Entidad y Ambito una sola vez."),
    "INE188": (
        "El ámbito Local no admite la clave {clave}, que no es de un estado.",
        "con la clave del estado, o con Ambito Federal.",
    ),
}
MATRIX_CODES = frozenset(_MATRIX)


def read_ine(found: Sequence[etree._Element], problems: list[Problem]) -> ComplementoIne | None:
    """The INE complement among these elements, None if there is none. What is wrong in it is added to `problems`."""
    if not found:
        return None
    if len(found) > 1:
        problems.append(
            Problem(
                "ine_repetido", f"{PLACE}[2]", "Hay más de un complemento INE; se usó el primero.", _AGAIN + "uno solo."
            )
        )
    complement = _read(found[0], problems)
    problems += check_matrix(complement)
    return complement


def check_matrix(ine: ComplementoIne) -> list[Problem]:
    """Return the faults of this complement by SAT's matrix, in the order of their numbers."""
    found: list[Problem] = []
    proceso, comite = ine.tipo_proceso, ine.tipo_comite
    if proceso == "Ordinario" and not comite:
        found.append(_fault("INE180", "/@TipoComite"))
    if proceso in CAMPAIGNS:
        found += _check_campaign(ine)
    if comite == "Ejecutivo Nacional" and ine.entidades:
        found.append(_fault("INE184", "/ine:Entidad[1]"))
    if comite == "Ejecutivo Estatal" and ine.id_contabilidad is not None:
        found.append(_fault("INE185", "/@IdContabilidad", id=str(ine.id_contabilidad)))
    if comite in _STATE_COMITES and proceso == "Ordinario":  # a campaign admits no comité: INE182 says so
        found += _check_state(ine)
    found += _check_entidades(ine.entidades)
    return found


def _check_campaign(ine: ComplementoIne) -> Iterator[Problem]:
    proceso = ine.tipo_proceso
    if not ine.entidades:
        yield _fault("INE181", "", proceso=proceso)
    for number, entidad in enumerate(ine.entidades, 1):
        if not entidad.ambito:
            yield _fault("INE181", f"/ine:Entidad[{number}]/@Ambito", proceso=proceso)
    if ine.tipo_comite:
        yield _fault("INE182", "/@TipoComite", proceso=proceso, comite=ine.tipo_comite)
    if ine.id_contabilidad is not None:
        yield _fault("INE183", "/@IdContabilidad", proceso=proceso, id=str(ine.id_contabilidad))


def _check_state(ine: ComplementoIne) -> Iterator[Problem]:
    if not ine.entidades:
        yield _fault("INE186", "", comite=ine.tipo_comite)
    for number, entidad in enumerate(ine.entidades, 1):
        if entidad.ambito:
            yield _fault("INE186", f"/ine:Entidad[{number}]/@Ambito", comite=ine.tipo_comite)


def _check_entidades(entidades: Sequence[EntidadIne]) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    repeated, not_local = [], []
    for number, entidad in enumerate(entidades, 1):
        pair = (entidad.clave, entidad.ambito)
        place = f"/ine:Entidad[{number}]"
        if pair in seen:
            repeated.append(_fault("INE187", f"{place}/@ClaveEntidad", clave=pair[0], ambito=pair[1] or "(ninguno)"))
        seen.add(pair)
        if entidad.ambito == "Local" and entidad.clave in NOT_LOCAL:
            not_local.append(_fault("INE188", f"{place}/@ClaveEntidad", clave=entidad.clave))
    yield from repeated
    yield from not_local


def _fault(codigo: str, place: str, **words: str) -> Problem:
    mensaje, cura = _MATRIX[codigo]
    return Problem(codigo, PLACE + place, mensaje.format(**words), _AGAIN + cura)


def _read(element: etree._Element, problems: list[Problem]) -> ComplementoIne:
    version = _word(element, "Version")
    if version != "1.1":
        mensaje = f"El complemento INE dice versión «{version[:20]}»; la vigente es 1.1."
        problems.append(Problem("ine_version", f"{PLACE}/@Version", mensaje, _AGAIN + "versión 1.1."))
    groups = list(element.iterchildren(_ENTIDAD))
    if len(groups) > MAX_ENTIDADES:
        mensaje = f"El complemento INE tiene {len(groups)} entidades; admite {MAX_ENTIDADES}."
        problems.append(Problem("ine_entidades", f"{PLACE}/ine:Entidad", mensaje, _AGAIN + "con menos entidades."))
    return ComplementoIne(
        version=version,
        tipo_proceso=_listed(element, "TipoProceso", _PROCESOS, PLACE, problems),
        tipo_comite=_listed(element, "TipoComite", _COMITES, PLACE, problems),
        id_contabilidad=_id(element, PLACE, problems, required=False),
        entidades=tuple(_entidad(group, f"{PLACE}/ine:Entidad[{n}]", problems) for n, group in enumerate(groups, 1)),
    )


def _entidad(element: etree._Element, place: str, problems: list[Problem]) -> EntidadIne:
    clave = _word(element, "ClaveEntidad")
    if clave not in CLAVES:
        mensaje = f"«{clave[:20]}» no es una clave de entidad del complemento INE (por ejemplo JAL, NLE, NAC)."
        problems.append(Problem("ine_forma", f"{place}/@ClaveEntidad", mensaje, _AGAIN + "con la clave del catálogo."))
    ids = (
        _id(child, f"{place}/ine:Contabilidad[{n}]", problems)
        for n, child in enumerate(element.iterchildren(_CONTABILIDAD), 1)
    )
    return EntidadIne(
        clave=clave,
        ambito=_listed(element, "Ambito", _AMBITOS, place, problems),
        contabilidades=tuple(value for value in ids if value is not None),
    )


def _word(element: etree._Element, name: str) -> str:
    return " ".join((element.get(name) or "").split())


def _listed(
    element: etree._Element,
    name: str,
    allowed: Sequence[str],
    place: str,
    problems: list[Problem],
) -> str:
    """Return an attribute with a closed list of values; '' when absent. Another value is kept and is a problem."""
    value = _word(element, name)
    required = name == "TipoProceso"
    if value not in allowed and (required or element.get(name) is not None):
        mensaje = f"{name} dice «{value[:40]}»; se espera {', '.join(allowed)}."
        problems.append(Problem("ine_forma", f"{place}/@{name}", mensaje, _AGAIN + f"con {name} de esa lista."))
    return value


def _id(element: etree._Element, place: str, problems: list[Problem], *, required: bool = True) -> int | None:
    """IdContabilidad: a whole number of at most six digits; None when absent or malformed."""
    text = _word(element, "IdContabilidad")
    if not text and not required and element.get("IdContabilidad") is None:
        return None
    value = int(text) if _ID.fullmatch(text) else -1
    if not 0 < value <= 999_999:
        mensaje = f"IdContabilidad dice «{text[:20]}»; es un número de hasta seis dígitos."
        cura = _AGAIN + "con el número de contabilidad que asigna el sistema de fiscalización."
        problems.append(Problem("ine_forma", f"{place}/@IdContabilidad", mensaje, cura))
        return None
    return value

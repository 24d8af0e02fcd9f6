"""Define the dictionary of columns of each open file."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext as _

from sif.disclosure import catalog
from sif.disclosure.leaving import CHANGED
from sif.law.leaving import load_causes
from sif.law.offenders import FORMAS
from sif.web.marks import written_html


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """A column of a file. forma: texto, entero, pesos, fecha or instante, as a reader calls it."""

    nombre: str
    forma: str
    dice: str


def _official(jurisdiction: str) -> tuple[ColumnWords, ...]:
    forms = {
        "texto": _("texto"),
        "dia": _("día, dd/mm/aaaa"),
        "instante": _("día y hora local"),
        "pesos": _("pesos; vacío es sin movimientos, 0 es que se compensan"),
    }
    says = {
        "SUBNIVEL ENTIDAD": _("Distrito o municipio por el que compite."),
        "TIPO ASOCIACION": _("C partido, COA coalición, CC candidatura común, CI candidatura independiente."),
        "ESTATUS CONTABILIDAD": _("ACTIVO o CANCELADO."),
        "TOPE DE GASTOS": _("Lo más que la ley le permite gastar."),
        "DIFERENCIA POR PRORRATEO": _("Centavos que quedan al repartir un gasto entre varias campañas."),
        "TOTAL GASTOS": _("Suma de los rubros y de la diferencia por prorrateo."),
    }
    return tuple(
        ColumnWords(title, forms[form], says.get(title, "")) for title, form in catalog.expense_columns(jurisdiction)
    )


def _statements(_jurisdiction: str) -> tuple[ColumnWords, ...]:
    text, whole, pesos = _("texto"), _("entero"), _("pesos, punto decimal")
    rows = [
        ("contabilidad", whole, _("Número de la contabilidad; no cambia.")),
        ("clase", text, _("candidatura, concentradora u ordinaria.")),
        ("nombre", text, _("Nombre de la candidatura o del sujeto obligado.")),
        ("cargo", text, _("Cargo por el que compite.")),
        ("territorio", text, _("Distrito o municipio por el que compite.")),
        ("entidad", text, _("Clave de tres letras de la entidad.")),
        ("sujeto", text, _("Partido, coalición o candidatura independiente.")),
        ("siglas", text, _("Siglas del sujeto.")),
        ("estatus", text, _("activa, baja (la candidatura dejó de contender) o cancelada (sus libros se cerraron).")),
        ("tope", pesos, _("Lo más que la ley le permite gastar.")),
        ("ingresos", pesos, _("Ingresos registrados.")),
        ("gasto_reportado", pesos, _("Gastos registrados (A).")),
        (
            "gasto_no_reportado",
            pesos,
            _(
                "Gasto que la autoridad encontró y no estaba reportado (B): vacío mientras el Consejo no lo resuelve, "
                "0 si aprobó la resolución y no hay."
            ),
        ),
        (
            "gasto_total",
            pesos,
            _("A más B; es lo que se compara con el tope. Es vacío mientras el Consejo no lo resuelve."),
        ),
        ("informes_debidos", whole, _("Informes cuyo plazo venció o que ya se presentaron.")),
        ("informes_presentados", whole, _("Informes presentados.")),
        ("informes_tarde", whole, _("Informes presentados después del plazo.")),
        ("datos_al", _("instante ISO 8601"), _("Instante en que se publicaron las cifras.")),
        ("contiende_desde", _("día, aaaa-mm-dd"), _("Día de su aprobación; vacío si no consta.")),
        ("acuerdo_aprobacion", text, _("Acuerdo que aprobó la candidatura.")),
        ("baja", text, _causes()),
        ("baja_desde", _("día, aaaa-mm-dd"), _("Primer día en que ya no contiende.")),
        ("sustituta", text, _("Nombre de quien la sustituye; vacío si nadie.")),
        ("sustituta_contabilidad", whole, _("Contabilidad de quien la sustituye.")),
        (
            "informes_en_plazo",
            whole,
            _("Informes sin presentar cuyo plazo no ha vencido; vacío en lo publicado antes de que se contaran."),
        ),
        ("informes_hasta", _("día, aaaa-mm-dd"), _("Último día del último de esos plazos.")),
    ]
    return tuple(ColumnWords(*row) for row in rows)


def _causes() -> str:
    """Return each word of why a candidacy left; a change of coalition is not a cause of law and has its own."""
    words = ", ".join([*load_causes(settings.JURISDICTION), CHANGED])
    return format_html(_("Por qué dejó de contender, vacío si contiende: {}."), words)


def _sanctions(_jurisdiction: str) -> tuple[ColumnWords, ...]:
    text, whole, pesos = _("texto"), _("entero"), _("pesos, punto decimal")
    rows = [
        ("conclusion", text, _("Clave de la conclusión del dictamen.")),
        ("resolucion", text, _("Número de la resolución que la impone.")),
        ("sujeto", text, _("Partido, coalición o candidatura independiente.")),
        ("siglas", text, _("Siglas del sujeto.")),
        ("conducta", text, _("Lo que se sanciona.")),
        ("articulo", text, _("Artículos que se incumplieron.")),
        ("regla", text, _("Regla de la revisión que lo encontró.")),
        ("monto_involucrado", pesos, _("Dinero al que se refiere la conducta.")),
        ("umas", whole, _("Unidades de Medida y Actualización de la multa.")),
        ("forma", text, _forms()),
        ("monto", pesos, _("Importe de la sanción.")),
        ("partes", text, _("Lo que paga cada integrante de una coalición.")),
        ("votada_el", _("instante ISO 8601"), _("Instante de la votación.")),
        ("votos_a_favor", whole, _("Votos a favor de la resolución.")),
        ("votos_en_contra", whole, _("Votos en contra de la resolución.")),
    ]
    return tuple(ColumnWords(*row) for row in rows)


def _forms() -> str:
    words = {word: written_html(word) for word in FORMAS}
    return format_html(
        _("{amonestacion}, {multa}, {un_tanto_igual} (al exceso), {reduccion} (de ministraciones) o {vista}."), **words
    )


def _rules(_jurisdiction: str) -> tuple[ColumnWords, ...]:
    text, whole = _("texto"), _("entero")
    rows = [
        ("regla", text, _("Clave de la regla.")),
        ("titulo", text, _("Qué revisa.")),
        (
            "fundamento",
            text,
            _("Artículos en que se apoya; entre corchetes, los únicos resultados que funda cada uno."),
        ),
        ("sancionadas", whole, _("Conclusiones que sancionan las resoluciones aprobadas.")),
    ]
    return tuple(ColumnWords(*row) for row in rows)


def _documents(_jurisdiction: str) -> tuple[ColumnWords, ...]:
    text = _("texto")
    rows = [
        ("clave", text, _("Clave del documento; no cambia.")),
        ("titulo", text, _("Título del documento.")),
        ("siglas", text, _("Siglas del sujeto.")),
        ("pdf_sha256", text, _("Huella SHA-256 del PDF.")),
        ("publicado_el", _("instante ISO 8601"), _("Instante de su aprobación.")),
        ("direccion", text, _("Dirección permanente del PDF.")),
    ]
    return tuple(ColumnWords(*row) for row in rows)


DICTIONARY: dict[str, Callable[[str], tuple[ColumnWords, ...]]] = {
    "gasto-por-rubro": _official,
    "estados-de-cuenta": _statements,
    "sanciones": _sanctions,
    "reglas": _rules,
    "documentos": _documents,
}

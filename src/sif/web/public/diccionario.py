"""Define the dictionary of columns of each open file."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from sif.disclosure import catalog
from sif.disclosure.leaving import CHANGED
from sif.law.leaving import load_causes
from sif.law.offenders import FORMAS
from sif.web.lazy import Words
from sif.web.marks import written_html


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """A column of a file. forma: texto, entero, pesos, fecha or instante, as a reader calls it."""

    nombre: str
    forma: str
    dice: str


def _official(jurisdiction: str) -> tuple[ColumnWords, ...]:
    forms = {
        "texto": translated("texto"),
        "dia": translated("día, dd/mm/aaaa"),
        "instante": translated("día y hora local"),
        "pesos": translated("pesos; vacío es sin movimientos, 0 es que se compensan"),
    }
    says = {
        "SUBNIVEL ENTIDAD": translated("Distrito o municipio por el que compite."),
        "TIPO ASOCIACION": translated("C partido, COA coalición, CC candidatura común, CI candidatura independiente."),
        "ESTATUS CONTABILIDAD": translated("ACTIVO o CANCELADO."),
        "TOPE DE GASTOS": translated("Lo más que la ley le permite gastar."),
        "DIFERENCIA POR PRORRATEO": translated("Centavos que quedan al repartir un gasto entre varias campañas."),
        "TOTAL GASTOS": translated("Suma de los rubros y de la diferencia por prorrateo."),
    }
    return tuple(
        ColumnWords(title, forms[form], says.get(title, "")) for title, form in catalog.expense_columns(jurisdiction)
    )


def _causes() -> str:
    """Return each word of why a candidacy left; a change of coalition is not a cause of law and has its own."""
    words = ", ".join([*load_causes(settings.JURISDICTION), CHANGED])
    return format_html(translated("Por qué dejó de contender, vacío si contiende: {}."), words)


def _forms() -> str:
    words = {word: written_html(word) for word in FORMAS}
    return format_html(
        translated("{amonestacion}, {multa}, {un_tanto_igual} (al exceso), {reduccion} (de ministraciones) o {vista}."),
        **words,
    )


_TEXT, _WHOLE, _PESOS = _("texto"), _("entero"), _("pesos, punto decimal")
_INSTANT, _DAY = _("instante ISO 8601"), _("día, aaaa-mm-dd")
type _Declared = tuple[tuple[str, Words, Words | Callable[[], str]], ...]
"""Columns in order: name, form, and what it says or the function that words it."""


STATEMENTS: _Declared = (
    ("contabilidad", _WHOLE, _("Número de la contabilidad; no cambia.")),
    ("clase", _TEXT, _("candidatura, concentradora u ordinaria.")),
    ("nombre", _TEXT, _("Nombre de la candidatura o del sujeto obligado.")),
    ("cargo", _TEXT, _("Cargo por el que compite.")),
    ("territorio", _TEXT, _("Distrito o municipio por el que compite.")),
    ("entidad", _TEXT, _("Clave de tres letras de la entidad.")),
    ("sujeto", _TEXT, _("Partido, coalición o candidatura independiente.")),
    ("siglas", _TEXT, _("Siglas del sujeto.")),
    ("estatus", _TEXT, _("activa, baja (la candidatura dejó de contender) o cancelada (sus libros se cerraron).")),
    ("tope", _PESOS, _("Lo más que la ley le permite gastar.")),
    ("ingresos", _PESOS, _("Ingresos registrados.")),
    ("gasto_reportado", _PESOS, _("Gastos registrados (A).")),
    (
        "gasto_no_reportado",
        _PESOS,
        _(
            "Gasto que la autoridad encontró y no estaba reportado (B): vacío mientras el Consejo no lo resuelve, "
            "0 si aprobó la resolución y no hay."
        ),
    ),
    (
        "gasto_total",
        _PESOS,
        _("A más B; es lo que se compara con el tope. Es vacío mientras el Consejo no lo resuelve."),
    ),
    ("informes_debidos", _WHOLE, _("Informes cuyo plazo venció o que ya se presentaron.")),
    ("informes_presentados", _WHOLE, _("Informes presentados.")),
    ("informes_tarde", _WHOLE, _("Informes presentados después del plazo.")),
    ("datos_al", _INSTANT, _("Instante en que se publicaron las cifras.")),
    ("contiende_desde", _DAY, _("Día de su aprobación; vacío si no consta.")),
    ("acuerdo_aprobacion", _TEXT, _("Acuerdo que aprobó la candidatura.")),
    ("baja", _TEXT, _causes),
    ("baja_desde", _DAY, _("Primer día en que ya no contiende.")),
    ("sustituta", _TEXT, _("Nombre de quien la sustituye; vacío si nadie.")),
    ("sustituta_contabilidad", _WHOLE, _("Contabilidad de quien la sustituye.")),
    (
        "informes_en_plazo",
        _WHOLE,
        _("Informes sin presentar cuyo plazo no ha vencido; vacío en lo publicado antes de que se contaran."),
    ),
    ("informes_hasta", _DAY, _("Último día del último de esos plazos.")),
    (
        "integrantes",
        _TEXT,
        _("De una coalición, sus partidos y el porcentaje de cada uno el último día de la etapa: «siglas 60.00; …»."),
    ),
)


SANCTIONS: _Declared = (
    ("conclusion", _TEXT, _("Clave de la conclusión del dictamen.")),
    ("resolucion", _TEXT, _("Número de la resolución que la impone.")),
    ("sujeto", _TEXT, _("Partido, coalición o candidatura independiente.")),
    ("siglas", _TEXT, _("Siglas del sujeto.")),
    ("conducta", _TEXT, _("Lo que se sanciona.")),
    ("articulo", _TEXT, _("Artículos que se incumplieron.")),
    ("regla", _TEXT, _("Regla de la revisión que lo encontró.")),
    ("monto_involucrado", _PESOS, _("Dinero al que se refiere la conducta.")),
    ("umas", _WHOLE, _("Unidades de Medida y Actualización de la multa.")),
    ("forma", _TEXT, _forms),
    ("monto", _PESOS, _("Importe de la sanción.")),
    ("partes", _TEXT, _("Lo que paga cada integrante de una coalición.")),
    ("votada_el", _INSTANT, _("Instante de la votación.")),
    ("votos_a_favor", _WHOLE, _("Votos a favor de la resolución.")),
    ("votos_en_contra", _WHOLE, _("Votos en contra de la resolución.")),
)


RULES: _Declared = (
    ("regla", _TEXT, _("Clave de la regla.")),
    ("titulo", _TEXT, _("Qué revisa.")),
    (
        "fundamento",
        _TEXT,
        _("Artículos en que se apoya; entre corchetes, los únicos resultados que funda cada uno."),
    ),
    ("sancionadas", _WHOLE, _("Conclusiones que sancionan las resoluciones aprobadas.")),
)


DOCUMENTS: _Declared = (
    ("clave", _TEXT, _("Clave del documento; no cambia.")),
    ("titulo", _TEXT, _("Título del documento.")),
    ("siglas", _TEXT, _("Siglas del sujeto.")),
    ("pdf_sha256", _TEXT, _("Huella SHA-256 del PDF.")),
    ("publicado_el", _INSTANT, _("Instante de su aprobación.")),
    ("direccion", _TEXT, _("Dirección permanente del PDF.")),
)


def _columns(declared: _Declared) -> Callable[[str], tuple[ColumnWords, ...]]:
    """Return the reader of declared columns, in the language of who asks."""

    def read(_jurisdiction: str) -> tuple[ColumnWords, ...]:
        return tuple(
            ColumnWords(name, str(form), says() if callable(says) else str(says)) for name, form, says in declared
        )

    return read


DICTIONARY: dict[str, Callable[[str], tuple[ColumnWords, ...]]] = {
    "gasto-por-rubro": _official,
    "estados-de-cuenta": _columns(STATEMENTS),
    "sanciones": _columns(SANCTIONS),
    "reglas": _columns(RULES),
    "documentos": _columns(DOCUMENTS),
}

"""The help of each column of the template of candidacies."""

from django.utils.translation import gettext_lazy as _

from sif.web.lazy import Words

COLUMN_HELP: dict[str, Words] = {
    "PARTIDO": _("Siglas o nombre del partido o coalición ya registrado, o CANDIDATURA INDEPENDIENTE. Obligatoria."),
    "SIGLAS": _("Solo si PARTIDO trae un nombre que nadie ha registrado con esas letras."),
    "CARGO": _("Como DIPUTACION LOCAL MR; si no se conoce, la carga dice cuáles hay. Obligatoria."),
    "ENTIDAD": _("Su nombre, como DURANGO. Obligatoria."),
    "DISTRITO": _("El número, si el cargo es de un distrito: solo, o antes de su nombre."),
    "CIRCUNSCRIPCION": _("El número, si el cargo es de una circunscripción."),
    "MUNICIPIO": _("El nombre, si el cargo es de un municipio o alcaldía."),
    "FOLIO": _("El del registro. Propietaria y suplente de una fórmula llevan el mismo; vacío, se hace uno."),
    "NOMBRE": _("El nombre completo de la persona. Obligatoria."),
    "TIPO_CANDIDATO": _("PROPIETARIA o SUPLENTE; vacío es propietaria."),
    "SEXO": _("MUJER, HOMBRE o NO BINARIO; puede quedar vacío."),
    "CURP": _("De 18 letras y números; puede quedar vacía."),
    "TOPE": _("El tope de gastos en pesos, si ya lo fija un acuerdo."),
    "ACUERDO_TOPE": _("El acuerdo que fija ese tope."),
    "FECHA_APROBACION": _("Día, mes y año, como 04/03/2027; vacía, contiende desde el primer día de la etapa."),
    "ACUERDO_APROBACION": _("El acuerdo que aprueba la candidatura."),
}

"""Translate the registry's keys for this desk."""

from django.conf import settings
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from sif.registry.candidaturas import entity_names
from sif.registry.elections import stages
from sif.registry.models import Etapa, SujetoObligado
from sif.web.lazy import Words

Tipo = SujetoObligado.Tipo
SUBJECTS: dict[str, Words] = {
    Tipo.PARTIDO: _("Partido político nacional"),
    Tipo.PARTIDO_LOCAL: _("Partido político local"),
    Tipo.COALICION: _("Coalición"),
    Tipo.COMUN: _("Candidatura común"),
    Tipo.INDEPENDIENTE: _("Candidatura independiente"),
    Tipo.ASPIRANTE: _("Aspirante a candidatura independiente"),
    Tipo.AGRUPACION: _("Agrupación política nacional"),
    Tipo.OBSERVADORES: _("Organización de observadores"),
    Tipo.EN_FORMACION: _("Organización que busca ser partido"),
}
KINDS: dict[str, Words] = {
    "federal": _("Federal, con Presidencia"),
    "federal_intermedia": _("Federal, solo diputaciones"),
    "local": _("Local, con gubernatura"),
    "local_intermedia": _("Local, solo diputaciones o ayuntamientos"),
    "extraordinario": _("Extraordinario"),
    "ordinario": _("Ejercicio ordinario"),
    "ordinario_electoral": _("Ejercicio ordinario en año de elección federal"),
    "agrupaciones": _("Ejercicio de las agrupaciones políticas"),
    "observacion": _("Observación electoral"),
    "formacion": _("Organizaciones que buscan ser partido nacional"),
}
STAGES: dict[str, Words] = {
    Etapa.Tipo.ORDINARIO: _("Ordinario"),
    Etapa.Tipo.PRECAMPANA: _("Precampaña"),
    Etapa.Tipo.APOYO_CIUDADANO: _("Apoyo ciudadano"),
    Etapa.Tipo.CAMPANA: _("Campaña"),
}
CAUSES: dict[str, Words] = {
    "renuncia": _("Renuncia"),
    "fallecimiento": _("Fallecimiento"),
    "inhabilitacion": _("Inhabilitación"),
    "incapacidad": _("Incapacidad"),
    "libre": _("Sustitución dentro del plazo de registro"),
    "cancelacion": _("Cancelación del registro"),
}
ENDINGS: dict[str, Words] = {**CAUSES, "cambio_coalicion": _("Cambio de coalición")}
AMBITS: dict[str, Words] = {"federal": _("Federal"), "local": _("Local")}
SEXES = (("", ""), ("mujer", _("Mujer")), ("hombre", _("Hombre")), ("no binario", _("No binario")))


def entity_choices() -> list[tuple[str, str]]:
    """Return the entities as a form offers them."""
    return [("", translated("Todo el país")), *entity_names(settings.JURISDICTION).items()]


def stage_choices(_seat: object = None) -> list[tuple[str, str]]:
    """Return every stage as a form offers it, the last to begin first."""
    return [(str(each.pk), f"{each.proceso.nombre}: {STAGES[each.tipo]}") for each in stages()]

"""Record each look of the authority at papers and whole keys of a hallazgo before they are shown."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet

from sif.audit.models import Hallazgo
from sif.audit.review_models import MiradaAuditoria
from sif.audit.review_selectors import Standing, standings
from sif.registry import clock, trail
from sif.registry.looks import PURPOSES, LookRefused, Reason, words_of
from sif.registry.masks import SHOWN
from sif.registry.models import Usuario
from sif.registry.scope import acting
from sif.registry.selectors import may

STANDS = timedelta(hours=12)
"""How long a reason that was said serves for the papers of its hallazgo, and a look at a paper for looking again."""
REFUSE, ASK = "rehusa", "motivo"


@dataclass(frozen=True, slots=True)
class Access:
    """The access of a person to a hallazgo: whether it is theirs, and the last reason they said that stands."""

    propia: bool
    motivo: MiradaAuditoria | None

    @property
    def sees_keys(self) -> bool:
        """Return whether the person said, not long ago, what they see the whole keys of the hallazgo for."""
        return self.motivo is not None

    @property
    def opens_papers(self) -> bool:
        """Return whether its papers are served to the person: it is theirs, or they said what for."""
        return self.propia or self.sees_keys


def access_to(row: Hallazgo, by: Usuario, standing: Standing | None = None) -> Access:
    """Return what a person may look at of a hallazgo; standing: its review status, where the page has read it.

    A reason said while the hallazgo was theirs does not stand where those of others are refused.
    """
    own = _is_assigned(standing or standings([row])[row.pk], by)
    if not own and settings.AUDITORIA_AJENA == REFUSE:
        return Access(own, None)
    return Access(own, _standing(row, by).filter(archivo="").order_by("-pk").first())


def _is_assigned(standing: Standing, by: Usuario) -> bool:
    """Return whether a hallazgo is of this person, given by hand or by a distribution of its rule or its subject.

    What one gave oneself is not, where the authority asks another person (`ASIGNA_OTRA_PERSONA`).
    """
    if standing.asignado is None or standing.asignado.pk != by.pk:
        return False
    return standing.asignado_por != by.pk or not settings.ASIGNA_OTRA_PERSONA


def say_reason(row: Hallazgo, reason: Reason, fields: tuple[str, ...], by: Usuario) -> MiradaAuditoria:
    """Record that a person looks at the keys and papers of a hallazgo, and for what. Raises LookRefused."""
    own = access_to(row, by).propia
    if not (may(by, "auditar") or may(by, "revisar")) or not set(fields) <= SHOWN.keys():
        raise LookRefused("Los papeles y los datos completos de un hallazgo los ve quien audita o revisa.")
    if not own and settings.AUDITORIA_AJENA == REFUSE:
        raise LookRefused("Este hallazgo no se lo asignó otra persona. Pida a quien reparte la auditoría que lo haga.")
    return _keep(row, by, words_of(reason), campos=",".join(fields), propia=own)


def open_paper(row: Hallazgo, sha256: str, by: Usuario) -> None:
    """Record that a person opens a paper of a hallazgo, once in a while. Raises LookRefused; then nothing is served."""
    access = access_to(row, by)
    if not access.opens_papers:
        raise LookRefused(
            "Este hallazgo no se lo asignó otra persona: diga en su página, junto a la prueba, para qué ve sus papeles."
        )
    if not _standing(row, by).filter(archivo=sha256).exists():
        words = access.motivo.motivo if access.motivo else f"{PURPOSES['revision']}: {row.regla}"
        _keep(row, by, words, archivo=sha256, propia=access.propia)


def _standing(row: Hallazgo, by: Usuario) -> QuerySet[MiradaAuditoria]:
    return MiradaAuditoria.objects.filter(hallazgo=row, persona=by, mirada_el__gt=clock.now() - STANDS)


def _keep(
    row: Hallazgo, by: Usuario, words: str, *, propia: bool, archivo: str = "", campos: str = ""
) -> MiradaAuditoria:
    with acting():
        made = MiradaAuditoria.objects.create(
            hallazgo=row,
            persona=by,
            archivo=archivo,
            campos=campos,
            motivo=words[:200],
            propia=propia,
            mirada_el=clock.now(),
        )
        trail.act("mirar", by, made)
    return made

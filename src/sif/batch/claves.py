"""Issue, list and revoke the API keys with which other programs act as a person."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sif.batch.models import ClaveApi, RevocacionClave
from sif.registry import clock, trail
from sif.registry.models import Usuario
from sif.registry.scope import acting, registering
from sif.values import refusal

PREFIX = "sif_"
DAYS = 365
MOST = 20  # keys in force of one person


@dataclass(frozen=True, slots=True)
class ClaveNueva:
    """A key just made: its record, and its text, which is not kept anywhere and cannot be shown again."""

    clave: ClaveApi
    texto: str


def digest_of(text: str) -> str:
    """Return the digest under which a key is kept.

    A key has 256 bits of chance, so a plain digest cannot be searched.
    """
    return hashlib.sha256(text.encode()).hexdigest()


def create_key(by: Usuario, nombre: str, *, solo_lectura: bool = False) -> ClaveNueva:
    """Make a key that acts as this person for a year. solo_lectura: only to read. Raises Refused."""
    name = " ".join(nombre.split())
    if not 0 < len(name) <= 80:
        raise refusal("nombre", "nombre", "Falta para qué programa es.", "Escriba su nombre, de hasta 80 caracteres.")
    with acting():
        Usuario.objects.select_for_update(no_key=True).get(pk=by.pk)
        if ClaveApi.objects.filter(usuario=by, revocacion=None, vence_el__gt=clock.now()).count() >= MOST:
            raise refusal("muchas", "nombre", f"Ya tiene {MOST} claves vigentes.", "Revoque las que no use.")
        text = PREFIX + secrets.token_urlsafe(32)
        with registering(by.pk):
            made = ClaveApi.objects.create(
                usuario=by,
                nombre=name,
                comienza=text[:10],
                huella=digest_of(text),
                creada_el=clock.now(),
                vence_el=clock.now() + timedelta(days=DAYS),
                solo_lectura=solo_lectura,
            )
        trail.write(trail.Clase.CREDENCIAL, "hacer_clave", by, tipo="ClaveApi", objeto=made.pk)
    return ClaveNueva(made, text)


def revoke_key(key: ClaveApi, by: Usuario) -> None:
    """Revoke a key of one's own; at once, and for ever. Raises PermissionError."""
    if key.usuario_id != by.pk:
        raise PermissionError("La clave es de otra persona.")
    _revoke([key], RevocacionClave.Motivo.PERSONA, by)


def revoke_all(user: Usuario, motivo: str, by: Usuario) -> int:
    """Revoke every key of a person; return how many."""
    keys = list(ClaveApi.objects.filter(usuario=user, revocacion=None))
    _revoke(keys, motivo, by)
    return len(keys)


def _revoke(keys: Iterable[ClaveApi], motivo: str, by: Usuario) -> None:
    """Record the act once for each key; of two at the same time, the first stays."""
    now = clock.now()
    acts = [RevocacionClave(clave=key, motivo=motivo, revocada_el=now, revocada_por=by) for key in keys]
    with registering(by.pk):
        RevocacionClave.objects.bulk_create(acts, ignore_conflicts=True)
    for act in acts:
        trail.write(trail.Clase.CREDENCIAL, "revocar_clave", by, tipo="ClaveApi", objeto=act.clave_id)


def key_of(text: str) -> ClaveApi | None:
    """Return the key of a text, with its person, if it is in force and they may still sign in."""
    if not text.startswith(PREFIX):
        return None
    rows = ClaveApi.objects.select_related("usuario").filter(
        huella=digest_of(text), revocacion=None, vence_el__gt=clock.now(), usuario__is_active=True
    )
    return rows.first()

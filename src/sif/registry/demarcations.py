"""Find the place that a row or a form names: in one process, a district of an entity is one place by its number."""

import hashlib
from collections.abc import Iterable

from django.conf import settings

from sif.registry.candidaturas import NUMBERED, entity_names, numbered, plain
from sif.registry.models import Territorio
from sif.registry.scope import acting
from sif.values import Problem

KEY = 24  # letters of the key of a territory


def territory_key(entidad: str, lugar: str, tipo: str) -> str:
    """Return the key of a territory: DUR, DUR/mun/CANATLAN. A long name ends with a digest, and is no other's."""
    if not plain(lugar):
        return entidad
    key = f"{entidad}/{tipo[:3]}/{plain(lugar)}"
    return key if len(key) <= KEY else f"{key[: KEY - 7]}~{hashlib.sha256(key.encode()).hexdigest()[:6]}"


def register_territorio(entidad: str, lugar: str, tipo: str, key: str = "") -> Territorio:
    """Return the territory of that key, or of that place as written, registered if it was not."""
    name = lugar or entity_names(settings.JURISDICTION).get(entidad, entidad)
    with acting():
        return Territorio.objects.get_or_create(
            clave=key or territory_key(entidad, lugar, tipo),
            defaults={"nombre": name[:120], "tipo": tipo or "entidad", "entidad": entidad},
        )[0]


class Demarcations:
    """The districts and circunscripciones of a process by their number, with those that a file adds as it is read.

    «1», «01» and «1 Durango» are one. Two names of one number, or a name without number among numbers, are for a
    person to say: `problem` tells them, and nothing is joined.
    """

    def __init__(self, proceso: int) -> None:
        self._keys: dict[tuple[str, str, str], dict[str, str]] = {}
        self._claves: set[str] = set()
        rows = Territorio.objects.filter(tipo__in=NUMBERED, candidatura__etapa__proceso=proceso).distinct()
        for clave, entidad, tipo, nombre in rows.order_by("pk").values_list("clave", "entidad", "tipo", "nombre"):
            self._learn(clave, entidad, nombre, tipo)

    def keys(self, entidad: str, lugar: str, tipo: str) -> tuple[str, ...]:
        """Return the key of a place, as the process knows it or as written; each one, where it has several already."""
        written = territory_key(entidad, lugar, tipo)
        known = self._keys.get((entidad, tipo, numbered(lugar)[0]), {}) if tipo in NUMBERED else {}
        number, _rest = numbered(lugar)
        if not number or not known:
            return (written,)
        return tuple(sorted(known, key=lambda key: key != written))

    def key(self, entidad: str, lugar: str, tipo: str) -> str:
        """Return the key of a place of a candidacy, which the process knows from now on."""
        found = self.keys(entidad, lugar, tipo)[0]
        if tipo in NUMBERED:
            self._learn(found, entidad, lugar, tipo)
        return found

    def problem(self, entidad: str, lugar: str, tipo: str) -> Problem | None:
        """Return what keeps a place from being told which one it is, or None."""
        if tipo not in NUMBERED or territory_key(entidad, lugar, tipo) in self._claves:
            return None
        number, rest = numbered(lugar)
        if not number:
            return self._without_number(entidad, lugar, tipo)
        bare = self._keys.get((entidad, tipo, ""), {})
        if rest and rest in map(plain, bare.values()):
            told = f"«{rest}» consta en este proceso sin número, y aquí dice «{lugar}»."
            return Problem("lugar", "lugar", told, "Si es el mismo, corrija antes el lugar del que no lo dice.")
        known = self._keys.get((entidad, tipo, number), {})
        named = [name for name in known.values() if numbered(name)[1]]
        if rest and named and rest not in (numbered(name)[1] for name in named):
            told = f"El {number} consta en este proceso como «{named[0]}», y aquí dice «{lugar}»."
            return Problem("lugar", "lugar", told, f"Si es el mismo, escriba «{number}»; si no, corrija el número.")
        return None

    def _without_number(self, entidad: str, lugar: str, tipo: str) -> Problem | None:
        there = (
            names for (own, kind, number), names in self._keys.items() if number and (own, kind) == (entidad, tipo)
        )
        others = [name for names in there for name in names.values()]
        if not others:
            return None
        told = f"«{lugar}» no dice su número, y los de este proceso lo dicen ({_some(others)})."
        return Problem("lugar", "lugar", told, "Escriba su número, solo o antes de su nombre.")

    def _learn(self, clave: str, entidad: str, nombre: str, tipo: str) -> None:
        self._claves |= {clave, territory_key(entidad, nombre, tipo)}
        known = self._keys.setdefault((entidad, tipo, numbered(nombre)[0]), {})
        if not numbered(known.get(clave, ""))[1]:
            known[clave] = nombre


def _some(names: Iterable[str]) -> str:
    found = sorted(set(names))
    return ", ".join(f"«{name}»" for name in found[:3]) + ("…" if len(found) > 3 else "")

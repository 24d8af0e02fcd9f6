"""Look up the catalogue entry that a cell names: RFC, CLABE, event number or invoice folio."""

from dataclasses import dataclass, field

from django.db.models import Model, Q

from sif.books.models import Contrato, Recepcion
from sif.books.references import own_files, persons_of
from sif.catalogs.models import ActivoFijo, Articulo, CasaCampana, Credito, Evento, Proyecto, ResolucionPorPagar
from sif.counterparties.seen import may_choose
from sif.registry.history import current
from sif.registry.models import Aportante, Contabilidad, CuentaBancaria, Persona, Proveedor
from sif.registry.selectors import Reach
from sif.registry.versions import Version
from sif.values import Unread


@dataclass(frozen=True, slots=True)
class Catalogo:
    """The lookup of a kind of record: model, owner ('' for everybody), keys, and whether its number serves."""

    modelo: type[Model]
    de: str
    claves: tuple[str, ...]
    por_numero: bool = False


CATALOGOS = {
    "proveedor": Catalogo(Proveedor, "", ("rfc",), True),
    "persona": Catalogo(Persona, "persona", ("curp", "rfc"), True),
    "aportante": Catalogo(Aportante, "sujeto", ("rfc", "curp", "clave_elector"), True),
    "cuenta_bancaria": Catalogo(CuentaBancaria, "contabilidad", ("clabe",), True),
    "contabilidad": Catalogo(Contabilidad, "sujeto", (), True),
    "contrato": Catalogo(Contrato, "contabilidad", (), True),
    "evento": Catalogo(Evento, "contabilidad", ("numero",)),
    "casa": Catalogo(CasaCampana, "contabilidad", ("nombre",)),
    "inventario": Catalogo(Articulo, "contabilidad", ("clave",)),
    "activo_fijo": Catalogo(ActivoFijo, "contabilidad", ("numero",)),
    "credito": Catalogo(Credito, "contabilidad", ("numero",)),
    "proyecto": Catalogo(Proyecto, "sujeto", ("clave",)),
    "resolucion": Catalogo(ResolucionPorPagar, "sujeto", ("clave",)),
}
_LETTERED = {"aportante": "A", "persona": "P"}


@dataclass
class Resolver:
    """Looks things up for some books, and remembers what it found. reach: of who loads, who names what they see."""

    contabilidad: Contabilidad
    reach: Reach
    _known: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def find(self, kind: str, text: str) -> int:
        """Return the number of the one thing of a kind that a text names. Raises Unread."""
        if kind not in CATALOGOS:
            raise Unread(f"No hay catálogo de «{kind[:30]}».", f"Use uno de: {', '.join(CATALOGOS)}.", "auxiliar")
        seen = text.strip()
        if (kind, seen) not in self._known:
            self._known[kind, seen] = self._look(kind, seen)
        found = self._known[kind, seen]
        if not found:
            raise Unread(
                f"«{seen[:40]}» no está en el catálogo de «{kind}».",
                "Dé de alta el registro o corrija la celda.",
                "auxiliar",
            )
        if len(found) > 1:
            numbers = ", ".join(str(number) for number in found[:5])
            raise Unread(
                f"«{seen[:40]}» está en varios registros: {numbers}.", "Escriba el número del suyo.", "auxiliar"
            )
        return found[0]

    def _look(self, kind: str, seen: str) -> list[int]:
        where = CATALOGOS[kind]
        owner = {
            "": Q(),
            "sujeto": Q(sujeto=self.contabilidad.sujeto_id),
            "contabilidad": Q(contabilidad=self.contabilidad.pk),
            "persona": persons_of([self.contabilidad.sujeto_id]),
        }
        versioned = issubclass(where.modelo, Version)
        rows = where.modelo._default_manager.filter(owner[where.de])
        rows = current(rows) if versioned else rows
        whole = seen.isascii() and seen.isdigit() and len(seen) < 10
        wanted = Q()
        for key in where.claves:
            if not (key == "numero" and kind == "evento"):
                wanted |= Q(**{f"{key}__iexact": seen})
            elif whole:
                wanted |= Q(numero=int(seen))
        number = seen.upper().removeprefix(_LETTERED.get(kind, " "))
        if where.por_numero and number.isascii() and number.isdigit() and len(number) < 10:
            wanted |= Q(identidad=int(number)) if versioned else Q(pk=int(number))
        if not wanted:
            return []
        wanted &= may_choose(kind, self.reach, self.contabilidad.sujeto_id, seen)
        return list(rows.filter(wanted).order_by("pk").values_list("pk", flat=True).distinct()[:6])

    def invoice(self, uuid: str) -> int:
        """Return the number of an invoice received in these books. Raises Unread."""
        if ("cfdi", uuid) not in self._known:
            rows = Recepcion.objects.filter(contabilidad=self.contabilidad, comprobante__uuid=uuid)
            said = list(rows.order_by("pk").values_list("comprobante_id", "descartada_el"))
            kept = [number for number, aside in said if aside is None]
            self._known["cfdi", uuid] = kept or [number for number, _ in said]
        found = self._known["cfdi", uuid]
        if len(found) > 1:
            raise Unread(
                f"En la bandeja hay {len(found)} XML con el folio {uuid} y no son iguales.",
                "Aparte los que no se timbraron.",
                "comprobante",
            )
        if not found:
            raise Unread(
                f"El CFDI {uuid} no está en la bandeja de esta contabilidad.", "Suéltelo en la bandeja.", "comprobante"
            )
        return found[0]

    def file(self, digest: str) -> str:
        """Return the digest of a file that the subject of these books has. Raises Unread, whoever else may have it."""
        if ("archivo", digest) not in self._known:
            self._known["archivo", digest] = [1] if own_files(self.contabilidad, [digest]) else []
        if not self._known["archivo", digest]:
            raise Unread(f"El archivo {digest[:8]}… no está guardado.", "Cárguelo otra vez.", "archivo")
        return digest

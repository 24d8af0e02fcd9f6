"""Append acuses to their log, publish its heads, and prove the inclusion of each."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db.models import Max

from sif.filing.authority import authority_key
from sif.filing.models import CabezaArbol, Presentacion
from sif.registry import clock
from sif.registry.locks import hold
from sif.registry.models import Corte
from sif.registry.scope import acting, everything, registering
from sif.signing.acuse import leaf_of, with_proof
from sif.signing.efirma import verify_with_key
from sif.signing.heads import Head, build_heads, build_proof, seal_head, spki_of
from sif.signing.hours import legal_hour
from sif.signing.tree import tree_root

TREE = "acuses"


def next_leaf() -> int:
    """Return the place of the next acuse: contiguous from 0, taken one at a time until the transaction ends."""
    hold("filing.hoja")
    with everything():  # the log is one for all books; a reader's own scope would repeat places
        last = Presentacion.objects.aggregate(Max("hoja"))["hoja__max"]
    return 0 if last is None else int(last) + 1


def leaves(size: int | None = None) -> Iterator[bytes]:
    """The leaves of the log in order (the first `size`, or all): digests of acts, which say nothing of their books."""
    with everything():
        rows = Presentacion.objects.order_by("hoja")
        if size is not None:
            rows = rows.filter(hoja__lt=size)
        for cadena in rows.values_list("acuse__cadena", flat=True).iterator():
            yield leaf_of({"cadena": cadena})


def publish_head() -> CabezaArbol | None:
    """Seal and publish the head of the log as it stands; the last one if nothing came after it, None while empty."""
    with acting():
        size = next_leaf()  # no acuse enters while its head is computed
        known = CabezaArbol.objects.filter(tamano=size).first()
        if known is not None or not size:
            return known
        head = seal_head(TREE, tree_root(leaves(size)).hex(), size, authority_key())
        with registering():  # anybody reads the heads; only this writes them
            return CabezaArbol.objects.create(
                tamano=head.tamano, raiz=head.raiz, publicada_el=clock.now(), sello_autoridad=head.sello
            )


def last_head() -> CabezaArbol | None:
    """Return the last published head."""
    return CabezaArbol.objects.order_by("-tamano").first()


def sealed_by_another() -> str:
    """Return the hour of the last head or cut where another key sealed it; empty when this installation's key did.

    A head is sealed once: under another key, those before would no longer match the key published with them.
    """
    key, head, cut = authority_key(), last_head(), Corte.objects.order_by("-numero").first()
    if head and not verify_with_key(_head(head).cadena, head.sello_autoridad, key.public_key()):
        return legal_hour(head.publicada_el)
    if cut and json.loads(cut.raices)["autoridad"] != spki_of(key):
        return legal_hour(cut.hecho_el)
    return ""


def _head(row: CabezaArbol) -> Head:
    return Head(TREE, row.raiz, row.tamano, row.sello_autoridad)


def raices() -> dict[str, object]:
    """raices.json (`sif-raices/1`) with the last published head, sealed by the authority; without one, no tree."""
    row = last_head()
    published: datetime = row.publicada_el if row else clock.now()
    return build_heads([_head(row)] if row else [], authority_key(), published)


def is_covered(hoja: int) -> bool:
    """Return whether a published head covers a leaf: its acuse is given with its proof from then on."""
    return _covering(hoja) is not None


def _covering(hoja: int) -> CabezaArbol | None:
    row = last_head()
    return row if row is not None and row.tamano > hoja else None


def proven(acuse: Mapping[str, object], hoja: int) -> dict[str, object]:
    """Return the acuse with its proof under the last head that covers it; as it was while no head does."""
    row = _covering(hoja)
    if row is None:
        return dict(acuse)
    return with_proof(acuse, build_proof(_head(row), list(leaves(row.tamano)), hoja))

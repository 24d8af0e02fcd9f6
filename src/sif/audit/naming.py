"""Name in words what in the books a judged row is about: no key of a table reaches a person."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sif.apportionment.models import Prorrateo
from sif.audit.models import Hallazgo
from sif.books.models import Poliza
from sif.books.selectors import reference_of
from sif.catalogs.models import CasaCampana, Evento
from sif.registry.history import current

_WORDS = {
    "evento_id": "Evento del {fecha}",
    "cambio_id": "Cancelación de un evento, avisada el {hecho_el}",
    "visita_id": "Acta {acta}",
    "cuenta_bancaria_id": "Cuenta con terminación {clabe}",
    "cuenta_cnbv_id": "Cuenta con terminación {clabe}",
    "linea_id": "Banco, {fecha}: {descripcion}",
    "movimiento_id": "Asiento en bancos del {fecha}",
    "estado_id": "Estado de cuenta al {hasta}",
    "prorrateo_id": "Gasto repartido el {fecha}",
    "inventario_id": "Nota {documento} del {fecha}",
    "articulo_id": "{articulo}",
    "casa_id": "Casa de campaña, desde el {desde}",
    "casa_vista_id": "Acta {acta}",
    "testigo_id": "{articulo}, visto el {fecha}",
    "anuncio_id": "Anuncio en {plataforma} del {fecha}",
    "pauta_id": "Mensaje «{version}»",
    "representante_id": "Casilla {casilla}",
    "financiamiento_id": "Financiamiento público de {anio}",
    "aportacion_id": "Aportación del {fecha}",
    "pago_id": "Pago del {fecha}",
    "evidencia_id": "Evidencia del {fecha}",
    "lado_id": "Transferencia del {fecha}",
    "recibo_id": "Recibo del {fecha}",
    "cep_id": "Comprobante de representación del {fecha}",
    "contrato_id": "Contrato del {fecha}",
    "aportante_id": "Aportante",
    "cfdi_id": "Comprobante fiscal del {fecha}",
    "poliza_id": "Póliza del {fecha}",
    "periodo_id": "Informe que venció el {vence_el}",
    "cuenta": "Cuenta {cuenta}",
}
"""How the things of a key are named, with the data of the judged row, where the row brings no name of its own."""
WHOLE = "Contabilidad completa"
_OWN = ("referencia", "folio", "uuid", "nombre")


def named_in(hallazgo: Hallazgo) -> str:
    """Return the name of the thing in the books that a judged row is about, from the data of the row alone.

    The name is a reference, folio, invoice number or name of the row; without one, a phrase for its kind of thing.
    """
    row = hallazgo.fila
    if own := next((str(row[name]) for name in _OWN if row.get(name)), ""):
        return own
    kind = _kind(hallazgo)
    return _filled(_WORDS[kind], row) if kind in _WORDS else WHOLE


def names_of(hallazgos: Sequence[Hallazgo]) -> dict[int, str]:
    """The same of several, by their number, with the name or reference that the records give to what has none."""
    names = {each.pk: named_in(each) for each in hallazgos}
    nameless = [each for each in hallazgos if not any(each.fila.get(name) for name in _OWN)]
    events = dict(_current_events(_wanted(nameless, "evento_id")))
    houses = dict(CasaCampana.objects.filter(pk__in=_wanted(nameless, "casa_id")).values_list("pk", "nombre"))
    shared = dict(Prorrateo.objects.filter(pk__in=_wanted(nameless, "prorrateo_id")).values_list("pk", "folio"))
    wanted = Poliza.objects.filter(pk__in=_wanted(nameless, "poliza_id")).select_related("periodo")
    polizas = {each.pk: reference_of(each) for each in wanted}
    for each in nameless:
        row, kind = each.fila, _kind(each)
        found = (
            events.get(row.get("evento_id"))
            if kind in ("evento_id", "cambio_id")
            else houses.get(row.get("casa_id"))
            if kind == "casa_id"
            else shared.get(row.get("prorrateo_id"))
            if kind == "prorrateo_id"
            else polizas.get(row.get("poliza_id"))
        )
        if found:
            names[each.pk] = f"{found}. {names[each.pk]}" if kind in ("evento_id", "casa_id", "cambio_id") else found
    return names


def _current_events(identities: set[int]) -> Iterable[tuple[int, str]]:
    return current(Evento.objects.filter(identidad__in=identities)).values_list("identidad", "nombre")


def _wanted(hallazgos: Iterable[Hallazgo], column: str) -> set[int]:
    return {each.fila[column] for each in hallazgos if each.fila.get(column)}


def _kind(hallazgo: Hallazgo) -> str:
    """Return the column that says what the row is of: the first of its key, or the one that tells books apart."""
    keys = [part.partition("=")[0] for part in hallazgo.clave.split(";")]
    apart = [key for key in keys if key != "contabilidad_id"]
    return apart[0] if apart else keys[0]


def _filled(words: str, row: Mapping[str, object]) -> str:
    """Return the words with the data of the row; only their beginning where it lacks one."""
    try:
        return words.format_map(_Said(row))
    except KeyError:
        return words.partition("{")[0].rstrip(" ,:«").removesuffix(" del").removesuffix(" el").removesuffix(" de")


_DAYS = {"fecha", "desde", "hasta", "hecho_el", "vence_el"}


class _Said(dict[str, object]):
    """The data of a row as words take them: days as people write them, and of an account only its end."""

    def __getitem__(self, key: str) -> str:
        value = super().__getitem__(key)
        if value in (None, ""):
            raise KeyError(key)
        if key == "clabe":
            return str(value)[-4:]
        if key in _DAYS:
            return f"{date.fromisoformat(str(value)[:10]):%d/%m/%Y}"
        return str(value)

"""Word each kind of job: title, units, next step and links."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sif.audit import lens_tasks, mass_tasks, matrix_tasks, preflight_tasks, tables_tasks
from sif.audit import tasks as audit_tasks
from sif.banks import tasks as bank_tasks
from sif.batch import tasks as batch_tasks
from sif.batch.review import POSTED_KINDS
from sif.books import status_tasks
from sif.books import tasks as inbox_tasks
from sif.catalogs import tasks as catalog_tasks
from sif.disclosure import history_tasks
from sif.disclosure import tasks as disclosure_tasks
from sif.filing import tasks as filing_tasks
from sif.jobs import openings
from sif.jobs.files import FileGone
from sif.jobs.models import Trabajo
from sif.proceedings import tasks as act_tasks
from sif.proceedings.models import Resolucion
from sif.registry.models import Usuario
from sif.statements import tasks as book_tasks
from sif.statements.catalog import REPORTS
from sif.values import Problem
from sif.web import tasks as desk_tasks
from sif.web.admin import tasks as admin_tasks
from sif.web.auditor.masa_words import confirmed_words, proposed_words, returned_words, shared_words
from sif.web.authority_words import asked_words, cut_words, list_69b_words, status_words, table_words
from sif.web.formats import whole_number
from sif.web.party.bancos.statement_words import loaded_words, warned_words

Of = Callable[[Trabajo], str]
STATES = {
    "en_cola": ("en_espera", gettext_lazy("En cola")),
    "en_curso": ("en_curso", gettext_lazy("En curso")),
    "hecho": ("cumplido", gettext_lazy("Hecho")),
    "fallido": ("rechazado", gettext_lazy("No se hizo")),
    "cancelado": ("desechado", gettext_lazy("Cancelado")),
}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a kind. `cuenta`: how many rows so far; `hecho`: what it did; `destino`: the page of its result.

    `vuelta` is where its cure is: the page to return to when it did not end well.
    """

    titulo: str | Promise
    luego: str | Promise
    fallo: str | Promise
    destino: Of
    vuelta: Of
    hecho: Of
    cuenta: Callable[[int], str] = lambda _count: ""


def state_words(trabajo: Trabajo) -> tuple[str, str]:
    """Return the look of the state of a job, and its word; one that was asked to stop says so."""
    look, words = STATES[trabajo.estado]
    if trabajo.por_cancelar and trabajo.is_open:
        return look, _("Deteniéndose")
    return look, str(words)


def elapsed_words(span: timedelta) -> str:
    """Return a span in its two largest units: 12 s, 3 min 5 s, 2 h 10 min, 3 d 4 h."""
    seconds = max(0, int(span.total_seconds()))
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if days:
        return f"{days} d {hours % 24} h"
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"


def _lote_url(trabajo: Trabajo) -> str:
    return reverse("party:lote", args=[trabajo.contabilidad_id, trabajo.referencia["lote"]])


def _lotes_url(_trabajo: Trabajo) -> str:
    return reverse("party:lotes")


def _rows_read(count: int) -> str:
    return ngettext("%(n)s leído hasta ahora.", "%(n)s leídos hasta ahora.", count) % {"n": whole_number(count)}


def _applied(trabajo: Trabajo) -> str:
    done = int(trabajo.resultado.get("cosas", 0))
    if trabajo.resultado.get("tipo") in POSTED_KINDS:
        return ngettext("Se registró %(n)d póliza.", "Se registraron %(n)d pólizas.", done) % {"n": done}
    return ngettext("Se aplicó %(n)d.", "Se aplicaron %(n)d.", done) % {"n": done}


def _rules_judged(count: int) -> str:
    return ngettext("%(n)s regla corrida.", "%(n)s reglas corridas.", count) % {"n": whole_number(count)}


def _inbox_url(_trabajo: Trabajo) -> str:
    return reverse("party:cfdi")


def _received_url(trabajo: Trabajo) -> str:
    return f"{reverse('party:cfdi')}?recibido={trabajo.pk}"


def _received(trabajo: Trabajo) -> str:
    count = int(trabajo.resultado["recibidos"])
    return ngettext("%(n)d comprobante leído", "%(n)d comprobantes leídos", count) % {"n": count} + "."


def _posted(trabajo: Trabajo) -> str:
    done = int(trabajo.resultado["polizas"])
    return ngettext("%(n)d póliza registrada.", "%(n)d pólizas registradas.", done) % {"n": done}


def _account_url(trabajo: Trabajo) -> str:
    return reverse("party:banco", args=[trabajo.referencia["cuenta"]])


def _statement_url(trabajo: Trabajo) -> str:
    """Return the page that cures a refused statement: the choice among its accounts, or the account."""
    if any(each["codigo"] == "varias_cuentas" for each in trabajo.problemas):
        said = trabajo.referencia
        return reverse("party:banco_cuentas", args=[said["cuenta"], said["archivo"]])
    return _account_url(trabajo)


def _statement_loaded(trabajo: Trabajo) -> str:
    done = trabajo.resultado
    words = loaded_words(done["nuevas"], done["conocidas"], is_again=done["repetido"])
    return " ".join((words, *warned_words([Problem(**each) for each in done["avisos"]])))


def _rules_asked(count: int) -> str:
    return ngettext("%(n)s regla preguntada.", "%(n)s reglas preguntadas.", count) % {"n": whole_number(count)}


def _preflight_url(trabajo: Trabajo) -> str:
    one = int(trabajo.referencia["una"])
    return reverse("party:revision") + (f"?contabilidad={one}" if one else "")


def _audited(trabajo: Trabajo) -> str:
    found = int(trabajo.resultado.get("hallazgos", 0))
    return ngettext("El reglamento corrió: %(n)s hallazgo.", "El reglamento corrió: %(n)s hallazgos.", found) % {
        "n": whole_number(found)
    }


def _hallazgos_seen(count: int) -> str:
    return ngettext("%(n)s hallazgo hasta ahora.", "%(n)s hallazgos hasta ahora.", count) % {"n": whole_number(count)}


def _decided(trabajo: Trabajo) -> str:
    done = trabajo.resultado
    if done["acto"] == mass_tasks.CONFIRM:
        return confirmed_words(done["observaciones"], done["unidos"], done["desechados"])
    if done["acto"] == mass_tasks.SEND_BACK:
        return returned_words(done["cuantos"])
    if done["acto"] == mass_tasks.ASSIGN:
        return shared_words(done["cuantos"], Usuario.objects.filter(pk=done["asignado"] or 0).first())
    return proposed_words(done["cuantos"])


def _queue_url(_trabajo: Trabajo) -> str:
    return reverse("auditor:hallazgos")


def _matrix_url(_trabajo: Trabajo) -> str:
    return reverse("auditor:matriz")


def _matrix_imported(trabajo: Trabajo) -> str:
    words = _("Matriz importada: %(texts)s textos, %(decisions)s decisiones propuestas y %(people)s asignaciones.")
    done = trabajo.resultado
    return words % {"texts": done["textos"], "decisions": done["propuestas"], "people": done["asignaciones"]}


def _book_url(trabajo: Trabajo) -> str:
    return reverse("party:libro", args=[trabajo.referencia["libro"]])


def _book_written(trabajo: Trabajo) -> str:
    book = REPORTS.get(str(trabajo.referencia["libro"]))
    return _("%(book)s: su archivo está listo.") % {"book": _(book.titulo) if book else ""}


def _list_url(trabajo: Trabajo) -> str:
    try:
        return desk_tasks.asked_of(trabajo).ruta
    except FileGone:
        return ""


def _publication_url(_trabajo: Trabajo) -> str:
    return reverse("auditor:publicacion")


def _issuing_url(trabajo: Trabajo) -> str:
    if "primero" in trabajo.referencia:
        return reverse("auditor:segundo", args=[trabajo.referencia["primero"]])
    return reverse("auditor:emitir", args=[trabajo.referencia["sujeto"]])


def _oficio_url(trabajo: Trabajo) -> str:
    return reverse("auditor:oficio", args=[trabajo.resultado["oficio"]]) if trabajo.resultado else ""


def _dictamen_url(trabajo: Trabajo) -> str:
    return reverse("auditor:dictamen", args=[trabajo.referencia["dictamen"]])


def _drawing_url(trabajo: Trabajo) -> str:
    return reverse("council:proyecto", args=[trabajo.referencia["dictamen"]])


def _drawn_url(trabajo: Trabajo) -> str:
    return reverse("council:resolucion", args=[trabajo.resultado["resolucion"]]) if trabajo.resultado else ""


def _vote_url(trabajo: Trabajo) -> str:
    return reverse("council:resolucion", args=[trabajo.referencia["resolucion"]])


def _counted(trabajo: Trabajo) -> str:
    approved = trabajo.resultado["estado"] == Resolucion.Estado.APROBADA
    words = _("%(number)s quedó aprobada y se notificó al sujeto.") if approved else _("%(number)s quedó rechazada.")
    return words % {"number": trabajo.resultado["numero"]}


def _status_url(_trabajo: Trabajo) -> str:
    return reverse("auditor:estatus_sat")


def _roots_url(_trabajo: Trabajo) -> str:
    return reverse("administration:raices")


def _list_69b_url(_trabajo: Trabajo) -> str:
    return reverse("auditor:lista_69b")


def _caps_url(trabajo: Trabajo) -> str:
    return f"{reverse('administration:candidaturas')}?etapa={trabajo.referencia['etapa']}"


def _caps_fixed(trabajo: Trabajo) -> str:
    changed = int(trabajo.resultado["contabilidades"])
    told = ngettext("%(n)d contabilidad tiene su tope.", "%(n)d contabilidades tienen su tope.", changed)
    return told % {"n": changed}


def _history_url(trabajo: Trabajo) -> str:
    return reverse("administration:historico", args=[trabajo.resultado["carga"]]) if trabajo.resultado else ""


def _history_loaded(trabajo: Trabajo) -> str:
    if trabajo.resultado["repetida"]:
        return _("Ya estaba cargado: nada cambió.")
    done = int(trabajo.resultado["cuentas"])
    return ngettext("Quedó cargado: %(n)s cuenta.", "Quedó cargado: %(n)s cuentas.", done) % {"n": whole_number(done)}


def _looked_url(trabajo: Trabajo) -> str:
    try:
        return lens_tasks.page_of(trabajo)
    except FileGone:
        return reverse("auditor:indicios")


def _lenses_looked(count: int) -> str:
    return ngettext("%(n)s lente hasta ahora.", "%(n)s lentes hasta ahora.", count) % {"n": whole_number(count)}


def _table_url(trabajo: Trabajo) -> str:
    return reverse("auditor:lista", args=[trabajo.referencia["tabla"]])


def _candidacies_url(_trabajo: Trabajo) -> str:
    return reverse("administration:candidaturas")


def _candidacies_loaded(trabajo: Trabajo) -> str:
    done = trabajo.resultado
    entered = _("Entraron %(rows)s candidaturas y se abrieron %(books)s contabilidades.") % {
        "rows": whole_number(done["buenas"]),
        "books": whole_number(done["contabilidades"]),
    }
    if not done["malas"]:
        return entered
    left = ngettext("%(bad)s renglón no entró.", "%(bad)s renglones no entraron.", done["malas"])
    return f"{entered} {left % {'bad': whole_number(done['malas'])}}"


def _waiting_url(trabajo: Trabajo) -> str:
    try:
        return openings.page_of(trabajo).ruta
    except FileGone:
        return ""


def _file_open(trabajo: Trabajo) -> str:
    try:
        chosen_again = openings.page_of(trabajo).formulario
    except FileGone:
        chosen_again = False
    return _("El archivo ya está leído. Elíjalo otra vez: entrará enseguida.") if chosen_again else ""


WORDS: dict[str, Words] = {
    openings.OPEN: Words(
        gettext_lazy("Abrir un archivo"),
        gettext_lazy("Pide más tiempo del que espera una página. Al terminar vuelve a donde lo pidió."),
        gettext_lazy("No se abrió"), _waiting_url, _waiting_url, _file_open,
    ),
    act_tasks.ISSUE: Words(
        gettext_lazy("Emitir y notificar un oficio"),
        gettext_lazy("Escribe el documento con sus anexos, lo deposita en el buzón y abre el plazo, todo o nada."),
        gettext_lazy("No se emitió nada"), _oficio_url, _issuing_url,
        lambda trabajo: _("Oficio %(number)s emitido y notificado.") % {"number": trabajo.resultado["numero"]},
    ),
    act_tasks.CLOSE: Words(
        gettext_lazy("Cerrar un dictamen"),
        gettext_lazy("Escribe el documento y lo cierra, todo o nada. Después no cambia."),
        gettext_lazy("No se cerró"), _dictamen_url, _dictamen_url,
        lambda trabajo: _("Dictamen %(number)s cerrado.") % {"number": trabajo.resultado["numero"]},
    ),
    act_tasks.DRAFT: Words(
        gettext_lazy("Elaborar un proyecto de resolución"),
        gettext_lazy("Calcula las sanciones y escribe el documento, todo o nada."),
        gettext_lazy("No se elaboró nada"), _drawn_url, _drawing_url,
        lambda trabajo: _("Proyecto %(number)s elaborado.") % {"number": trabajo.resultado["numero"]},
    ),
    act_tasks.COUNT: Words(
        gettext_lazy("Contar la votación de una resolución"),
        gettext_lazy("Cuenta los votos y escribe el documento con ellos; si se aprueba, se notifica. Todo o nada."),
        gettext_lazy("No se contó nada"), _vote_url, _vote_url, _counted,
    ),
    disclosure_tasks.PROPOSE: Words(
        gettext_lazy("Proponer las cifras de una etapa"),
        gettext_lazy("Reúne las cifras de los libros, informes y actos. Al terminar quedan propuestas."),
        gettext_lazy("No se propuso nada"), _publication_url, _publication_url,
        lambda _trabajo: _("Propuso las cifras de la etapa. Las publica otra persona."),
    ),
    disclosure_tasks.PUBLISH: Words(
        gettext_lazy("Publicar una etapa"),
        gettext_lazy("Pone a la vista lo propuesto, tal como está, todo o nada."),
        gettext_lazy("No se publicó nada"), _publication_url, _publication_url,
        lambda _trabajo: _("La etapa quedó publicada."),
    ),
    catalog_tasks.LOAD: Words(
        gettext_lazy("Cargar la lista del artículo 69-B"),
        gettext_lazy("Entra completa, con cada renglón, o no entra."),
        gettext_lazy("No se cargó nada"), _list_69b_url, _list_69b_url, list_69b_words,
    ),
    tables_tasks.LOAD: Words(
        gettext_lazy("Cargar una lista de la autoridad"),
        gettext_lazy("Entra completa, con cada renglón, o no entra."),
        gettext_lazy("No se cargó nada"), _table_url, _table_url, table_words, _rows_read,
    ),
    history_tasks.LOAD: Words(
        gettext_lazy("Cargar un proceso histórico"),
        gettext_lazy("Entran todas sus cuentas, o ninguna. No abre libros."),
        gettext_lazy("No se cargó nada"), _history_url, lambda _trabajo: reverse("administration:historico_nuevo"),
        _history_loaded, _rows_read,
    ),
    admin_tasks.LOAD: Words(
        gettext_lazy("Cargar un archivo de candidaturas"),
        gettext_lazy("Entran todas las que se vieron bien, con sus contabilidades, o ninguna."),
        gettext_lazy("No entró ninguna candidatura"), _candidacies_url,
        lambda _trabajo: reverse("administration:candidaturas_cargar"), _candidacies_loaded, _rows_read,
    ),
    admin_tasks.FIX: Words(
        gettext_lazy("Fijar los topes de un acuerdo"),
        gettext_lazy("Se fijan todos los del archivo, o ninguno. Los anteriores se conservan."),
        gettext_lazy("No se fijó ningún tope"), _caps_url, lambda _trabajo: reverse("administration:topes"),
        _caps_fixed,
    ),
    status_tasks.ASK: Words(
        gettext_lazy("Preguntar al SAT el estatus de comprobantes"),
        gettext_lazy("Cada respuesta se anota al llegar; lo que no contesta queda como estaba."),
        gettext_lazy("El SAT no contestó"), _status_url, _status_url, asked_words, _rows_read,
    ),
    status_tasks.LOAD: Words(
        gettext_lazy("Cargar un archivo de estatus del SAT"),
        gettext_lazy("Entra completo, con cada renglón, o no entra."),
        gettext_lazy("No se cargó nada"), _status_url, _status_url, status_words,
    ),
    filing_tasks.CUT: Words(
        gettext_lazy("Publicar las raíces del registro"),
        gettext_lazy("Cubren todo lo registrado hasta ese momento, selladas por la autoridad."),
        gettext_lazy("No se publicó nada"), _roots_url, _roots_url, cut_words,
    ),
    book_tasks.BOOK: Words(
        gettext_lazy("Escribir un libro completo"),
        gettext_lazy("Al terminar lo descarga aquí mismo; se guarda siete días."),
        gettext_lazy("No se escribió el libro"), lambda _trabajo: "", _book_url, _book_written,
    ),
    desk_tasks.LIST: Words(
        gettext_lazy("Escribir una lista completa"),
        gettext_lazy("Al terminar lo descarga aquí mismo; se guarda siete días."),
        gettext_lazy("No se escribió la lista"), lambda _trabajo: "", _list_url,
        lambda _trabajo: _("La lista está escrita: descargue su archivo."),
    ),
    audit_tasks.AUDIT: Words(
        gettext_lazy("Congelar los libros y correr el reglamento"),
        gettext_lazy("Congela la etapa, pregunta cada regla y guarda la corrida. Al terminar verá los hallazgos."),
        gettext_lazy("No se guardó ninguna corrida"), lambda _trabajo: reverse("auditor:hallazgos"),
        lambda _trabajo: reverse("auditor:corridas"), _audited, _rules_judged,
    ),
    lens_tasks.LOOK: Words(
        gettext_lazy("Mirar una instantánea con cada lente"),
        gettext_lazy("Se está preparando lo que verá. Se hace una vez por instantánea y se guarda."),
        gettext_lazy("No se miró"), _looked_url, lambda _trabajo: reverse("auditor:corridas"),
        lambda _trabajo: _("Los indicios y la muestra están listos."), _lenses_looked,
    ),
    preflight_tasks.PREFLIGHT: Words(
        gettext_lazy("Revisar libros antes que la autoridad"),
        gettext_lazy("Pregunta a cada regla sobre los libros como están. No cambia nada; la respuesta se guarda."),
        gettext_lazy("No se revisó"), _preflight_url, _preflight_url,
        lambda _trabajo: _("La revisión previa está lista."), _rules_asked,
    ),
    mass_tasks.MASS: Words(
        gettext_lazy("Decidir o asignar un filtro completo"),
        gettext_lazy("Se escribe todo lo que vio o nada. Al terminar vuelve a los hallazgos."),
        gettext_lazy("No se escribió nada"), _queue_url, _queue_url, _decided, _hallazgos_seen,
    ),
    matrix_tasks.PLAN: Words(
        gettext_lazy("Revisar una matriz"),
        gettext_lazy("Al terminar verá cada cambio que haría. Nada se escribe hasta que usted lo confirme."),
        gettext_lazy("La matriz no se puede leer"),
        lambda trabajo: reverse("auditor:matriz_plan", args=[trabajo.pk]), _matrix_url, lambda _trabajo: "",
    ),
    matrix_tasks.IMPORT: Words(
        gettext_lazy("Importar una matriz"),
        gettext_lazy("Entra completa o no entra. Los textos y las asignaciones quedan; las decisiones se proponen."),
        gettext_lazy("No se escribió nada"), _matrix_url, _matrix_url, _matrix_imported,
    ),
    inbox_tasks.RECEIVE: Words(
        gettext_lazy("Recibir facturas en la bandeja"),
        gettext_lazy("Lee y comprueba cada comprobante. Al terminar verá los que no entraron y por qué."),
        gettext_lazy("No se recibió nada"), _received_url, _inbox_url, _received,
    ),
    inbox_tasks.ACCEPT: Words(
        gettext_lazy("Registrar las pólizas de muchas facturas"),
        gettext_lazy("Se registran todas las que eligió o ninguna. Al terminar vuelve a la bandeja."),
        gettext_lazy("No se registró nada"), _inbox_url, _inbox_url, _posted,
    ),
    bank_tasks.LOAD: Words(
        gettext_lazy("Cargar un estado de cuenta"),
        gettext_lazy("Entran todos sus movimientos nuevos o ninguno. Al terminar verá la cuenta."),
        gettext_lazy("No se cargó nada"), _account_url, _statement_url, _statement_loaded,
    ),
    batch_tasks.READ: Words(
        gettext_lazy("Leer y validar un archivo"),
        gettext_lazy("Al terminar verá cada renglón con lo que tiene mal. Nada se aplica hasta que usted lo pida."),
        gettext_lazy("No se cargó nada"), _lote_url, _lotes_url, lambda _trabajo: "", _rows_read,
    ),
    batch_tasks.REVIEW: Words(
        gettext_lazy("Validar otra vez un lote"),
        gettext_lazy("Al terminar verá cada renglón como quedó."),
        gettext_lazy("No se validó"), _lote_url, _lote_url, lambda _trabajo: _("Se validó otra vez cada renglón."),
    ),
    batch_tasks.EQUATE: Words(
        gettext_lazy("Poner cuentas equivalentes en un lote"),
        gettext_lazy("Al terminar verá cada renglón como quedó."),
        gettext_lazy("No se pusieron"), _lote_url, _lote_url,
        lambda _trabajo: _("Se guardaron las equivalencias y el lote se validó otra vez."),
    ),
    batch_tasks.APPLY: Words(
        gettext_lazy("Aplicar lo elegido de un lote"),
        gettext_lazy("Se aplica todo lo elegido o nada. Al terminar verá qué se registró."),
        gettext_lazy("No se aplicó nada"), _lote_url, _lote_url, _applied, _rows_read,
    ),
}  # fmt: skip


def words_of(trabajo: Trabajo) -> Words:
    """Return the words of the kind of a job. Raises LookupError for a kind that has none."""
    if trabajo.tipo not in WORDS:
        raise LookupError(f"La clase de trabajo «{trabajo.tipo}» no tiene palabras. Agréguelas en {__name__}.")
    return WORDS[trabajo.tipo]

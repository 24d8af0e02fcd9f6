"""Declare the job that writes a long list as its page would."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from email.message import Message

from django.contrib.messages import get_messages
from django.contrib.messages.storage import default_storage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.urls import resolve
from django.utils.translation import gettext as _
from django.utils.translation import override

from sif.jobs.bounds import TooLongForSheet, unbounded
from sif.jobs.files import FileGone, keep, made_file, open_kept
from sif.jobs.kinds import Encargo, Kind, register
from sif.jobs.models import Trabajo
from sif.jobs.services import ask
from sif.registry.models import Usuario
from sif.registry.scope import EVERYTHING
from sif.registry.selectors import roles_of, scope_of_user
from sif.web.searched import opened

LIST = "lista_archivo"


class NoFile(ValueError):
    """The page answered with no file: its own words say why."""


@dataclass(frozen=True, slots=True)
class AskedFile:
    """The request of a file: its address and query, its form if it was posted, its language, and the stage at hand."""

    ruta: str
    consulta: str
    datos: str
    idioma: str
    sesion: Mapping[str, int]


def ask_for_list(asked: AskedFile, by: Usuario) -> Trabajo:
    """Ask for the file of a list. The request is kept as a file: its filter may name people."""
    said = json.dumps(asdict(asked), sort_keys=True)
    sha256, _size = keep(lambda stream: stream.write(said.encode()))
    return ask(LIST, f"{by.pk}:{sha256}", {"pedido": sha256}, by)


def asked_of(trabajo: Trabajo) -> AskedFile:
    """Return the request of a job. Raises FileGone."""
    with open_kept(str(trabajo.referencia["pedido"])) as stream:
        return AskedFile(**json.load(stream))


def may_download(trabajo: Trabajo, by: Usuario) -> bool:
    """Return whether the person still has every role and all of the scope with which the file was written."""
    now, then = scope_of_user(by), str(trabajo.resultado["alcance"])
    within = now == EVERYTHING or (then != EVERYTHING and set(then.split(",")) <= set(now.split(",")))
    return within and set(trabajo.resultado["funciones"]) <= roles_of(by)


def _write(encargo: Encargo) -> Mapping[str, object]:
    """Give the request again to the view of its page, which checks the person and the filter as it always does."""
    asked, by = asked_of(encargo.trabajo), encargo.persona
    request = _request(asked, by)
    assert request.resolver_match is not None
    view, args, kwargs = request.resolver_match
    with override(asked.idioma), unbounded():
        try:
            answer = view(request, *args, **kwargs)
        except (Http404, PermissionDenied) as refused:
            raise NoFile(str(refused) or _("Ya no puede consultar esa página.")) from refused
        made = made_file(lambda stream: stream.writelines(answer), _name(request, answer), answer["Content-Type"])
    return {**made, "alcance": scope_of_user(by), "funciones": sorted(roles_of(by))}


def _request(asked: AskedFile, by: Usuario) -> HttpRequest:
    request = HttpRequest()
    request.method = "POST" if asked.datos else "GET"
    request.path = request.path_info = asked.ruta
    request.META = {"QUERY_STRING": asked.consulta, "PATH_INFO": asked.ruta, "REQUEST_METHOD": request.method}
    request.GET = opened(QueryDict(asked.consulta), by)  # type: ignore[assignment]
    request.POST = QueryDict(asked.datos)
    request.session = SessionStore()
    request.session.update(dict(asked.sesion))
    request.user = by
    request.resolver_match = resolve(asked.ruta)
    request._messages = default_storage(request)  # type: ignore[attr-defined]
    return request


def _name(request: HttpRequest, answer: HttpResponseBase) -> str:
    """The name under which the answer is downloaded. Raises NoFile with the words of the page if it is no file."""
    head = Message()
    head["Content-Disposition"] = answer.get("Content-Disposition", "")
    if answer.status_code != 200 or head.get_content_disposition() != "attachment":
        said = " ".join(str(each) for each in get_messages(request))
        raise NoFile(said or _("La página ya no da ese archivo: vuelva a ella y lea por qué."))
    return head.get_filename() or "archivo"


register(Kind(LIST, _write, refusals=(NoFile, FileGone, TooLongForSheet), may_download=may_download))

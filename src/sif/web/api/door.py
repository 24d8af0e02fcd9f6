"""Authenticate API keys, open their scope, and answer refusals as problem+json."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from sif.batch.claves import key_of
from sif.batch.models import ClaveApi
from sif.batch.programs import FilasRefused
from sif.registry import events, limits
from sif.registry.models import Contabilidad, Usuario
from sif.registry.scope import set_scope
from sif.registry.selectors import contabilidades_of, scope_of_user
from sif.values import Problem, Refused
from sif.web.accounts.factors import lacks_factor

PROBLEM = "application/problem+json"
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Clave(HttpBearer):
    """Authorization: Bearer sif_…, a key made on the page of keys."""

    def authenticate(self, request: HttpRequest, token: str) -> Usuario | None:
        """Return the person as whom the key acts, or None.

        Raises Limited beyond the rate of an address or a person, and ReadOnly for a key that only reads where the
        method is not one that reads.
        """
        address = limits.of_address(request.META["REMOTE_ADDR"])
        wait = limits.waiting(limits.API_WRONG_KEY, address)
        key = None if wait else key_of(token)
        person = key.usuario if key else None
        if person is not None:
            wait = limits.take(limits.API_PERSON, str(person.pk))
        elif not wait:
            limits.take(limits.API_WRONG_KEY, address)
            events.log("entrada", via="clave", motivo="rechazada")
        if person is not None and not wait and lacks_factor(person):
            raise PermissionError("Su función pide segundo factor. Agréguelo en «Segundo factor» y repita la petición.")
        if wait:
            events.log("rechazo", codigo="limite", muro="api", segundos=wait)
            raise Limited(wait)
        if key is not None:
            if key.solo_lectura and request.method not in READING:
                events.log("rechazo", codigo="solo_lectura", muro="api")
                raise ReadOnly(key)
            request.clave = key  # type: ignore[attr-defined]
        return person


class ReadOnly(Exception):
    """A key that only reads was used for an act."""

    def __init__(self, key: ClaveApi) -> None:
        super().__init__(key.nombre)


class Limited(Exception):
    """Too many requests; `wait` is the seconds until the next is admitted."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


GUIDE = """\
Registra pólizas todas o ninguna, con las mismas comprobaciones que la pantalla, y consulta lo registrado. Los importes
son texto con dos decimales.

**Listas largas.** Se piden desde la última fila vista, con `despues` (o `antes`, en los lotes). Su valor lo da
`siguiente` o, donde la respuesta es una lista, la cabecera `Link` con `rel="next"`; sin ellos no hay más. Las cuentas y
la balanza van en una sola página. Un parámetro que no se conoce se rechaza.

**Alcance.** Al hacer una clave se elige si registra o solo consulta. Con la que solo consulta, todo lo que no es GET
contesta 403 `solo_lectura`, y `puede_registrar` es falso.

**Rechazos.** Son `application/problem+json` (RFC 9457); cada uno de `errores` dice fila, columna, código y cura.

- 401 `clave`: falta, venció o se revocó.
- 403 `permiso`: su función no lo admite o le falta el segundo factor; `solo_lectura`: la clave solo consulta;
  `sin_tls`: la petición vino sin cifrar.
- 404 `peticion`: no existe o no es suya, que se contesta igual.
- 422 `forma`, `parametro`, `filas` o el código de lo que se rechaza: nada se registró.
- 429 `limite`: espere los segundos de `Retry-After`.
"""

api = NinjaAPI(
    title="SIF: registro y consulta desde otros programas",
    version="1",
    urls_namespace="api",
    auth=Clave(),
    docs_url="/guia",
    openapi_url="/openapi.json",
    description=GUIDE,
)


@contextmanager
def acting(request: HttpRequest) -> Iterator[Usuario]:
    """The person of the key, with the books of the connection limited to theirs while it lasts."""
    person: Usuario = request.auth  # type: ignore[attr-defined]
    set_scope(scope_of_user(person), person.pk)
    try:
        yield person
    finally:
        set_scope("")


def books_of(person: Usuario, number: int) -> Contabilidad:
    """Return those books if they are of this person; 404 otherwise, whether they exist or not."""
    found = contabilidades_of(person).filter(pk=number).first()
    if found is None:
        raise HttpError(404, f"No tiene una contabilidad con el número {number}.")
    return found


def only(request: HttpRequest, *known: str) -> None:
    """Refuse a parameter that an act does not know: `pagina`, unread, would answer the first page forever."""
    strange = sorted(set(request.GET) - set(known))
    if strange:
        told = f"No se conoce el parámetro «{strange[0][:40]}»."
        raise Refused(Problem("parametro", strange[0][:40], told, f"Use {', '.join(known)}." if known else "Quítelo."))


def tell_next(request: HttpRequest, response: HttpResponse, **last: int) -> None:
    """Say in the header Link the address of the page that follows the last row shown."""
    response["Link"] = f'<{request.build_absolute_uri(f"?{urlencode(last)}")}>; rel="next"'


def problem(
    request: HttpRequest, status: int, code: str, detail: str, errors: Sequence[Mapping[str, object]] = ()
) -> HttpResponse:
    """Return a refusal as application/problem+json."""
    titles = {
        401: "Sin clave",
        403: "Sin permiso",
        404: "No está",
        413: "Demasiado grande",
        422: "No se registró nada",
        429: "Demasiadas peticiones",
        503: "Mucha gente a la vez",
    }
    body = {
        "type": f"urn:sif:problema:{code}",
        "title": titles.get(status, "No se pudo"),
        "status": status,
        "detail": detail,
        "errores": list(errors),
    }
    response = api.create_response(request, body, status=status)
    response["Content-Type"] = PROBLEM
    return response


@api.exception_handler(FilasRefused)
def _rows(request: HttpRequest, refused: FilasRefused) -> HttpResponse:
    errors = [
        {
            "fila": row,
            "poliza": key,
            "columna": each.donde,
            "codigo": each.codigo,
            "mensaje": each.mensaje,
            "cura": each.cura,
        }
        for row, key, each in refused.filas
    ]
    return problem(request, 422, "filas", f"{len(errors)} errores; ninguna póliza se registró.", errors)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    errors = [
        {"columna": each.donde, "codigo": each.codigo, "mensaje": each.mensaje, "cura": each.cura}
        for each in refused.problems
    ]
    return problem(request, refused.status, refused.problems[0].codigo, refused.problems[0].mensaje, errors)


@api.exception_handler(ValidationError)
def _shape(request: HttpRequest, refused: ValidationError) -> HttpResponse:
    errors = []
    for each in refused.errors[:200]:
        place = [str(part) for part in each["loc"] if part not in ("body", "data")]
        errors.append(
            {
                "columna": ".".join(place),
                "codigo": "forma",
                "mensaje": f"{each['msg']}.",
                "cura": "Compárelo con la forma que dice la guía.",
            }
        )
    return problem(request, 422, "forma", "El mensaje no tiene la forma pedida.", errors)


@api.exception_handler(AuthenticationError)
def _nobody(request: HttpRequest, refused: AuthenticationError) -> HttpResponse:
    response = problem(request, 401, "clave", "La clave falta, venció o se revocó. Haga otra en «Carga por lotes».")
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(Limited)
def _limited(request: HttpRequest, refused: Limited) -> HttpResponse:
    most = f"{limits.API_PERSON.most} por minuto y persona"
    detail = f"Se admiten {most}. Espere {refused.wait} s y repita la petición: no se registró nada."
    response = problem(request, 429, "limite", detail)
    response["Retry-After"] = str(refused.wait)
    return response


@api.exception_handler(PermissionError)
def _stranger(request: HttpRequest, refused: PermissionError) -> HttpResponse:
    return problem(request, 403, "permiso", str(refused))


@api.exception_handler(ReadOnly)
def _read_only(request: HttpRequest, refused: ReadOnly) -> HttpResponse:
    cure = "Haga otra que también registre en «Claves para otros programas»: no se registró nada."
    return problem(request, 403, "solo_lectura", f"La clave «{refused}» solo consulta. {cure}")


@api.exception_handler(HttpError)
def _plain(request: HttpRequest, refused: HttpError) -> HttpResponse:
    return problem(request, refused.status_code, "peticion", str(refused))

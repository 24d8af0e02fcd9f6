"""Ask again who acts before an act of law, when the entry is not recent, and use each proof for one act."""

import hashlib
from collections.abc import Callable
from secrets import token_urlsafe
from time import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sif.registry import events, limits
from sif.registry.models import Usuario
from sif.web.accounts.factors import to_page
from sif.web.accounts.forms import AgainCodeForm
from sif.web.accounts.sessions import entered_at, renew
from sif.web.seats import to_login

ACTS: dict[str, str] = {
    "party:firmar_aqui": "party:informe", "party:retirar_firma": "party:informe",
    "party:presentar_sola": "party:informe", "auditor:emitir": "", "auditor:segundo": "",
    "auditor:retirar": "auditor:observacion",
    "auditor:cerrar_dictamen": "auditor:dictamen", "council:votar": "", "council:someter": "council:resolucion",
    "council:contar": "council:resolucion", "auditor:publicacion": "", "personas": "", "persona_acto": "personas",
    "invitacion_retirar": "personas", "nombramiento_terminar": "personas", "party:cep_firmar": "party:cep",
    "party:cep_firmar_aqui": "party:cep", "party:lotes_claves": "",
    "propuesta_cuenta": "personas", "administration:propuesta": "", "administration:correccion": "",
    "administration:fechas": "", "administration:cierre": "",
    "council:base_resolver": "council:base", "council:leyes_resolver": "council:leyes_espera",
    "party:contestar": "party:oficio", "administration:historico_visto": "",
    "administration:historico_retirar": "administration:historico", "administration:candidatura_fin": "",
    "administration:candidatura_sustituir": "", "administration:candidatura_restituir": "",
    "party:avisar": "party:contrato", "party:aviso_cancelar": "party:contrato", "administration:topes_vistos": "",
    "party:prorrateo_informar": "party:prorrateo", "mi_rfc": "", "administration:integrantes": "",
    "mi_correo": "", "invitacion_reenviar": "personas", "administration:relevo": "", "personas_archivo_visto": "",
    "administration:candidatura_cambiar": "", "administration:raices_publicar": "administration:raices",
    "nombramiento_guardar": "", "nombramiento_delegar": "", "nombramiento_revocar": "nombramiento",
    "party:obligacion": "",
}  # fmt: skip
"""Acts that ask again, by the name of their address, and the page that holds their form; '' is the act's own page."""
READ_FREELY = frozenset(
    {
        *("auditor:publicacion", "administration:propuesta", "administration:correccion", "party:lotes_claves"),
        *("administration:fechas", "administration:cierre"),
        *("administration:historico_visto", "administration:topes_vistos", "mi_rfc"),
        *("mi_correo", "personas_archivo_visto", "party:obligacion"),
    }
)
"""Pages that many read and few act on: they ask when the act is sent, not when the page is opened."""
MANY = frozenset({"party:contestar"})
"""Acts that are done one after another on one object, as the answers to an oficio: a proof serves for all of them while
it lasts."""
PROOFS, SALT = "actos_probados", "sif.acto"
PROOF_LASTS = 300  # seconds from the proof to the act
KEPT = "acto_por_enviar"
KEPT_MOST = 60_000  # characters of a form that waits in the session while its sender confirms


class AgainMiddleware:
    """Before an act of ACTS ask for the password or a factor, unless the person entered a short while ago."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and use up the proof of an act that was done."""
        response = self.get_response(request)
        key = getattr(request, "act_proof", "")
        if not key:
            return response
        if 300 <= response.status_code < 400:
            request.session[PROOFS] = {each: proof for each, proof in _proofs(request).items() if each != key}
        elif response.status_code < 500:  # it was refused, and is sent again once it is right
            limits.give_back(limits.PROOF, _proofs(request)[key][1])
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> HttpResponse | None:
        """Send to the page that asks, before the form of the act and before the act."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name not in ACTS or not request.user.is_authenticated:
            return None
        if name in READ_FREELY and request.method in ("GET", "HEAD", "OPTIONS"):
            return None
        if time() - entered_at(request) < settings.ACT_SECONDS:
            return None
        key = act_key("personas", {}) if ACTS[name] == "personas" else act_key(name, _object_of(name, kwargs))
        if _proves(request, key, spends=request.method == "POST" and name not in MANY):
            return None
        back = request.get_full_path()
        _keep_form(request, key)
        if request.method == "POST":
            form = ACTS[name]
            back = reverse(form, kwargs=_of(form, kwargs)) if form else request.path
        asked = urlencode({"acto": signing.dumps(key, salt=SALT), "next": back})
        return to_page(request, f"{reverse('confirmar')}?{asked}")


def _proves(request: HttpRequest, key: str, *, spends: bool) -> bool:
    """Return whether the session holds a proof for an act, and spend that proof where `spends`.

    Of several requests that spend a proof at once, the first alone succeeds. A row of the database records the spent
    proof, since a request that began before would save its session with the proof still in it.
    """
    _at, number = _proofs(request).get(key, (0.0, ""))
    if not number or (limits.take if spends else limits.waiting)(limits.PROOF, number):
        return False
    if spends:
        request.act_proof = key  # type: ignore[attr-defined]
    return True


def act_key(name: str, kwargs: dict[str, object]) -> str:
    """Return the key of one act: its verb, its object and its version, as its address names them."""
    return hashlib.sha256(f"{name} {sorted(kwargs.items())}".encode()).hexdigest()[:32]


def _keep_form(request: HttpRequest, key: str) -> None:
    """Keep what was sent while its sender confirms, so that no text is lost; files and longer forms are not kept."""
    request.session.pop(KEPT, None)
    fields = [(name, text) for name, texts in request.POST.lists() for text in texts if name != "csrfmiddlewaretoken"]
    if request.method != "POST" or request.FILES or sum(len(name) + len(text) for name, text in fields) > KEPT_MOST:
        return
    request.session[KEPT] = {"acto": key, "url": request.get_full_path(), "campos": fields}


def _object_of(name: str, kwargs: dict[str, object]) -> dict[str, object]:
    """Return what a proof is for: all of the address, and of an act of MANY the object of its form."""
    return _of(ACTS[name], kwargs) if name in MANY else kwargs


def _of(name: str, kwargs: dict[str, object]) -> dict[str, object]:
    """Return the parts of an act's address that the address of its form has too."""
    if name in ("personas", "party:prorrateo"):
        return {}
    own = {"party:informe": "version", "party:oficio": "observacion"}.get(name)
    return {key: value for key, value in kwargs.items() if key != own}


def _proofs(request: HttpRequest) -> dict[str, tuple[float, str]]:
    """Return the proofs of the last five minutes by their act: when each was given, and its number."""
    now = time()
    kept = request.session.get(PROOFS, {}).items()
    return {key: (float(at), str(number)) for key, (at, number) in kept if now - at < PROOF_LASTS}


class PasswordForm(forms.Form):
    """The password of who acts."""

    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        label=gettext_lazy("Contraseña"),
    )

    def __init__(self, data: QueryDict | None, user: Usuario) -> None:
        super().__init__(data)
        self.user = user

    def clean_password(self) -> str:
        """Check the password, within the limits of an entry. Raises ValidationError."""
        given = str(self.cleaned_data["password"])
        if not get_adapter().reauthenticate(self.user, given):
            raise ValidationError(_("La contraseña no es la suya. Escríbala otra vez."))
        return given


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for a code where the person has a factor of codes, otherwise for the password; a passkey serves as well."""
    user = request.user
    if not user.is_authenticated:
        return to_login(request)
    try:
        key = str(signing.loads(request.GET.get("acto", ""), salt=SALT, max_age=3600))
    except signing.BadSignature as wrong:
        raise Http404("No hay acto por confirmar.") from wrong
    back = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    codes = is_mfa_enabled(user, ["totp"])
    data = request.POST if request.method == "POST" else None
    form: Any = AgainCodeForm(data=data, user=user) if codes else PasswordForm(data, user)
    if _proven_by_passkey(request) or form.is_valid():
        if codes and form.is_bound:
            form.save()
        _grant(request, key)
        return _go_on(request, key, back)
    here = urlencode({"next": request.get_full_path()})
    context = {
        "form": form,
        "volver": back,
        "con_clave": codes or user.has_usable_password(),
        "llave": f"{reverse('mfa_reauthenticate_webauthn')}?{here}" if is_mfa_enabled(user, ["webauthn"]) else "",
    }
    return render(request, "account/confirm.html", context, status=422 if form.errors else 200)


def _go_on(request: HttpRequest, key: str, back: str) -> HttpResponse:
    """Go to the form of the act; to a page that sends again what was sent before confirming, if it was kept."""
    kept = request.session.pop(KEPT, None)
    if kept is None or kept["acto"] != key:
        return HttpResponseRedirect(back)
    texts = [text for name, text in kept["campos"] if " " in text.strip()]
    return render(request, "account/resume.html", {"kept": kept, "textos": texts, "volver": back})


def _proven_by_passkey(request: HttpRequest) -> bool:
    """Return whether the person has just entered again with a passkey, in a proof that no act used."""
    methods = request.session.get("account_authentication_methods", [])
    last = next((each for each in reversed(methods) if each.get("reauthenticated")), None)
    if last is None or last.get("type") != "webauthn" or time() - last["at"] > PROOF_LASTS:
        return False
    return limits.take(limits.PROOF, f"{request.user.pk} {last['at']}") == 0


def _grant(request: HttpRequest, key: str) -> None:
    """Keep the proof for one act, under a new name of the session. Raises SessionInterrupted as `renew`."""
    renew(request)
    request.session[PROOFS] = {**_proofs(request), key: (time(), token_urlsafe(12))}
    events.log("entrada", persona=request.user.pk, via="confirmacion", motivo="aceptada")

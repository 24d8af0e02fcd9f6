"""Route the addresses under /cuenta/: ours first, then those of the login library."""

from django.urls import include, path, re_path

from sif.web.accounts import accesos, again, archivo, correo, federated, nombramientos, people, relevos, rfc, views
from sif.web.accounts.listed import own_sessions

urlpatterns = [
    path("accesos/", accesos.listing, name="accesos"),
    path("mis-accesos/", accesos.own, name="mis_accesos"),
    re_path(r"^personas/(?P<number>[0-9]{1,15})/accesos/$", accesos.of_person, name="persona_accesos"),
    path("personas/", people.people, name="personas"),
    path("personas/archivo/", archivo.upload, name="personas_archivo"),
    re_path(r"^personas/archivo/(?P<sha256>[0-9a-f]{64})/$", archivo.look, name="personas_archivo_visto"),
    re_path(
        r"^personas/(?P<number>[0-9]{1,15})/(?P<verb>enlace|factor|deshabilitar)/$", people.act, name="persona_acto"
    ),
    re_path(
        r"^personas/propuestas/(?P<number>[0-9]{1,15})/(?P<verb>aprobar|rechazar|retirar)/$",
        people.resolve,
        name="propuesta_cuenta",
    ),
    path("nombramientos/", nombramientos.own, name="mis_nombramientos"),
    re_path(r"^nombramientos/(?P<number>[0-9]{1,15})/$", nombramientos.sheet, name="nombramiento"),
    re_path(
        r"^nombramientos/(?P<number>[0-9]{1,15})/(?P<verb>documento|prolongar)/$",
        nombramientos.keep,
        name="nombramiento_guardar",
    ),
    re_path(r"^nombramientos/(?P<number>[0-9]{1,15})/delegar/$", nombramientos.delegated, name="nombramiento_delegar"),
    re_path(r"^nombramientos/(?P<number>[0-9]{1,15})/revocar/$", nombramientos.revoke, name="nombramiento_revocar"),
    re_path(r"^nombramientos/(?P<number>[0-9]{1,15})/terminar/$", people.end, name="nombramiento_terminar"),
    re_path(r"^invitaciones/(?P<number>[0-9]{1,15})/retirar/$", people.withdraw, name="invitacion_retirar"),
    re_path(r"^invitacion/(?P<token>[A-Za-z0-9_-]{43})/$", people.accept, name="invitacion"),
    re_path(r"^invitaciones/(?P<number>[0-9]{1,15})/reenviar/$", people.resend, name="invitacion_reenviar"),
    re_path(r"^relevos/(?P<number>[0-9]{1,15})/$", relevos.relief, name="relevo"),
    re_path(r"^nombramientos/documentos/(?P<number>[0-9]{1,15})/$", relevos.document, name="nombramiento_documento"),
    path("correo/", correo.own_address, name="mi_correo"),
    path("rfc/", rfc.own_rfc, name="mi_rfc"),
    path("rfc/cadena/", rfc.cadena, name="mi_rfc_cadena"),
    path("confirmar/", again.confirm, name="confirmar"),
    re_path(r"^sessions/(?P<number>[0-9]{1,15})/cerrar/$", views.end_session, name="sesion_cerrar"),
    path("2fa/authenticate/", views.second_step),
    path("sessions/", own_sessions),
    path("sigo/", views.going_on, name="sigo"),
    path("signup/", views.closed),
    path("password/reset/", views.forgotten),
    path("password/reset/<path:rest>", views.ask),
    path("email/", views.ask),
    path("confirm-email/", views.ask),
    path("confirm-email/<path:rest>", views.ask),
    path("oidc/institucion/login/", federated.login),
    path("oidc/institucion/login/callback/", federated.callback),
    path("", include("allauth.urls")),
]

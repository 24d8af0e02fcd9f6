"""The addresses of the desk of administration."""

from django.urls import include, path, re_path

from sif.web.admin import correos, historicos, home, raices

app_name = "administration"
FOLDERS = ("padron", "proceso")
urlpatterns = [
    path("", home.home, name="home"),
    path("procesos/<int:pk>/faltantes/", home.missing, name="faltantes"),
    path("historicos/", historicos.Pasts.at(), name="historicos"),
    path("historicos/nuevo/", historicos.NewPast.at(), name="historico_nuevo"),
    re_path(r"^historicos/archivo/(?P<sha256>[0-9a-f]{64})/$", historicos.look, name="historico_visto"),
    path("historicos/<int:pk>/", historicos.PastAccounts.at(), name="historico"),
    path("historicos/<int:pk>/retirar/", historicos.withdraw, name="historico_retirar"),
    path("correos/", correos.Mails.at(), name="correos"),
    path("correos/<int:pk>/", correos.mail, name="correo"),
    path("correos/<int:pk>/reintentar/", correos.again, name="correo_reintentar"),
    path("raices/", raices.page, name="raices"),
    path("raices/publicar/", raices.publish, name="raices_publicar"),
    *(path("", include(f"sif.web.admin.{folder}.urls")) for folder in FOLDERS),
]

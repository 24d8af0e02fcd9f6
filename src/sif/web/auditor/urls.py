"""The addresses of the auditor desk."""

from django.urls import include, path

from sif.web.auditor import calendario, home, publicacion

app_name = "auditor"
FOLDERS = ("cola", "expediente", "listas", "medir", "oficios")
urlpatterns = [
    path("", home.home, name="home"),
    path("etapas/", home.choose_stage, name="etapas"),
    path("calendario/", calendario.listing, name="calendario"),
    path("publicacion/", publicacion.publicacion, name="publicacion"),
    *(path("", include(f"sif.web.auditor.{folder}.urls")) for folder in FOLDERS),
]

"""The addresses of the party desk: those of each of its folders."""

from django.urls import include, path

app_name = "party"
FOLDERS = ("bancos", "campana", "captura", "catalogos", "cfdi", "hoy", "informes", "libros", "lotes", "prorrateo")
urlpatterns = [path("", include(f"sif.web.party.{folder}.urls")) for folder in FOLDERS]

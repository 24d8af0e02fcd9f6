"""The addresses of the public desk; they are permanent, and filters live in the query string."""

from django.urls import path

from sif.web.public import candidatura, candidaturas, datos, documentos, home, registro, reglas, sanciones, servicio

app_name = "public"
urlpatterns = [
    path("", home.home, name="home"),
    path("candidaturas/", candidaturas.listing, name="candidaturas"),
    path("candidaturas/lista.<str:kind>", candidaturas.export, name="candidaturas_archivo"),
    path("candidaturas/<int:numero>/", candidatura.page, name="candidatura"),
    path("sanciones/", sanciones.listing, name="sanciones"),
    path("sanciones/lista.<str:kind>", sanciones.export, name="sanciones_archivo"),
    path("reglas/", reglas.listing, name="reglas"),
    path("reglas/<str:clave>/", reglas.page, name="regla"),
    path("documentos/", documentos.listing, name="documentos"),
    path("documentos/<path:clave>.pdf", documentos.download, name="documento"),
    path("datos-abiertos/", datos.listing, name="datos"),
    path("datos-abiertos/<str:proceso>/<str:archivo>.csv", datos.download, name="archivo"),
    path("registro/", registro.listing, name="registro"),
    path("registro/cortes.json", registro.index, name="cortes"),
    path("registro/<int:numero>/", registro.page, name="corte"),
    path("registro/<int:numero>/raices.json", registro.roots_file, name="raices"),
    path("registro/<int:numero>/raices.json.tsr", registro.stamp_file, name="sello_tiempo"),
    path("verificar/", servicio.verify, name="verificar"),
]

"""The addresses of the public desk; they are permanent, and filters live in the query string."""

from django.urls import path, re_path

from sif.web.public import (
    candidatura,
    candidaturas,
    codigos,
    datos,
    documentos,
    emblema,
    historico,
    home,
    registro,
    reglas,
    retiros,
    sanciones,
    sellados,
    servicio,
)
from sif.web.public.stage import noticed

app_name = "public"
urlpatterns = [
    path("", noticed(home.home), name="home"),
    path("candidaturas/", noticed(candidaturas.listing), name="candidaturas"),
    path("candidaturas/lista.<str:kind>", noticed(candidaturas.export), name="candidaturas_archivo"),
    path("candidaturas/<int:numero>/", noticed(candidatura.page), name="candidatura"),
    re_path(r"^emblemas/(?P<sha256>[0-9a-f]{64})\.png$", noticed(emblema.picture), name="emblema"),
    path("historicos/<int:pk>/", noticed(historico.PastProcess.at()), name="historico"),
    path("sanciones/", noticed(sanciones.listing), name="sanciones"),
    path("sanciones/lista.<str:kind>", noticed(sanciones.export), name="sanciones_archivo"),
    path("reglas/", noticed(reglas.listing), name="reglas"),
    path("reglas/<str:clave>/", noticed(reglas.page), name="regla"),
    path("documentos/", noticed(documentos.listing), name="documentos"),
    path("documentos/<path:clave>.pdf", noticed(documentos.download), name="documento"),
    path("datos-abiertos/", noticed(datos.listing), name="datos"),
    path("datos-abiertos/<str:proceso>/<str:archivo>.<str:forma>", noticed(datos.download), name="archivo"),
    path("retiros/", noticed(retiros.listing), name="retiros"),
    path("retiros/lista.<str:kind>", noticed(retiros.export), name="retiros_archivo"),
    path("registro/", noticed(registro.listing), name="registro"),
    path("registro/cortes.json", noticed(registro.index), name="cortes"),
    path("registro/<int:numero>/", noticed(registro.page), name="corte"),
    path("registro/<int:numero>/raices.json", noticed(registro.roots_file), name="raices"),
    path("registro/<int:numero>/raices.json.tsr", noticed(registro.stamp_file), name="sello_tiempo"),
    path("verificar/", noticed(servicio.verify), name="verificar"),
    path("verificar/codigo/", noticed(codigos.page), name="codigo"),
    path("verificar/documento/", noticed(sellados.page), name="sellado"),
    path("verificar/sello.cer", noticed(sellados.certificate), name="sello"),
    path("verificar/verificar.html", noticed(servicio.verifier), name="verificador"),
]

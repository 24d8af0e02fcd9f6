"""The addresses of prorrateo and transfers."""

from django.urls import path

from sif.web.party import prorrateo, prorrateo_nuevo, traspasos

urlpatterns = [
    path("prorrateo/", prorrateo.Shared.at(), name="prorrateo"),
    path("prorrateo/gasto/", prorrateo_nuevo.choose, name="prorrateo_gasto"),
    path("prorrateo/informar/<int:etapa>/<int:sujeto>/", prorrateo.inform, name="prorrateo_informar"),
    path("prorrateo/nuevo/<int:number>/", prorrateo_nuevo.written, name="prorrateo_escribir"),
    path("prorrateo/nuevo/<int:number>/<int:asiento>/", prorrateo_nuevo.posted, name="prorratear"),
    path("prorrateo/de-poliza/<int:number>/<int:asiento>/", prorrateo.of_poliza, name="prorrateo_de_poliza"),
    path("prorrateo/folio/<str:folio>/", prorrateo.sheet, name="prorrateo_ficha"),
    path("prorrateo/folio/<str:folio>/cedula.pdf", prorrateo.cedula, name="prorrateo_cedula"),
    path("prorrateo/folio/<str:folio>/revertir/", prorrateo.undo, name="prorrateo_revertir"),
    path("traspasos/", traspasos.Transfers.at(), name="traspasos"),
    path("traspasos/nuevo/", traspasos.new, name="traspaso"),
]

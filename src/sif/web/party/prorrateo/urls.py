"""The addresses of party/prorrateo."""

from django.urls import path

from sif.web.party.prorrateo import prorrateo_list, traspasos, wizard

urlpatterns = [
    path("prorrateo/", prorrateo_list.Shared.at(), name="prorrateo"),
    path("prorrateo/gasto/", wizard.choose, name="prorrateo_gasto"),
    path("prorrateo/informar/<int:etapa>/<int:sujeto>/", prorrateo_list.inform, name="prorrateo_informar"),
    path("prorrateo/nuevo/<int:number>/", wizard.written, name="prorrateo_escribir"),
    path("prorrateo/nuevo/<int:number>/<int:asiento>/", wizard.posted, name="prorratear"),
    path("prorrateo/de-poliza/<int:number>/<int:asiento>/", prorrateo_list.of_poliza, name="prorrateo_de_poliza"),
    path("prorrateo/folio/<str:folio>/", prorrateo_list.sheet, name="prorrateo_ficha"),
    path("prorrateo/folio/<str:folio>/cedula.pdf", prorrateo_list.cedula, name="prorrateo_cedula"),
    path("prorrateo/folio/<str:folio>/revertir/", prorrateo_list.undo, name="prorrateo_revertir"),
    path("traspasos/", traspasos.Transfers.at(), name="traspasos"),
    path("traspasos/nuevo/", traspasos.new, name="traspaso"),
]

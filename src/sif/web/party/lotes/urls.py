"""The addresses of party/lotes."""

from django.urls import path

from sif.web.party.lotes import api_keys, preview, sat_lots, uploads

_LOT = "lotes/<int:number>/<int:lote>/"
urlpatterns = [
    path("lotes/", uploads.Lots.at(), name="lotes"),
    path("lotes/plantillas/<slug:clave>.<slug:formato>", uploads.template, name="lotes_plantilla"),
    path("lotes/contabilidad-electronica/", sat_lots.sheet, name="lotes_sat"),
    path("lotes/claves/", api_keys.listing, name="lotes_claves"),
    path(_LOT, preview.sheet, name="lote"),
    path(f"{_LOT}filas/<int:fila>/", preview.row, name="lote_fila"),
    path(f"{_LOT}errores.csv", preview.errors, name="lote_errores"),
    path(f"{_LOT}cuentas/", sat_lots.accounts, name="lote_equivalencias"),
]

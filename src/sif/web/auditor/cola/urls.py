"""The addresses of auditor/cola."""

from django.urls import path

from sif.web.auditor.cola import hallazgos, masa, vistas

urlpatterns = [
    path("hallazgos/", hallazgos.hallazgos, name="hallazgos"),
    path("hallazgos/exportar.<str:kind>", hallazgos.export, name="exportar"),
    path("hallazgos/masa/", masa.bulk, name="masa"),
    path("hallazgos/vistas/", vistas.save, name="guardar_vista"),
    path("hallazgos/vistas/<int:pk>/borrar/", vistas.drop, name="borrar_vista"),
]

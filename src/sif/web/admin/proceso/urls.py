"""The addresses of admin/proceso."""

from django.urls import path, re_path

from sif.web.admin.proceso import cierre, fechas, formulas, procesos, topes

urlpatterns = [
    path("procesos/", procesos.Processes.at(), name="procesos"),
    path("procesos/nuevo/", procesos.NewProcess.at(), name="proceso_nuevo"),
    path("procesos/calendario/", procesos.Calendar.at(), name="calendario"),
    path("procesos/propuestas/<int:pk>/", procesos.proposal, name="propuesta"),
    path("procesos/<int:pk>/", procesos.process, name="proceso"),
    path("etapas/<int:pk>/fechas/", fechas.MoveDays.at(), name="fechas_mover"),
    path("etapas/<int:pk>/cierre/", cierre.closing, name="cierre"),
    path("fechas/<int:pk>/", fechas.days, name="fechas"),
    path("topes/formula/", formulas.Formulas.at(), name="topes_formula"),
    path("topes/plantilla/", topes.sample, name="topes_plantilla"),
    path("topes/", topes.Caps.at(), name="topes"),
    re_path(r"^topes/(?P<etapa>[0-9]{1,15})/(?P<sha256>[0-9a-f]{64})/$", topes.look, name="topes_vistos"),
]

"""The addresses of the auditor desk."""

from django.urls import path

from sif.web.auditor import dictamenes, hallazgos, home, observaciones, oficios, rules

app_name = "auditor"
urlpatterns = [
    path("", home.home, name="home"),
    path("etapas/", home.choose_stage, name="etapas"),
    path("hallazgos/", hallazgos.hallazgos, name="hallazgos"),
    path("hallazgos/exportar.<str:kind>", hallazgos.export, name="exportar"),
    path("hallazgos/masa/", hallazgos.bulk, name="masa"),
    path("hallazgos/<int:pk>/", hallazgos.hallazgo, name="hallazgo"),
    path("hallazgos/<int:pk>/decidir/", hallazgos.decide, name="decidir"),
    path("hallazgos/<int:pk>/archivos/<str:sha256>/", hallazgos.file, name="archivo"),
    path("reglas/", rules.coverage, name="cobertura"),
    path("reglas/<str:clave>/", rules.rule, name="regla"),
    path("reglas/<str:clave>/texto/", rules.printed_rule, name="regla_texto"),
    path("observaciones/", observaciones.observaciones, name="observaciones"),
    path("observaciones/<int:pk>/", observaciones.observacion, name="observacion"),
    path("oficios/", oficios.oficios, name="oficios"),
    path("oficios/emitir/<int:sujeto>/", oficios.issue, name="emitir"),
    path("oficios/<int:pk>/", oficios.oficio, name="oficio"),
    path("oficios/<int:pk>/documento.<str:kind>", oficios.oficio_document, name="oficio_documento"),
    path("respuestas/", oficios.answers, name="respuestas"),
    path("dictamenes/", dictamenes.dictamenes, name="dictamenes"),
    path("dictamenes/abrir/<int:sujeto>/", dictamenes.open_, name="abrir_dictamen"),
    path("dictamenes/<int:pk>/", dictamenes.dictamen, name="dictamen"),
    path("dictamenes/<int:pk>/cerrar/", dictamenes.close, name="cerrar_dictamen"),
    path("dictamenes/<int:pk>/documento.<str:kind>", dictamenes.dictamen_document, name="dictamen_documento"),
    path("conclusiones/<int:pk>/", dictamenes.conclusion, name="conclusion"),
]

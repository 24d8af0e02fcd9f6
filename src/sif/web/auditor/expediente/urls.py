"""The addresses of auditor/expediente."""

from django.urls import path

from sif.web.auditor.expediente import actos, expediente, observaciones, rules

urlpatterns = [
    path("hallazgos/<int:pk>/", expediente.hallazgo, name="hallazgo"),
    path("hallazgos/<int:pk>/decidir/", actos.decide, name="decidir"),
    path("hallazgos/<int:pk>/resolver/", actos.resolve, name="resolver"),
    path("hallazgos/<int:pk>/anotar/", actos.note, name="anotar"),
    path("hallazgos/<int:pk>/papeles/", expediente.papers, name="papeles"),
    path("hallazgos/<int:pk>/archivos/<str:sha256>/", expediente.file, name="archivo"),
    path("hallazgos/<int:pk>/archivos/<str:sha256>/pagina.png", expediente.picture, name="imagen"),
    path("reglas/", rules.coverage, name="cobertura"),
    path("reglas/<str:clave>/", rules.rule, name="regla"),
    path("reglas/<str:clave>/texto/", rules.printed_rule, name="regla_texto"),
    path("observaciones/", observaciones.observaciones, name="observaciones"),
    path("observaciones/<int:pk>/", observaciones.observacion, name="observacion"),
    path("observaciones/<int:pk>/sin-efecto/", observaciones.without_effect, name="sin_efecto"),
    path("observaciones/<int:pk>/retirar/", observaciones.withdraw, name="retirar"),
]

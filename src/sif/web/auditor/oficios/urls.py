"""The addresses of auditor/oficios."""

from django.urls import path

from sif.web.auditor.oficios import dictamenes, oficios, segundo

urlpatterns = [
    path("oficios/", oficios.oficios, name="oficios"),
    path("oficios/emitir/<int:sujeto>/", oficios.issue, name="emitir"),
    path("oficios/<int:pk>/", oficios.oficio, name="oficio"),
    path("oficios/<int:pk>/documento.<str:kind>", oficios.oficio_document, name="oficio_documento"),
    path("oficios/<int:pk>/segundo/", segundo.second, name="segundo"),
    path("respuestas/", oficios.answers, name="respuestas"),
    path("dictamenes/", dictamenes.dictamenes, name="dictamenes"),
    path("dictamenes/abrir/<int:sujeto>/", dictamenes.open_, name="abrir_dictamen"),
    path("dictamenes/<int:pk>/", dictamenes.dictamen, name="dictamen"),
    path("dictamenes/<int:pk>/cerrar/", dictamenes.close, name="cerrar_dictamen"),
    path("dictamenes/<int:pk>/documento.<str:kind>", dictamenes.dictamen_document, name="dictamen_documento"),
    path("conclusiones/<int:pk>/", dictamenes.conclusion, name="conclusion"),
]

"""Route the addresses of each desk."""

from django.urls import include, path

from sif.web import desk, signing_frame, views
from sif.web.api.acts import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("auditoria/", include("sif.web.auditor.urls")),
    path("administracion/", include("sif.web.admin.urls")),
    path("consejo/", include("sif.web.council.urls")),
    path("mesa/", desk.my_desk, name="mesa"),
    path("partido/", include("sif.web.party.urls")),
    path("efirma/marco/", signing_frame.frame, name="efirma_marco"),
    path("ir/", views.go_to, name="ir_a"),
    path("idioma/<str:code>/", views.language, name="idioma"),
    path("trabajos/", include("sif.web.trabajos.urls")),
    path("tema/<str:name>/", views.theme, name="tema"),
    path("teclas/", views.keys, name="teclas"),
    path("muestras/", views.sample_sheet, name="muestras"),
    path("muestras/publico/", views.sample_public, name="muestras_publico"),
    path("", include("sif.web.public.root_urls")),
    path("", include("sif.web.public.urls")),
]

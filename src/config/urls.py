"""The addresses of the whole system: each desk keeps its own list."""

from django.urls import include, path

urlpatterns = [
    path("cuenta/", include("sif.web.accounts.urls")),
    path("", include("sif.web.urls")),
]

handler500 = "sif.web.outage.failed"

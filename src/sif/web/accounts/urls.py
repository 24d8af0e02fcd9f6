"""The addresses under /cuenta/: ours first, then those of the login library."""

from django.urls import include, path

from sif.web.accounts import views

urlpatterns = [
    path("signup/", views.closed),
    path("password/reset/", views.ask),
    path("password/reset/<path:rest>", views.ask),
    path("email/", views.ask),
    path("confirm-email/", views.ask),
    path("confirm-email/<path:rest>", views.ask),
    path("", include("allauth.urls")),
]

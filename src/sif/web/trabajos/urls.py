"""The addresses of jobs, for who has signed in."""

from django.urls import path
from django.views.decorators.cache import never_cache

from sif.web.trabajos import largos, views
from sif.web.trabajos.place import signed_in
from sif.web.trabajos.queue import Queue

app_name = "trabajos"
urlpatterns = [
    path("", never_cache(Queue.at()), name="lista"),
    path("aparte/", signed_in(largos.ask_apart), name="aparte"),
    path("<int:number>/", signed_in(views.job), name="ver"),
    path("<int:number>/avance/", signed_in(views.progress), name="avance"),
    path("<int:number>/archivo/", signed_in(views.file), name="archivo"),
    path("<int:number>/cancelar/", signed_in(views.act), {"verb": "cancelar"}, name="cancelar"),
    path("<int:number>/seguir/", signed_in(views.act), {"verb": "seguir"}, name="seguir"),
]

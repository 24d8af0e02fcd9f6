"""The web room as a Django application: it brings templates, style sheets and sentences, and no tables."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages and pieces of the five desks."""

    name = "sif.web"
    label = "web"

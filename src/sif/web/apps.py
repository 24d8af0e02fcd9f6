"""Configure the Django application of templates, style sheets and sentences, without tables."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages and pieces of the five desks."""

    name = "sif.web"
    label = "web"

    def ready(self) -> None:
        """Give fields our words, and listen to the login library: it tells of a credential by signals alone."""
        from allauth.account.signals import authentication_step_completed, password_changed, password_set
        from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset

        from sif.web.accounts.sessions import begin_with_entry, credential_changed, proven_again
        from sif.web.field_words import speak

        speak()
        for told in (password_changed, password_set, authenticator_added, authenticator_removed, authenticator_reset):
            told.connect(credential_changed, dispatch_uid="sif_credential_changed")
        authentication_step_completed.connect(proven_again, dispatch_uid="sif_proven_again")
        begin_with_entry()

"""Make an installation with books, run by the program of the last release; print the sessions and forms of its people.

`actualizacion.py` runs it with the sources of that release before those of today.
"""

import json
import sys
from pathlib import Path
from typing import Any

import campaign as campaigns
import people

ASKERS, POLIZAS, FORMS = 4, 3_000, 2_000


def session_of(user: Any) -> str:
    """Return the cookie of a session of a person, as the login page leaves it."""
    from django.contrib.auth import login
    from django.http import HttpRequest

    from sif.web.sessions import SessionStore

    request = HttpRequest()
    request.session = SessionStore()
    login(request, user, "django.contrib.auth.backends.ModelBackend")
    request.session.save()
    return str(request.session.secret)


def main() -> int:
    """Fill the folder given and print who asks."""
    campaigns.connect(Path(sys.argv[1]))
    from sif.registry.scope import WHOEVER_SIGNS, everything

    with everything(WHOEVER_SIGNS):
        made = campaigns.make_campaign()
        campaigns.fill(made, POLIZAS)
    print(
        json.dumps(
            {
                "polizas": POLIZAS,
                "personas": [
                    {
                        "sesion": session_of(made.capturistas[place]),
                        "libros": made.libros[place * 6].pk,
                        "formas": [people.poliza_form(made, made.libros[place * 6], n) for n in range(FORMS)],
                    }
                    for place in range(ASKERS)
                ],
            }
        )
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

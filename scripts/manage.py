"""Runs a Django management command on this installation's database, as `scripts/manage.py makemigrations`."""

import sys

from sif.commands import database

if __name__ == "__main__":
    database.setup_django(keyed=False)
    from django.core.management import call_command

    call_command(*sys.argv[1:])

#!/usr/bin/env python
"""Django's command line."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhongshi.settings.development")
    # A command that emits facts wakes the workers too: Celery's application must be ours, not the default one.
    import zhongshi.celery  # noqa: F401 - needs the settings' name first

    execute_from_command_line(sys.argv)

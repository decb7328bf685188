"""Regions an organization may lie in. The storey above knows them; it offers them here when the service starts."""

from django.utils.module_loading import import_string

_offered: list[str] = []


def offer(path: str) -> None:
    """Have the function at the dotted `path` list regions: pairs of code and name in the active language."""
    _offered[:] = [path]


def region_choices() -> list[tuple[str, str]]:
    """Return what is offered now; nothing where nobody offers."""
    return list(import_string(_offered[0])()) if _offered else []


def region_name(code: str) -> str:
    """Return the name of a region; the code itself where nobody knows it."""
    return dict(region_choices()).get(code, code)

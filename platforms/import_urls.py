"""Addresses of the import: the same steps on the operator's desk and in the zone's office."""

from django.urls import URLPattern, path

from .views import import_steps, imports


def _below(prefix: str, name: str, *, office: bool) -> list[URLPattern]:
    views = {
        "": ("imports", imports.overview),
        "template.xlsx": ("import-template", imports.template_file),
        "<uuid:uuid>/": ("import", imports.run_page),
        "<uuid:uuid>/failed.xlsx": ("import-failed", imports.failed_file),
        "<uuid:uuid>/undo/": ("import-undo", imports.undo),
        "<uuid:uuid>/discard/": ("import-discard", imports.discard),
        "<uuid:uuid>/columns/": ("import-columns", import_steps.columns_page),
        "<uuid:uuid>/check/": ("import-check", import_steps.check_page),
        "<uuid:uuid>/preview/": ("import-preview", import_steps.preview_page),
    }
    return [
        path(prefix + route, view, {"office": office}, name=f"{name}-{words}") for route, (words, view) in views.items()
    ]


urlpatterns = _below("desk/services/import/", "desk", office=False) + _below("park/imports/", "park", office=True)

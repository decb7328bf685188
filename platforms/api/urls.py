"""Addresses below /api/v1/."""

from django.urls import path

from . import views

urlpatterns = [
    path("capabilities/", views.CapabilitiesView.as_view(), name="api-capabilities"),
    path("capabilities/<uuid:public_id>/", views.CapabilityView.as_view(), name="api-capability"),
    path("platforms/<uuid:public_id>/", views.PlatformView.as_view(), name="api-platform"),
    path("imports/", views.ImportsView.as_view(), name="api-imports"),
    path("imports/<uuid:public_id>/", views.ImportView.as_view(), name="api-import"),
]

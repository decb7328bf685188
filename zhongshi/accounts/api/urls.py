"""Addresses below /api/v1/."""

from django.urls import path

from . import views

urlpatterns = [
    path("auth/token/", views.TokenView.as_view(), name="api-token"),
    path("notifications/", views.NotificationsView.as_view(), name="api-notifications"),
    path("notifications/<uuid:public_id>/read/", views.NotificationReadView.as_view(), name="api-notification-read"),
    path("audit/", views.AuditView.as_view(), name="api-audit"),
]

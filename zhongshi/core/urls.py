"""Addresses of the pages that belong to no app."""

from django.urls import path

from . import page_views

urlpatterns = [
    path("notifications/", page_views.notice_list, name="notifications"),
    path("notifications/<uuid:uuid>/read/", page_views.notice_read, name="notification-read"),
    path("prefs/", page_views.preferences, name="preferences"),
]

"""Addresses of the pages that belong to no app."""

from django.urls import path

from . import frame_views, notice_views, outbox_views, page_views, wellknown_views

urlpatterns = [
    path(".well-known/security.txt", wellknown_views.security_txt, name="security-txt"),
    path("robots.txt", wellknown_views.robots_txt, name="robots-txt"),
    path("notifications/", notice_views.notice_list, name="notifications"),
    path("notifications/panel/", notice_views.notice_panel, name="notice-panel"),
    path("notifications/read/", notice_views.notices_read, name="notices-read"),
    path("notifications/settings/", notice_views.notice_settings, name="notice-settings"),
    path("notifications/<uuid:uuid>/read/", notice_views.notice_read, name="notification-read"),
    path("operations/", outbox_views.dead_list, name="dead-letters"),
    path("operations/dead/<int:event_id>/", outbox_views.dead_detail, name="dead-letter"),
    path("accessibility/", frame_views.accessibility, name="accessibility"),
    path("privacy/", frame_views.privacy, name="privacy"),
    path("help/", frame_views.help_page, name="help"),
    path("styleguide/", frame_views.styleguide, name="styleguide"),
    path("prefs/", page_views.preferences, name="preferences"),
]

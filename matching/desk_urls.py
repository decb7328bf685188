"""Addresses of the operator's desk that are about leads."""

from django.urls import path

from .views import desk, desk_home, desk_stats

urlpatterns = [
    path("desk/", desk_home.overview, name="desk"),
    path("desk/leads/", desk.lead_list, name="leads"),
    path("desk/leads/<uuid:match_id>/", desk.lead_page, name="lead"),
    path("desk/leads/<uuid:match_id>/<str:action>/", desk.lead_act, name="lead-act"),
    path("desk/stats/", desk_stats.stats_page, name="desk-stats"),
    path("desk/stats.xlsx", desk_stats.stats_sheet, name="desk-stats-sheet"),
]

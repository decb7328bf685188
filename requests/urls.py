"""Addresses of the demand side's pages."""

from django.urls import path

from .views import needs, posting

app_name = "needs"
urlpatterns = [
    path("needs/new/", posting.need_new, name="new"),
    path("needs/<str:number>/", needs.need_detail, name="detail"),
    path("needs/<str:number>/edit/", posting.need_change, name="edit"),
    path("needs/<str:number>/submit/", needs.need_send, name="submit"),
    path("needs/<str:number>/withdraw/", needs.need_take_back, name="withdraw"),
    path("park/needs/", needs.park_needs, name="zone-list"),
    path("park/needs/<str:number>/return/", needs.park_need_return, name="return"),
    path("park/needs/<str:number>/open/", needs.park_need_open, name="open"),
]

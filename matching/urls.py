"""Addresses of the pages where need and platform meet."""

from django.urls import path

from . import desk_urls, need_urls, park_urls
from .views import my_needs

app_name = "matching"
urlpatterns = [
    path("needs/", my_needs.need_list, name="needs"),
    *need_urls.urlpatterns,
    *desk_urls.urlpatterns,
    *park_urls.urlpatterns,
]

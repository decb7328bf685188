"""Addresses of the public pages."""

from django.urls import path

from . import import_urls
from .views import chains, comparing, listings, public

urlpatterns = [
    path("", public.home, name="home"),
    path("services/", public.service_list, name="services"),
    path("services/<uuid:uuid>/", listings.capability_page, name="capability"),
    path("platforms/<uuid:uuid>/", listings.platform_page, name="platform"),
    path("compare/", comparing.compare_page, name="compare"),
    path("compare/toggle/", comparing.toggle, name="compare-toggle"),
    path("chains/", chains.chain_list, name="chains"),
    path("chains/<str:chain>/", chains.chain_page, name="chain"),
    path("rules/", public.rules, name="rules"),
]
urlpatterns += import_urls.urlpatterns

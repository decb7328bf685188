"""Addresses of the public pages."""

from django.urls import path

from .views import listings, public

urlpatterns = [
    path("", public.home, name="home"),
    path("services/", public.service_list, name="services"),
    path("services/<uuid:uuid>/", listings.capability_page, name="capability"),
    path("platforms/<uuid:uuid>/", listings.platform_page, name="platform"),
    path("chains/", public.chain_list, name="chains"),
    path("rules/", public.rules, name="rules"),
]

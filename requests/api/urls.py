"""Addresses below /api/v1/."""

from django.urls import path

from . import views

urlpatterns = [
    path("needs/", views.NeedsView.as_view(), name="api-needs"),
    path("needs/<uuid:public_id>/", views.NeedView.as_view(), name="api-need"),
    path("needs/<uuid:public_id>/reason/", views.NeedReasonView.as_view(), name="api-need-reason"),
    path("needs/<uuid:public_id>/withdraw/", views.NeedWithdrawView.as_view(), name="api-need-withdraw"),
]

"""Addresses of the demand side's pages."""

from django.urls import path

from .views import campaigns, confidential, needs, park_needs, posting, readings

app_name = "needs"
urlpatterns = [
    path("needs/new/", posting.need_new, name="new"),
    path("needs/<str:number>/", needs.need_detail, name="detail"),
    path("needs/<str:number>/edit/", posting.need_change, name="edit"),
    path("needs/<str:number>/submit/", needs.need_send, name="submit"),
    path("needs/<str:number>/again/", needs.need_repeat, name="again"),
    path("needs/<str:number>/delete/", needs.need_discard, name="delete"),
    path("needs/<str:number>/withdraw/", needs.need_take_back, name="withdraw"),
    path("needs/<str:number>/reason/", confidential.need_reason, name="reason"),
    path("needs/<str:number>/terms/", confidential.need_terms, name="terms"),
    path("needs/<str:number>/readings/", readings.need_readings, name="readings"),
    path("park/agreement/", confidential.agreement_text, name="agreement"),
    path("park/readings/", readings.zone_readings, name="zone-readings"),
    path("campaigns/", campaigns.campaign_list, name="campaigns"),
    path("campaigns/<uuid:campaign_id>/", campaigns.campaign_page, name="campaign"),
    path("park/campaigns/", campaigns.zone_campaigns, name="zone-campaigns"),
    path("park/campaigns/new/", campaigns.campaign_new, name="campaign-new"),
    path("park/campaigns/<uuid:campaign_id>/edit/", campaigns.campaign_edit, name="campaign-edit"),
    path("park/needs/", park_needs.park_needs, name="zone-list"),
    path("park/needs/<str:number>/return/", needs.park_need_return, name="return"),
    path("park/needs/<str:number>/open/", needs.park_need_open, name="open"),
]

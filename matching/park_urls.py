"""Addresses of the zone's office."""

from django.urls import path

from .views import (
    learned,
    park,
    park_campaigns,
    park_decide,
    park_home,
    park_nominate,
    park_orgs,
    park_report,
    park_review,
    rules,
)

urlpatterns = [
    path("park/", park_home.park_home, name="park"),
    path("park/coverage/<str:chain>/<str:stage>/", park_home.gap_page, name="gap"),
    path("park/review/", park_review.review_board, name="review"),
    path("park/review/<uuid:match_id>/", park_decide.review_match, name="review-match"),
    path("park/review/<str:kind>/<uuid:item_id>/", park_decide.review_item, name="review-item"),
    path("park/needs/<str:number>/nominate/", park_nominate.nominate, name="nominate"),
    path("park/campaigns/<uuid:campaign_id>/", park_campaigns.campaign_report, name="campaign"),
    path("park/orgs/", park_orgs.org_list, name="orgs"),
    path("park/reports/<str:month>/", park_report.report, name="report"),
    path("park/rules/", rules.rules_list, name="rules"),
    path("park/rules/new/", rules.rules_new, name="rules-new"),
    path("park/rules/<str:name>/", rules.rules_version, name="rules-version"),
    path("park/learned/", learned.learned_list, name="learned"),
    path("park/audit/", park.audit_list, name="audit"),
]

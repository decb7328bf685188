"""Addresses below /api/v1/."""

from django.urls import path

from . import figures, leads, views

urlpatterns = [
    path("needs/parse/", views.ParseView.as_view(), name="api-needs-parse"),
    path("needs/<uuid:public_id>/matches/", views.NeedMatchesView.as_view(), name="api-need-matches"),
    path("matches/<uuid:public_id>/review/", views.MatchReviewView.as_view(), name="api-match-review"),
    path("matches/<uuid:public_id>/choose/", views.MatchChooseView.as_view(), name="api-match-choose"),
    path("questions/<uuid:public_id>/answer/", views.QuestionAnswerView.as_view(), name="api-question-answer"),
    path("leads/", leads.LeadsView.as_view(), name="api-leads"),
    path("leads/<uuid:public_id>/", leads.LeadView.as_view(), name="api-lead"),
    path("leads/<uuid:public_id>/accept/", leads.LeadAcceptView.as_view(), name="api-lead-accept"),
    path("leads/<uuid:public_id>/decline/", leads.LeadDeclineView.as_view(), name="api-lead-decline"),
    path("leads/<uuid:public_id>/quote/", leads.LeadQuoteView.as_view(), name="api-lead-quote"),
    path("leads/<uuid:public_id>/ask/", leads.LeadAskView.as_view(), name="api-lead-ask"),
    path("leads/<uuid:public_id>/sign/", leads.LeadSignView.as_view(), name="api-lead-sign"),
    path("coverage/", figures.CoverageView.as_view(), name="api-coverage"),
    path("stats/funnel/", figures.FunnelView.as_view(), name="api-funnel"),
]

"""Addresses of the pages where need and platform meet."""

from django.urls import path

from .views import desk, learned, my_needs, park, result, rules

app_name = "matching"
urlpatterns = [
    path("needs/", my_needs.need_list, name="needs"),
    path("needs/<str:number>/matches/", result.need_result, name="result"),
    path("needs/<str:number>/quotes/", result.quote_table, name="quotes"),
    path("needs/<str:number>/matches/<uuid:match_id>/choose/", result.match_take, name="choose"),
    path("needs/<str:number>/questions/<uuid:question_id>/", result.question_reply, name="reply"),
    path("desk/leads/", desk.lead_list, name="leads"),
    path("desk/leads/<uuid:match_id>/", desk.lead_page, name="lead"),
    path("desk/leads/<uuid:match_id>/<str:action>/", desk.lead_act, name="lead-act"),
    path("park/review/", park.review_list, name="review"),
    path("park/review/<uuid:match_id>/", park.review_page, name="review-match"),
    path("park/rules/", rules.rules_list, name="rules"),
    path("park/rules/new/", rules.rules_new, name="rules-new"),
    path("park/rules/<str:name>/", rules.rules_version, name="rules-version"),
    path("park/learned/", learned.learned_list, name="learned"),
    path("park/audit/", park.audit_list, name="audit"),
]

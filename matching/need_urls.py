"""Addresses of a need's matches, quotes and reports."""

from django.urls import path

from .views import agreeing, comparing, excluding, joining, offers, one_match, relaxing, reports, result

_NEED = "needs/<str:number>/"
_MATCH = f"{_NEED}matches/<uuid:match_id>/"

urlpatterns = [
    path(f"{_NEED}matches/", result.need_result, name="result"),
    path(_MATCH, one_match.match_page, name="match"),
    path(f"{_MATCH}inquire/", one_match.match_ask, name="inquire"),
    path(f"{_MATCH}unfit/", one_match.match_unfit, name="unfit"),
    path(f"{_MATCH}choose/", offers.match_take, name="choose"),
    path(f"{_NEED}relax/", relaxing.relax, name="relax"),
    path(f"{_NEED}restore/", relaxing.restore, name="restore"),
    path(f"{_NEED}help/", relaxing.ask_help, name="help"),
    path(f"{_NEED}excluded/", excluding.excluded, name="excluded"),
    path(f"{_NEED}routes/", joining.routes, name="routes"),
    path(f"{_NEED}compare/", comparing.compare, name="compare"),
    path(f"{_NEED}quotes/", offers.quote_table, name="quotes"),
    path(f"{_NEED}agreements/<uuid:agreement_id>/", agreeing.agreement_act, name="agreement-act"),
    path(f"{_NEED}report.pdf", reports.report_pdf, name="report-pdf"),
    path(f"{_NEED}report.xlsx", reports.report_xlsx, name="report-xlsx"),
    path(f"{_NEED}questions/<uuid:question_id>/", result.question_reply, name="reply"),
]

"""The service's addresses and, beside them, bare Django views of the same rows."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.generic import ListView

from matching.models import Match
from platforms.models import Capability
from zhongshi.urls import urlpatterns as service

_CAPABILITIES = """<h1>{{ paginator.count }}</h1>{% for row in page_obj %}<h2>{{ row.name }}</h2>
<p>{{ row.platform.name }} {{ row.platform.city }}</p><p>{{ row.summary }}</p><ul>{% for fact in row.facts.all %}
<li>{{ fact.kind }} {{ fact.value }} {{ fact.quantity }} {{ fact.low }} {{ fact.high }} {{ fact.unit }}</li>{% endfor %}
</ul><p>{% for period in row.free_periods.all %}{{ period.starts_on }} {% endfor %}</p>{% endfor %}"""
_MATCHES = """<h1>{{ paginator.count }}</h1>{% for row in page_obj %}<h2>{{ row.rank }} {{ row.capability.name }}</h2>
<p>{{ row.capability.platform.name }} {{ row.score }}</p>
<ul>{% for one in row.components %}<li>{{ one.name }} {{ one.value }} {{ one.points }}</li>{% endfor %}</ul>
<table>{% for one in row.verdicts %}<tr><td>{{ one.condition }}</td><td>{{ one.verdict }}</td>
<td>{{ one.evidence }}</td></tr>{% endfor %}</table>{% endfor %}"""


class _Bare(ListView[Any]):
    """Django's own list, its template given as a string."""

    paginate_by = 20
    source = ""

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> TemplateResponse:
        return TemplateResponse(self.request, engines["django"].from_string(self.source), context)


@method_decorator(login_not_required, name="dispatch")
class BareCapabilities(_Bare):
    source = _CAPABILITIES

    def get_queryset(self) -> QuerySet[Any]:
        rows = Capability.objects.published().order_by("platform_id", "position", "id")
        return rows.select_related("platform").prefetch_related("facts", "free_periods")


class BareMatches(_Bare):
    source = _MATCHES

    def get_queryset(self) -> QuerySet[Any]:
        rows = Match.objects.filter(need_id=self.kwargs["need_id"]).order_by("rank")
        return rows.select_related("need", "run", "capability__platform").prefetch_related(
            "capability__facts", "quotes"
        )


urlpatterns = [
    *service,
    path("bare/capabilities/", BareCapabilities.as_view()),
    path("bare/matches/<int:need_id>/", BareMatches.as_view()),
]

"""All addresses of the service."""

from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from zhongshi.accounts.api.views import NowhereView
from zhongshi.core import views as core_views

handler500 = "zhongshi.core.failures.server_error"
urlpatterns = [
    path("healthz", core_views.healthz, name="healthz"),
    path("readyz", core_views.readyz, name="readyz"),
    path("metrics", core_views.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("zhongshi.accounts.api.urls")),
    path("api/v1/", include("platforms.api.urls")),
    path("api/v1/", include("requests.api.urls")),
    path("api/v1/", include("matching.api.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="api-schema"), name="api-docs"),
    re_path(r"^api/", NowhereView.as_view(), name="api-nowhere"),
    path("notifications/robots/", include("zhongshi.accounts.robot_urls")),
    path("", include("zhongshi.core.urls")),
    path("accounts/", include("zhongshi.accounts.urls")),
    path("", include("platforms.urls")),
    path("", include("platforms.desk_urls")),
    path("", include("requests.urls")),
    path("", include("matching.urls")),
    path("", include("zhongshi.vocabulary.urls")),
]

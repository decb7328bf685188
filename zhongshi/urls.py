"""All addresses of the service."""

from django.contrib import admin
from django.urls import include, path

from zhongshi.core import views as core_views

urlpatterns = [
    path("healthz", core_views.healthz, name="healthz"),
    path("readyz", core_views.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("", include("zhongshi.core.urls")),
    path("accounts/", include("zhongshi.accounts.urls")),
    path("", include("platforms.urls")),
]

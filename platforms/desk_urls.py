"""Addresses of the operator's desk that are about its own supply."""

from django.urls import path

from .views import desk_capacity, desk_certs, desk_editor, desk_platforms, desk_services

urlpatterns = [
    path("desk/services/", desk_services.service_list, name="desk-services"),
    path("desk/services/<uuid:uuid>/", desk_editor.service_edit, name="desk-service"),
    path("desk/services/<uuid:uuid>/<str:move>/", desk_services.service_move, name="desk-service-move"),
    path("desk/platforms/new/", desk_platforms.platform_new, name="desk-platform-new"),
    path("desk/platforms/<uuid:uuid>/", desk_platforms.platform_edit, name="desk-platform"),
    path("desk/platforms/<uuid:uuid>/services/new/", desk_editor.service_new, name="desk-service-new"),
    path("desk/platforms/<uuid:uuid>/certs/new/", desk_certs.cert_new, name="desk-cert-new"),
    path("desk/platforms/<uuid:uuid>/<str:move>/", desk_services.platform_move, name="desk-platform-move"),
    path("desk/certs/", desk_certs.cert_list, name="desk-certs"),
    path("desk/certs/<uuid:uuid>/", desk_certs.cert_renew, name="desk-cert"),
    path("desk/capacity/", desk_capacity.capacity_page, name="desk-capacity"),
    path("desk/capacity/<str:token>.ics", desk_capacity.capacity_feed, name="capacity-feed"),
]

"""Addresses of an organization's robots, below /notifications/robots/."""

from django.urls import path

from .views import robots

urlpatterns = [
    path("", robots.robots, name="robots"),
    path("<uuid:public_id>/test/", robots.robot_test, name="robot-test"),
    path("<uuid:public_id>/switch/", robots.robot_switch, name="robot-switch"),
    path("<uuid:public_id>/remove/", robots.robot_remove, name="robot-remove"),
]

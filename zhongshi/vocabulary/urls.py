"""Addresses of the pages where a zone's office looks after the words."""

from django.urls import path

from . import views

app_name = "words"
urlpatterns = [
    path("park/words/", views.word_list, name="list"),
    path("park/words/<uuid:word_id>/", views.word_page, name="word"),
]

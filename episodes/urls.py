from django.urls import path

from episodes import views

app_name = "episodes"

urlpatterns = [
    path("", views.home, name="home"),
    path("series/", views.series_list, name="series_list"),
    path("series/<slug:slug>/", views.series, name="series"),
    path("series/<slug:slug>/progress/", views.set_progress, name="set_progress"),
    path("series/<slug:slug>/progress/undo/", views.undo_progress, name="undo_progress"),
    path("series/<slug:slug>/episodes/<int:number>/", views.episode, name="episode"),
    path("series/<slug:slug>/episodes/<int:number>/recap/", views.recap, name="recap"),
]

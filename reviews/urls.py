from django.urls import path

from reviews import views

app_name = "reviews"

EPISODE = "series/<slug:slug>/episodes/<int:number>/"

urlpatterns = [
    path("series/<slug:slug>/reviews/", views.reviews, name="reviews"),
    path(f"{EPISODE}reviews/", views.reviews, name="reviews"),
    path("series/<slug:slug>/review/", views.edit_review, name="edit_review"),
    path(f"{EPISODE}review/", views.edit_review, name="edit_review"),
    path("series/<slug:slug>/rating/", views.rate, name="rate"),
    path(f"{EPISODE}rating/", views.rate, name="rate"),
    path("series/<slug:slug>/ratings/", views.rate_episodes, name="rate_episodes"),
    path("series/<slug:slug>/score/", views.peek, name="peek"),
    path(f"{EPISODE}score/", views.peek, name="peek"),
    path("reviews/<int:pk>/", views.review, name="review"),
    path("reviews/<int:pk>/comments/", views.answer_review, name="answer_review"),
    path("reviews/<int:pk>/rating/delete/", views.remove_rating, name="remove_rating"),
    path("reviews/<int:pk>/scope/", views.raise_review, name="raise_review"),
    path("reviews/<int:pk>/delete/", views.delete_review, name="delete_review"),
    path("reviews/<int:pk>/delete/undo/", views.undelete_review, name="undelete_review"),
    path("reviews/<int:pk>/like/", views.like_review, name="like_review"),
    path("reviews/<int:pk>/report/", views.report_review, name="report_review"),
    path("series/<slug:slug>/comments/", views.comments, name="comments"),
    path(f"{EPISODE}comments/", views.comments, name="comments"),
    path(f"{EPISODE}bonus/", views.answer_bonus, name="answer_bonus"),
    path("comments/<int:pk>/", views.comment, name="comment"),
    path("comments/<int:pk>/edit/", views.edit_comment, name="edit_comment"),
    path("comments/<int:pk>/scope/", views.raise_comment, name="raise_comment"),
    path("comments/<int:pk>/delete/", views.delete_comment, name="delete_comment"),
    path("comments/<int:pk>/delete/undo/", views.undelete_comment, name="undelete_comment"),
    path("comments/<int:pk>/like/", views.like_comment, name="like_comment"),
    path("comments/<int:pk>/report/", views.report_comment, name="report_comment"),
    path("members/<str:username>/report/", views.report_member, name="report_member"),
    path("settings/drafts/", views.drafts, name="drafts"),
    path("settings/drafts/<int:pk>/delete/", views.delete_draft, name="delete_draft"),
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.read_notifications, name="read_notifications"),
    path("appeals/<int:pk>/", views.appeal, name="appeal"),
    path("appeals/banned/<str:token>/", views.appeal_ban, name="appeal_ban"),
    path("comments/<int:pk>/read/", views.read_answer, name="read_answer"),
    path("replies/read/", views.read_answers, name="read_answers"),
    path("design/", views.design, name="design"),
    path("guidelines/", views.guidelines, name="guidelines"),
    path("safety/", views.safety, name="safety"),
    path("moderation-log/", views.moderation_log, name="moderation_log"),
]

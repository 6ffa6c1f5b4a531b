from django.urls import path

from resources.views import articles, feeds

app_name = "resources"
urlpatterns = [
    path("help/", articles.help_page, name="help"),
    path("help/find/", articles.find, name="find"),
    path("help/missed/", articles.missed, name="missed"),
    path("help/feed/", feeds.feed, name="feed"),
    path("help/feed/<slug:topic>/", feeds.topic_feed, name="topic_feed"),
    path("help/topic/<slug:topic>/", articles.topic, name="topic"),
    path("help/files/<slug:token>/", articles.file, name="file"),
    path("help/a/<int:pk>/", articles.permalink, name="permalink"),
    path("help/<slug:address>/", articles.article, name="article"),
    path("help/<slug:address>/vote/", articles.article_vote, name="article_vote"),
]

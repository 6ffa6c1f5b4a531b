from django.urls import path

from resources.views import articles, feeds, releases

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
    path("downloads/", releases.downloads, name="downloads"),
    path("downloads/running/", releases.running, name="running"),
    path("downloads/<int:pk>/", releases.release, name="release"),
    path("downloads/<int:pk>/checksums/", releases.checksums, name="release_checksums"),
    path("downloads/files/<int:pk>/", releases.download, name="download"),
    path("downloads/files/<int:pk>/signature/", releases.signature, name="release_signature"),
]

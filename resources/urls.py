from django.urls import path

from resources.views import advisories, articles, feeds, manuals, newsletters, releases

app_name = "resources"
urlpatterns = [
    path("newsletter/", newsletters.newsletters, name="newsletters"),
    path("newsletter/asked/", newsletters.asked, name="newsletter_asked"),
    path("newsletter/choose/", newsletters.chosen, name="newsletter_choose"),
    path("newsletter/feed/", feeds.newsletters, name="newsletters_feed"),
    path("newsletter/read/<int:pk>/", advisories.advisory_read, name="advisory_read"),
    path("newsletter/confirm/<str:token>/", newsletters.confirmed, name="newsletter_confirm"),
    path("newsletter/leave/<str:token>/", newsletters.left, name="newsletter_leave"),
    path("newsletter/<slug:slug>/", newsletters.newsletter, name="newsletter"),
    path("newsletter/<slug:slug>/feed/", feeds.newsletter, name="newsletter_feed"),
    path("newsletter/<slug:slug>/<int:number>/", newsletters.issue, name="newsletter_issue"),
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
    path("documentation/", manuals.documentation, name="documentation"),
    path("documentation/<slug:slug>/", manuals.manual, name="manual"),
    path("documentation/<slug:slug>/<str:version>/", manuals.manual_page, name="manual_version"),
    path("documentation/<slug:slug>/<str:version>/whole", manuals.manual_file, name="manual_file"),
    path(
        "documentation/<slug:slug>/<str:version>/<path:path>",
        manuals.manual_page,
        name="manual_page",
    ),
    path("downloads/", releases.downloads, name="downloads"),
    path("downloads/running/", releases.running, name="running"),
    path("downloads/<int:pk>/", releases.release, name="release"),
    path("downloads/<int:pk>/checksums/", releases.checksums, name="release_checksums"),
    path("downloads/files/<int:pk>/", releases.download, name="download"),
    path("downloads/files/<int:pk>/signature/", releases.signature, name="release_signature"),
]

"""Where the team keeps the online resources, below /admin/."""

from django.contrib import admin

from core.admin import Site
from resources.desk import articles, beta, forum, manuals, newsletters, releases, shelves

assert isinstance(admin.site, Site)
admin.site.add_pages(
    ("articles/", articles.articles, "articles"),
    ("articles/new/", articles.article_new, "article_new"),
    ("articles/missed/", shelves.missed_searches, "missed_searches"),
    ("articles/missed/<int:pk>/", shelves.missed_settled, "missed_settled"),
    ("articles/categories/", shelves.categories, "article_categories"),
    ("articles/categories/<int:pk>/", shelves.category, "article_category"),
    ("articles/preview/", articles.article_preview, "article_preview"),
    ("articles/<int:pk>/", articles.article, "article"),
    ("articles/<int:pk>/versions/<int:number>/", articles.article_version, "article_version"),
    ("articles/<int:pk>/<slug:name>/", articles.article_action, "article_action"),
    ("forum/", forum.forum, "forum"),
    ("forum/boards/", forum.boards, "forum_boards"),
    ("forum/boards/<int:pk>/", forum.board, "forum_board"),
    ("forum/posts/<int:pk>/<slug:name>/", forum.post_action, "forum_post_action"),
    ("forum/topics/<int:pk>/<slug:name>/", forum.topic_action, "forum_topic_action"),
    ("manuals/", manuals.manuals, "manuals"),
    ("manuals/new/", manuals.manual_new, "manual_new"),
    ("manuals/<int:pk>/", manuals.manual, "manual"),
    ("manuals/<int:pk>/<slug:name>/", manuals.manual_action, "manual_action"),
    ("betas/", beta.betas, "betas"),
    ("betas/new/", beta.beta_new, "beta_new"),
    ("betas/<int:pk>/", beta.beta, "beta"),
    ("betas/<int:pk>/<slug:name>/", beta.beta_action, "beta_action"),
    ("releases/", releases.releases, "releases"),
    ("releases/new/", releases.release_new, "release_new"),
    ("releases/pieces/<slug:token>/", releases.release_piece, "release_piece"),
    ("releases/files/<int:pk>/", releases.release_file, "release_file"),
    ("releases/<int:pk>/", releases.release, "release"),
    ("releases/<int:pk>/upload/", releases.release_upload, "release_upload"),
    ("releases/<int:pk>/<slug:name>/", releases.release_action, "release_action"),
    ("newsletters/", newsletters.newsletters, "newsletters"),
    ("newsletters/new/", newsletters.issue_new, "newsletter_new"),
    ("newsletters/preview/", newsletters.issue_preview, "newsletter_preview"),
    ("newsletters/kinds/", newsletters.kinds, "newsletter_kinds"),
    ("newsletters/kinds/<int:pk>/", newsletters.kind, "newsletter_kind"),
    ("newsletters/<int:pk>/", newsletters.issue, "newsletter_issue"),
    ("newsletters/<int:pk>/mail/", newsletters.issue_mail, "newsletter_mail"),
    ("newsletters/<int:pk>/<slug:name>/", newsletters.issue_action, "newsletter_action"),
)

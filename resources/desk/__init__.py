"""Where the team keeps the online resources, below /admin/."""

from django.contrib import admin

from core.admin import Site
from resources.desk import articles, shelves

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
)

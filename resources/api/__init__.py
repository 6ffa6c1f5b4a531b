"""What the online resources bring to `/api/v1/`, a file a subject."""

from resources.api.articles import ArticleViewSet

ROUTES = [("articles", ArticleViewSet, "article")]

"""What the online resources bring to `/api/v1/`, a file a subject."""

from resources.api.articles import ArticleViewSet
from resources.api.releases import ReleaseViewSet

ROUTES = [("articles", ArticleViewSet, "article"), ("releases", ReleaseViewSet, "release")]

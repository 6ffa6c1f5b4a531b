"""What is known of the product and told of it: one file a subject."""

from resources.models.articles import (
    Article,
    ArticleAddress,
    ArticleFile,
    ArticleUse,
    ArticleVersion,
    ArticleVote,
    Category,
    Deflection,
    MissedSearch,
)
from resources.models.defects import Defect, DefectState

__all__ = [
    "Article",
    "ArticleAddress",
    "ArticleFile",
    "ArticleUse",
    "ArticleVersion",
    "ArticleVote",
    "Category",
    "Defect",
    "DefectState",
    "Deflection",
    "MissedSearch",
]

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
from resources.models.fixes import FixNews
from resources.models.manuals import Manual, ManualPage, ManualPicture, ManualVersion
from resources.models.newsletters import (
    AdvisoryReach,
    Newsletter,
    NewsletterChoice,
    NewsletterIssue,
    OutsideReader,
)
from resources.models.releases import (
    Download,
    Release,
    ReleaseFile,
    ReleaseFix,
    ReleaseUpload,
    RunningVersion,
    UpgradeBought,
)

__all__ = [
    "AdvisoryReach",
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
    "Download",
    "FixNews",
    "Manual",
    "ManualPage",
    "ManualPicture",
    "ManualVersion",
    "MissedSearch",
    "Newsletter",
    "NewsletterChoice",
    "NewsletterIssue",
    "OutsideReader",
    "Release",
    "ReleaseFile",
    "ReleaseFix",
    "ReleaseUpload",
    "RunningVersion",
    "UpgradeBought",
]

"""What the online resources hold about people; what is known of the product names nobody."""

from django.db.models import Q

from accounts.models import Person
from core.personal import Held, harmless, hold
from resources.models import (
    AdvisoryReach,
    ArticleVote,
    AuthorCard,
    BetaFeedback,
    BetaMember,
    Download,
    Following,
    NewsletterChoice,
    OutsideReader,
    Post,
    PostReport,
    PostVersion,
    Topic,
)
from resources.rules.forum import FORMER

REMOVED = "(removed)"


def of_person(person: Person, card: str = "") -> Q:
    """Rows whose author card, behind the prefix `card`, is this person's."""
    return Q(**{f"{card}person": person}) | Q(**{f"{card}author__person": person})


hold(Held("resources.Defect", "Known defects", blot=("title", "description", "workaround")))
harmless("resources.Defect", "a number, versions", "number", "affected", "fixed_in")

hold(Held("resources.Category", "Categories of articles", blot=("name",)))
harmless("resources.Category", "made of the name of a subject", "slug")
harmless("resources.Article", "addresses, and the number of an incident", "slug", "made_of")
harmless("resources.ArticleAddress", "an address of an article", "slug")
hold(
    Held(
        "resources.ArticleVersion",
        "Articles",
        blot=("title", "summary", "body", "html", "change", "sent_back_for"),
    )
)
harmless(
    "resources.ArticleVersion",
    "names of files, levels, editions and versions of the product",
    *("files", "levels", "editions", "versions"),
)
hold(Held("resources.ArticleFile", "Files of articles", blot=("name",)))
harmless(
    "resources.ArticleFile",
    "a random address and path, a type, a digest",
    *("token", "file", "content_type", "sha256"),
)
hold(
    Held(
        "resources.ArticleVote",
        "What they said of articles",
        own=lambda person: ArticleVote.objects.filter(person=person),
        blot=("why",),
        texts={"why": ""},
        day="at",
    )
)
hold(Held("resources.MissedSearch", "Searches that found no article", blot=("words",)))

hold(Held("resources.Release", "Releases", blot=("summary", "notes", "notes_html", "takes")))
harmless(
    "resources.Release",
    "names and versions of the product, why one was withdrawn",
    *("product", "version", "place", "withdrawn_for"),
)
hold(
    Held(
        "resources.BetaProgramme",
        "Beta programmes",
        blot=("name", "about", "about_html", "ended_for"),
    )
)
harmless("resources.BetaProgramme", "addresses, products", "slug", "product", "editions")
hold(Held("resources.BetaTerms", "Terms of beta programmes", blot=("text", "html")))
hold(
    Held(
        "resources.BetaMember",
        "Beta programmes they take part in",
        own=lambda person: BetaMember.objects.filter(person=person),
        blot=("signed_name",),
        texts={"signed_name": "Erased"},
        day="joined_at",
    )
)
hold(
    Held(
        "resources.BetaFeedback",
        "What they said of beta builds",
        own=lambda person: BetaFeedback.objects.filter(person=person),
        blot=("subject", "body", "environment", "answer"),
        texts={"subject": "Erased", "body": "Erased", "environment": "", "answer": ""},
        day="at",
    )
)
harmless("resources.BetaFeedback", "what it is, what became of it", "kind", "fate", "incident")
harmless("resources.FixNews", "a kind, and why a release was withdrawn", "kind", "reason")
hold(Held("resources.ReleaseFix", "What releases fix", blot=("words",)))
harmless(
    "resources.ReleaseFile",
    "names of our own files, a path, a digest, a signature of the vendor's key",
    *("name", "label", "file", "sha256", "signature"),
)
harmless(
    "resources.ReleaseUpload",
    "a random name, names of our own files, a path, a signature",
    *("token", "name", "label", "file", "signature"),
)
hold(
    Held(
        "resources.Download",
        "Files of releases that they fetched",
        own=lambda person: Download.objects.filter(person=person),
        day="at",
    )
)
harmless("resources.RunningVersion", "a version of the product", "version", "place")
hold(
    Held(
        "resources.NewsletterIssue",
        "Issues of newsletters",
        blot=("subject", "summary", "body", "html"),
    ),
    Held("resources.Newsletter", "Newsletters", blot=("name", "what")),
    Held(
        "resources.NewsletterChoice",
        "Which newsletters they read",
        own=lambda person: NewsletterChoice.objects.filter(person=person),
        is_deleted=True,
        day="at",
    ),
    Held(
        "resources.OutsideReader",
        "Newsletters that were asked for at their address",
        own=lambda person: OutsideReader.objects.filter(address__iexact=person.email),
        is_deleted=True,
        day="asked_at",
    ),
    Held(
        "resources.AdvisoryReach",
        "Security advisories that they read",
        own=lambda person: AdvisoryReach.objects.filter(read_by=person),
        day="read_at",
    ),
)
harmless("resources.Newsletter", "made of the name of a subject", "slug")
harmless(
    "resources.NewsletterIssue",
    "levels, products and their versions",
    *("levels", "products", "affected", "fixed_in"),
)
harmless("resources.AdvisoryReach", "versions of the product", "versions")

hold(Held("resources.Manual", "Documentation", blot=("title", "summary")))
harmless("resources.Manual", "an address, a product, editions, levels", "slug", "product")
harmless("resources.Manual", "codes of editions and levels", "editions", "levels")
harmless(
    "resources.ManualVersion",
    "versions of the product, paths, addresses of our own pages",
    *("version", "place", "home", "file", "file_name", "missing"),
)
hold(Held("resources.ManualPage", "Pages of documentation", blot=("title", "html", "text")))
harmless("resources.ManualPage", "the address of a page", "path")
harmless("resources.ManualPicture", "paths and a type", "path", "file", "content_type")

hold(Held("resources.Board", "Boards of the forum", blot=("name", "what")))
harmless("resources.Board", "an address, codes of levels", "slug", "levels")
hold(
    Held(
        "resources.AuthorCard",
        "How the forum names them",
        own=lambda person: AuthorCard.objects.filter(of_person(person)),
        blot=("name", "company"),
        clear={"name": FORMER, "company": ""},
    ),
    Held(
        "resources.Topic",
        "Topics that they began in the forum",
        own=lambda person: Topic.objects.filter(of_person(person, "asked_by__")),
        blot=("title",),
        texts={"title": REMOVED},
        day="asked_at",
    ),
    Held(
        "resources.Post",
        "What they wrote in the forum",
        own=lambda person: Post.objects.filter(of_person(person, "card__")),
        near=lambda person: Post.objects.filter(
            topic__in=Post.objects.filter(of_person(person, "card__")).values("topic")
        ),
        blot=("body", "html", "reason"),
        texts={"body": REMOVED, "html": f"<p>{REMOVED}</p>", "reason": ""},
        day="said_at",
    ),
    Held(
        "resources.PostVersion",
        "What their posts said before",
        own=lambda person: PostVersion.objects.filter(of_person(person, "post__card__")),
        blot=("body",),
        is_deleted=True,  # they are for the author and the moderators alone
        day="until",
    ),
    Held(
        "resources.PostReport",
        "Posts of the forum that they reported",
        own=lambda person: PostReport.objects.filter(of_person(person, "card__")),
        blot=("why",),
        texts={"why": REMOVED},
        day="at",
    ),
    Held(
        "resources.Following",
        "What they follow in the forum",
        own=lambda person: Following.objects.filter(of_person(person, "card__")),
        is_deleted=True,
        day="since",
    ),
)
harmless("resources.Post", "a random key of the form that sent it", "nonce")
harmless("resources.TopicIncident", "the number of an incident", "number")

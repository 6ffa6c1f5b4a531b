"""What the online resources say no to, each with what would help."""

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal


class DefectNumberUnusable(Refusal):
    code = "defect_number_unusable"
    status = 400
    text = _("A defect's number has up to 30 letters, digits and hyphens, such as AX-10412.")


class TooManySearches(Refusal):
    code = "too_many_searches"
    status = 429
    text = _(
        "Too many searches came from your network within a minute. Wait a minute, or sign in: "
        "who has signed in searches without this limit."
    )


class DefectUnknown(Refusal):
    code = "defect_unknown"
    status = 404
    text = _("Defect {number} is not on the list of known defects. {help}")


class DefectRecorded(Refusal):
    code = "defect_recorded"
    text = _("{number} is on the list of known defects already. Change it, or look at its number.")


class DefectFixed(Refusal):
    code = "defect_fixed"
    text = _("{number} is fixed in {build} already. Open it again if that fix does not hold.")


class DefectNotFixed(Refusal):
    code = "defect_not_fixed"
    text = _("{number} is not fixed, so there is nothing to open again.")


class BuildMissing(Refusal):
    code = "build_missing"
    status = 400
    text = _("Say in which build it is fixed, such as 10.6.2.")


class ManualUntitled(Refusal):
    code = "manual_untitled"
    status = 400
    text = _("A manual has a title, such as Administrator's guide.")


class ManualUnfit(Refusal):
    code = "manual_unfit"
    status = 400
    text = _("The file can not be a manual. {why} Give a PDF, or a zip of HTML or Markdown.")


class ManualVersionThere(Refusal):
    code = "manual_version_there"
    text = _("The manual has a version {version} already. Retire or remove that one first.")


class ManualVersionState(Refusal):
    code = "manual_version_state"
    text = _("Version {version} is {state}, so this can not be done. Look at the page again.")


class VersionUnusable(Refusal):
    code = "version_unusable"
    status = 400
    text = _(
        "“{version}” is no version that we can put in order. Write it like 10.6.3 or 10.7.0-beta.2."
    )


class EditionUnknown(Refusal):
    code = "edition_unknown"
    status = 400
    text = _("There is no edition “{edition}”. Choose one of: {known}.")


class ReleaseNamed(Refusal):
    code = "release_named"
    text = _(
        "There is a release {version} of the {edition} already. Give this one its own version."
    )


class ReleaseFixed(Refusal):
    code = "release_fixed"
    text = _(
        "{version} is published: its product, edition, version and kind stay. Withdraw it, and make"
        " another one."
    )


class ReleaseEmpty(Refusal):
    code = "release_empty"
    text = _("{version} has no file yet. Add what customers are to fetch, then publish it.")


class ReleaseFileGone(Refusal):
    code = "release_file_gone"
    text = _("The file {names} is not in the store any more. Add it again before you publish.")


class ReleasePublished(Refusal):
    code = "release_published"
    text = _("{version} is published already.")


class ReleaseNotPublished(Refusal):
    code = "release_not_published"
    text = _("{version} is not published.")


class ReleaseWithdrawn(Refusal):
    code = "release_withdrawn"
    text = _("{version} was withdrawn: {reason}")


class FixUnknown(Refusal):
    code = "fix_unknown"
    status = 400
    text = _(
        "{number} is not on the list of known defects. Record it there first, or mend the number."
    )


class PieceOutOfPlace(Refusal):
    code = "piece_out_of_place"
    text = _("This piece does not follow. {received} bytes are here; go on from there.")


class UploadBroken(Refusal):
    code = "upload_broken"
    text = _("What arrived of {name} is not whole any more. Upload it again.")


class NotInYourLicence(Refusal):
    code = "not_in_your_licence"
    status = 403
    text = "{why}"


class NotAnUpgrade(Refusal):
    code = "not_an_upgrade"
    text = _("{version} is no published upgrade of the licence's edition.")


class ArticleIncomplete(Refusal):
    code = "article_incomplete"
    status = 400
    text = _("An article needs a title, a text and a category.")


class ArticleTooLong(Refusal):
    code = "article_too_long"
    status = 400
    text = _("{count} characters are too many for one article; {most} are the most. Split it.")


class LevelsMissing(Refusal):
    code = "levels_missing"
    status = 400
    text = _("Choose the levels whose customers may read it.")


class AddressUnusable(Refusal):
    code = "address_unusable"
    status = 400
    text = _("“{slug}” can not be an address. Use small letters, digits and hyphens.")


class AddressTaken(Refusal):
    code = "address_taken"
    text = _("“{slug}” is, or was, the address of another article. Choose another one.")


class VersionChanged(Refusal):
    code = "version_changed"
    text = _("This version is {state} by now. Look at the page again.")


class PictureMissing(Refusal):
    code = "picture_missing"
    status = 400
    text = _(
        "The text shows {names}, which is none of the article's files. Add it or change the name."
    )


class PublishInThePast(Refusal):
    code = "publish_in_the_past"
    status = 400
    text = _("The moment to publish is past. Publish it now, or choose a later one.")


class NotPublished(Refusal):
    code = "not_published"
    text = _("The article is not published.")


class FileUnusable(Refusal):
    code = "file_unusable"
    status = 400
    text = _("“{name}” can not be added: {why}")


class ReasonMissing(Refusal):
    code = "reason_missing"
    status = 400
    text = _("Say why, so that whoever wrote it knows what to change.")


class CategoryNamed(Refusal):
    code = "category_named"
    text = _("There is a category “{name}” already.")


class NothingAnswered(Refusal):
    code = "nothing_answered"
    status = 404
    text = _("What answered it is not there any more.")


class FormUnusable(Refusal):
    code = "form_unusable"
    status = 400
    text = "{problem}"


class DefectUntitled(Refusal):
    code = "defect_untitled"
    status = 400
    text = _("A defect has a title: what goes wrong, in one line that names no customer.")


class IssueIncomplete(Refusal):
    code = "issue_incomplete"
    status = 400
    text = _("An issue needs a subject and a text.")


class IssueTooLong(Refusal):
    code = "issue_too_long"
    status = 400
    text = _("{count} characters are too many for one mail; {most} are the most.")


class IssueOnItsWay(Refusal):
    code = "issue_on_its_way"
    text = _("This issue is {state} by now, so it can not be changed any more.")


class RangeUnusable(Refusal):
    code = "range_unusable"
    status = 400
    text = _(
        "“{range}” is no range of versions. Write 10.5.0 to 10.6.1, before 10.6.2, 10.4 and later,"
        " 10.6, or all."
    )


class VersionsMissing(Refusal):
    code = "versions_missing"
    status = 400
    text = _("Say which versions the advisory is about, a range a line; or all.")


class SeverityMissing(Refusal):
    code = "severity_missing"
    status = 400
    text = _("Say how bad it is: critical, high, moderate or low.")


class NobodyToSendTo(Refusal):
    code = "nobody_to_send_to"
    text = _("Nobody would get it: {why}")


class SendInThePast(Refusal):
    code = "send_in_the_past"
    status = 400
    text = _("The moment to send it is past. Send it now, or choose a later one.")


class NewsletterNamed(Refusal):
    code = "newsletter_named"
    text = _("There is a newsletter “{name}” already.")


class NewsletterIncomplete(Refusal):
    code = "newsletter_incomplete"
    status = 400
    text = _("A newsletter needs a name, and a sentence that says what comes.")


class NothingChosen(Refusal):
    code = "nothing_chosen"
    status = 400
    text = _("Choose at least one newsletter.")


class LinkOver(Refusal):
    code = "link_over"
    status = 410
    text = _("This link works for a week and is over, or was cut. Ask for the newsletter again.")


class NothingToRead(Refusal):
    code = "nothing_to_read"
    status = 404
    text = _("There is no such advisory for your organisation.")


class BoardIncomplete(Refusal):
    code = "board_incomplete"
    status = 400
    text = _("A board needs a name, and who reads it.")


class BoardNamed(Refusal):
    code = "board_named"
    text = _("“{name}” is a board, or an address of the forum, already. Choose another name.")


class PostIncomplete(Refusal):
    code = "post_incomplete"
    status = 400
    text = _("Write something first: a title and your question, or your answer.")


class PostTooLong(Refusal):
    code = "post_too_long"
    status = 400
    text = _(
        "{count} characters are too many for a post; {most} are the most. Keep the lines of a log"
        " that matter, or file an incident with the file."
    )


class PostTooManyLinks(Refusal):
    code = "post_too_many_links"
    status = 400
    text = _("There are {count} links in it; {most} are the most. Keep those that help.")


class TooManyPosts(Refusal):
    code = "too_many_posts"
    status = 429
    text = _("You wrote {most} posts within an hour, which is the most. Go on in a while.")


class TooManyHeld(Refusal):
    code = "too_many_held"
    status = 429
    text = _(
        "{most} posts of yours wait for a moderator, who looks at the first ones of everybody. Wait"
        " for the mail that says they are shown; if it is urgent, file an incident."
    )


class TopicLocked(Refusal):
    code = "topic_locked"
    text = _("This topic is locked, so nobody answers it any more. Ask in a new topic.")


class TopicNotOpen(Refusal):
    code = "topic_not_open"
    text = _("This topic is not shown, so it can not be answered. Look at the page again.")


class PostDecided(Refusal):
    code = "post_decided"
    text = _("This post is {state} by now. Look at the page again.")


class NotThisAnswer(Refusal):
    code = "not_this_answer"
    text = _("This is no shown answer of the topic, so it can not be the accepted one.")


class WouldPublish(Refusal):
    code = "would_publish"
    text = _(
        "“{to}” has more readers than “{board}”, for whose readers it was written. Ask the authors,"
        " or write it anew there."
    )


class TopicMergedWithItself(Refusal):
    code = "topic_merged_with_itself"
    status = 400
    text = _("Give the number of another shown topic, as it stands at the end of its address.")


class TopicHasArticle(Refusal):
    code = "topic_has_article"
    text = _("An article was made of this topic already.")


class NoCategory(Refusal):
    code = "no_article_category"
    text = _("There is no category for articles yet. A lead or manager makes the first one.")


class TooManyReports(Refusal):
    code = "too_many_reports"
    status = 429
    text = _("{most} reports of yours wait for a moderator. They will look.")


class BetaIncomplete(Refusal):
    code = "beta_incomplete"
    status = 400
    text = _("A beta programme needs {missing}.")


class BetaNamed(Refusal):
    code = "beta_named"
    text = _("There is a beta programme of that name already. Choose another one.")


class BetaNotRunning(Refusal):
    code = "beta_not_running"
    text = _("{name} is not running{since}. Its builds are not offered.")


class BetaHasNoTerms(Refusal):
    code = "beta_has_no_terms"
    text = _("Write the terms of {name} before it opens: members accept them by name.")


class BetaNotForYou(Refusal):
    code = "beta_not_for_you"
    status = 403
    text = _("{why}")


class BetaUnsigned(Refusal):
    code = "beta_unsigned"
    status = 400
    text = _("Write your name and tick that you accept the terms: without that nobody takes part.")


class BetaTermsChanged(Refusal):
    code = "beta_terms_changed"
    text = _("The terms were changed meanwhile. Read version {number}, then accept that one.")


class NotAMember(Refusal):
    code = "not_a_member"
    status = 403
    text = _("You do not take part in {name}. Join it first, on its page.")


class FeedbackIncomplete(Refusal):
    code = "feedback_incomplete"
    status = 400
    text = _("Say in a line what it is about, and then what happened.")


class FeedbackDecided(Refusal):
    code = "feedback_decided"
    text = _("Somebody has decided about this already: {fate}. Look at it again.")


class BuildWithoutBeta(Refusal):
    code = "build_without_beta"
    status = 400
    text = _("A beta build names its programme, and nothing else does. Choose both or neither.")

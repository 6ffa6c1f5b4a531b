"""The kinds of notices: what each is called, when it is sent, and to whom.

A kind is named as its delivered wording, `templates/notices/<kind>.txt`. A new notice gets its
line in `GROUPS`; `tests/notices/test_wording.py` finds those without one. It is sent by
`notices.outbox.notify(people, "<kind>", key=..., at=...)` in the transaction of what happened.

Lower in this file, for those that are not as usual: `RINGS` (in the bell, too), `_RANKS` (which
goes first), `CHOICES` (what people may choose about).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from notices.enums import Wish


class Audience(StrEnum):
    """Who reads a notice."""

    CUSTOMER = "The customer's people"
    STAFF = "The vendor's people"
    BOTH = "Customers and the vendor's people"


@dataclass(frozen=True)
class Kind:
    """`when` ends the sentence "It is sent ..."."""

    key: str
    name: str
    when: str
    audience: Audience


@dataclass(frozen=True)
class Group:
    name: str
    kinds: tuple[Kind, ...]


_C, _S, _B = Audience.CUSTOMER, Audience.STAFF, Audience.BOTH

GROUPS = (
    Group(
        "Incidents, to the customer",
        (
            Kind("incident_filed", "Acknowledgement", "as soon as a report came in", _C),
            Kind("incident_not_covered", "Not covered", "when no support covers a report", _C),
            Kind("incident_split", "Of its own", "when a message becomes an incident", _C),
            Kind("incident_answered", "Answer", "with each answer of an engineer", _C),
            Kind("incident_solved", "Solved", "with an answer that solves the incident", _C),
            Kind("incident_goodwill", "Goodwill", "when it is helped with though uncovered", _C),
            Kind("incident_declined", "Declined", "when an uncovered report is declined", _C),
            Kind("incident_covered", "Covered now", "when new support covers a kept report", _C),
            Kind("incident_upgraded", "Better level", "when a better level counts for it", _C),
            Kind("incident_corrected", "Promise put right", "when the office corrects it", _C),
            Kind("fix_released", "Fix released", "when a release fixes what was reported", _C),
            Kind("fix_withdrawn", "Fix withdrawn", "when such a release fixes it no more", _C),
            Kind("escalation_accepted", "Goes further", "when a request to escalate is met", _C),
            Kind("escalation_declined", "Stays here", "when a request to escalate is declined", _C),
        ),
    ),
    Group(
        "Incidents, to the desk",
        (
            Kind("incident_assigned", "Assigned", "to whom an incident is given", _S),
            Kind("incident_passed_on", "Passed on", "to whom had it, when another gets it", _S),
            Kind("incident_worker", "Works on it", "to who works on it at TS2 or TS3", _S),
            Kind("incident_customer_wrote", "Customer wrote", "to owner and worker", _S),
            Kind("incident_due_earlier", "Due earlier", "when an answer is owed sooner", _S),
            Kind("incident_escalated", "Escalated", "to the team of the next level", _S),
            Kind("incident_given_back", "Given back", "to the team that gets it back", _S),
            Kind("incident_merged", "Merged", "to the owners of both incidents", _S),
            Kind("incident_merge_undone", "Merge undone", "to the owners of both incidents", _S),
            Kind("incident_unassigned", "Nobody fits", "to the leads, when nobody can take it", _S),
            Kind("incident_lies", "Nobody took it", "to the leads, when it lies too long", _S),
            Kind("escalation_asked", "Escalation asked", "when a customer asks for it", _S),
            Kind("incident_mentioned", "Mentioned", "to whom a note mentions", _S),
            Kind("incident_aside", "Aside", "to who takes part in a side conversation", _S),
            Kind("incident_followed", "Followed", "to who follows it, with what was said", _S),
            Kind("answer_bounced", "Answer came back", "when nobody got an answer", _S),
            Kind("defect_fixed", "Defect fixed", "when a linked defect is fixed in a build", _S),
            Kind("defect_reopened", "Fix does not hold", "when a fixed defect is opened again", _S),
        ),
    ),
    Group(
        "Response times",
        (
            Kind("response_target_warning", "Warning", "when a part of the time is used", _S),
            Kind("response_target_breached", "Breach", "when an answer is late", _S),
            Kind("response_target_call", "Call", "as the words of a telephone call", _S),
            Kind("internal_target_warning", "Level's warning", "before a level's own target", _S),
            Kind("internal_target_breached", "Level's target over", "after a level's target", _S),
            Kind("audit_differs", "Audit differs", "when the nightly audit finds a difference", _S),
        ),
    ),
    Group(
        "Call-backs",
        (
            Kind("call_back_confirmed", "Confirmed", "when a call-back was asked for", _C),
            Kind("call_back_not_reached", "Not reached", "after three attempts", _C),
            Kind("call_back_asked", "Asked", "to those who call", _S),
            Kind("call_back_late", "Late", "when nobody called in time", _S),
        ),
    ),
    Group(
        "Engagements",
        (
            Kind("engagement_requested", "Request came in", "when something is asked for", _C),
            Kind("engagement_taken_up", "Taken up", "when we begin with what was asked", _C),
            Kind("engagement_said", "The team wrote", "with each message of the team", _C),
            Kind("engagement_document", "Document", "when a document or a version is there", _C),
            Kind("engagement_answer_promised", "Answer by", "when the answer's day is set", _C),
            Kind("engagement_visit_proposed", "Visit proposed", "with dates and people", _C),
            Kind("engagement_visit_agreed", "Visit agreed", "to everybody who takes part", _B),
            Kind("engagement_visit_cancelled", "Visit cancelled", "when it does not happen", _C),
            Kind("engagement_shipped", "Feature shipped", "when what was promised ships", _C),
            Kind("engagement_golive_moved", "Another day", "when the go-live moves", _C),
            Kind("engagement_ended", "Over", "when it is completed, declined or cancelled", _B),
            Kind("engagement_vote", "Go / no-go", "when your vote is asked for", _B),
            Kind("engagement_decided", "Go or no-go", "when it is decided", _B),
            Kind("engagement_cut_over", "Cut-over", "planned, begun, done, turned back", _B),
            Kind("engagement_asked", "Asked for", "to the account manager", _S),
            Kind("engagement_written", "Customer wrote", "to the team", _S),
            Kind("engagement_verdict", "Accepted or sent back", "to the team", _S),
            Kind("engagement_yours", "Team changed", "to the team", _S),
            Kind("engagement_warning", "Due soon", "when most of its time is used", _S),
            Kind("engagement_late", "Late", "when something promised is late", _S),
        ),
    ),
    Group(
        "Contracts",
        (
            Kind("subscription_ends", "Support ends", "60, 30 and 7 days before its end", _B),
            Kind("subscription_ended", "Support has ended", "on the day after its end", _B),
            Kind("basic_ends", "Free support ends", "before the free year ends", _B),
            Kind("gold_low", "Few Gold incidents", "when two or none are left", _B),
            Kind("licence_registered", "Licence registered", "when a customer registers one", _S),
            Kind(
                "licence_confirmed", "Licence confirmed", "when its registration is confirmed", _C
            ),
            Kind("licence_declined", "Licence declined", "when its registration is declined", _C),
            Kind("licence_transferred_away", "Transferred away", "to the old owner", _B),
            Kind("licence_transferred_here", "Transferred here", "to the new owner", _B),
            Kind("order_placed", "Order placed", "to the account manager", _S),
            Kind("order_confirmed", "Order confirmed", "when we confirm an order", _C),
            Kind("order_paid", "Order active", "when an order is delivered", _C),
            Kind("order_cancelled", "Order cancelled", "when an order is cancelled", _B),
            Kind("renewal_drafted", "Renewal to review", "90 days before the end", _S),
            Kind("renewal_sent", "Renewal proposal", "when we propose a renewal", _C),
            Kind("renewal_answered", "Renewal answered", "when a customer answers it", _S),
            Kind("report_issued", "Report ready", "when a service report is issued", _C),
            Kind("report_revised", "Report revised", "when a service report is revised", _C),
            Kind("account_step", "Next step", "on the day of an account manager's next step", _S),
            Kind("schedule_waits", "Report waits", "when a report to send is not issued", _S),
            Kind("schedule_changed", "Goes out no more", "when a reader or owner lost it", _S),
            Kind("scheduled_picture", "Picture of the figures", "on its day and hour", _S),
            Kind("scheduled_report", "Report by mail", "on its day, once it is issued", _B),
            Kind("ledger_differs", "Ledger differs", "when a pack's sum is not its ledger's", _S),
        ),
    ),
    Group(
        "Trainings",
        (
            Kind("training_seat", "Seat", "with a seat, and its appointments", _C),
            Kind("training_waits", "Waiting list", "when all seats are taken", _C),
            Kind("training_reminder", "Reminder", "two days before a training begins", _C),
            Kind("training_moved", "Moved", "when its time or place changes", _C),
            Kind("training_cancelled", "Cancelled", "when a training does not take place", _C),
            Kind("training_certificate", "Certificate", "when a certificate is issued", _C),
            Kind("training_revoked", "Revoked", "when a certificate counts no more", _C),
        ),
    ),
    Group(
        "People and mail",
        (
            Kind("invitation", "Invitation", "to whom a colleague invites", _B),
            Kind("account_made", "Account made", "when somebody made an account for a person", _B),
            Kind("mail_test", "Test", "to a manager who tests that mail goes out", _S),
            Kind("tam_left", "No account manager", "when a customer has none any more", _S),
            Kind("account_changed", "Account changed", "when a password or key changes", _B),
            Kind("address_change", "New address", "to the address that somebody wants", _B),
            Kind("digest", "One mail a day", "to whom chose so, with what came up", _B),
            Kind("address_bounces", "Mail comes back", "when an address takes no mail", _B),
            Kind("mail_too_large", "Mail too large", "to whom sent more than we take", _C),
            Kind("mail_not_taken", "Mail not taken", "to who works here, when theirs is not", _S),
            Kind("answer_not_sent", "Answer not sent", "when what changed since forbids it", _S),
            Kind("mail_waits", "Mails wait", "to whom sent mail after mail", _C),
            Kind("mail_held", "Mail kept aside", "when a human has to look at a mail", _S),
            Kind("mail_unfetched", "Mail not fetched", "when one can not be fetched", _S),
            Kind("mailbox_silent", "Mailbox silent", "when no mail is fetched any more", _S),
        ),
    ),
    Group(
        "News",
        (
            Kind("newsletter_issue", "Newsletter", "when an issue of one goes out", _C),
            Kind("security_advisory", "Security advisory", "to who runs what it names", _C),
            Kind("beta_build", "Beta build", "when a build is there, and what it fixes", _C),
            Kind("beta_build_withdrawn", "Build withdrawn", "when a build is withdrawn", _C),
            Kind("beta_answered", "Feedback answered", "when a member's feedback is decided", _C),
            Kind("beta_terms", "Beta terms", "when a programme's terms change", _C),
            Kind("beta_ended", "Beta ended", "to its members, with how it goes on", _C),
            Kind("newsletter_confirm", "Confirm a newsletter", "when a stranger asks for one", _C),
        ),
    ),
    Group(
        "Forum",
        (
            Kind("forum_asked", "New topic", "to who follows its board", _B),
            Kind("forum_answered", "Answer in the forum", "to who follows the topic", _B),
            Kind("forum_accepted", "Accepted answer", "to who wrote it, and who asked", _B),
            Kind("forum_shown", "Post is shown", "when a first post was looked at", _B),
            Kind("forum_refused", "Post is not shown", "with a moderator's reason", _B),
            Kind("forum_not_taken", "Mail not in the forum", "when one can not stand there", _B),
        ),
    ),
    Group(
        "Duty",
        (
            Kind("rota_gaps", "Gaps", "when nobody is planned at times", _S),
            Kind("rota_handed_over", "Shift handed over", "to both who are concerned", _S),
            Kind("rota_swap_asked", "Swap asked", "to the colleague who is asked", _S),
            Kind("rota_swap_agreed", "Swap agreed", "to both who are concerned", _S),
            Kind("rota_swap_declined", "Swap declined", "to who asked", _S),
        ),
    ),
)

# What also stands in the bell of the staff it goes to, whatever they want by mail: their work.
RINGS = frozenset(
    kind.key
    for group in GROUPS
    if group.name in ("Incidents, to the desk", "Response times", "Call-backs")
    for kind in group.kinds
    if kind.audience == _S and kind.key not in ("response_target_call", "audit_differs")
)

KINDS = {kind.key: kind for group in GROUPS for kind in group.kinds}

# Which goes first where many wait: promises that are broken or near it, then what people said to
# each other, last what only tells of a crowd.
USUAL = 5
_RANKS = {
    1: ("response_target_call", "response_target_breached", "call_back_late"),
    2: ("response_target_warning", "internal_target_breached", "internal_target_warning"),
    3: ("account_mail", "incident_answered", "incident_solved", "incident_customer_wrote")
    + ("engagement_said",),
    7: ("incident_lies", "incident_unassigned"),
    8: ("digest", "mail_waits", "mail_held", "security_advisory"),
    9: ("newsletter_issue",),
}
_RANK = {kind: rank for rank, kinds in _RANKS.items() for kind in kinds}


def rank_of(kind: str) -> int:
    """The place of a kind of notice in the outbox; lower goes first."""
    return _RANK.get(kind, USUAL)


@dataclass(frozen=True)
class Choice:
    """Notices that people choose about together. `for_staff`: of the vendor or a local partner.

    `default` holds for whoever chose nothing.
    """

    key: str
    name: str
    kinds: frozenset[str]
    wishes: tuple[Wish, ...]
    for_staff: bool
    hint: str = ""
    default: Wish = Wish.NOW


_LATER, _ANY = (Wish.NOW, Wish.DIGEST), (Wish.NOW, Wish.DIGEST, Wish.OFF)
_FORUM = frozenset({"forum_asked", "forum_answered", "forum_accepted"})
_SALES = frozenset(
    ("subscription_ends", "subscription_ended", "basic_ends", "gold_low")
    + ("licence_transferred_away", "licence_transferred_here")
)

# What is not here comes at once: answers, acknowledgements and promises, what is given to
# somebody to do, what people asked for themselves.
CHOICES = (
    Choice(
        "customer_wrote",
        "What customers write on my incidents",
        frozenset({"incident_customer_wrote"}),
        _LATER,
        for_staff=True,
    ),
    Choice(
        "mentions",
        "Notes that mention me",
        frozenset({"incident_mentioned"}),
        _ANY,
        for_staff=True,
        hint="They stand in the bell, too, whatever you choose.",
    ),
    Choice(
        "followed",
        "What is said on incidents that I follow",
        frozenset({"incident_followed"}),
        _ANY,
        for_staff=True,
        hint="It stands in the bell, too, whatever you choose.",
        default=Wish.OFF,
    ),
    Choice(
        "warnings",
        "Warnings before a response time ends",
        frozenset({"response_target_warning"}),
        _ANY,
        for_staff=True,
    ),
    Choice(
        "breaches",
        "Broken response times",
        frozenset({"response_target_breached"}),
        _LATER,
        for_staff=True,
        hint="Those of a promise that runs round the clock come at once, whatever you choose.",
    ),
    Choice(
        "levels",
        "Own targets of the technical levels",
        frozenset({"internal_target_warning", "internal_target_breached"}),
        _ANY,
        for_staff=True,
    ),
    Choice(
        "defects",
        "Known defects of my incidents",
        frozenset({"defect_fixed", "defect_reopened"}),
        _ANY,
        for_staff=True,
    ),
    Choice(
        "mail",
        "Mail that waits for a human",
        frozenset({"mail_held", "mail_unfetched"}),
        _LATER,
        for_staff=True,
    ),
    Choice(
        "sales",
        "Contracts that end, orders, licences",
        _SALES
        | {"licence_registered", "order_placed", "order_cancelled"}
        | {"renewal_drafted", "renewal_answered"},
        _ANY,
        for_staff=True,
    ),
    Choice(
        "contracts",
        "Support that ends, few Gold incidents, licences",
        _SALES,
        _LATER,
        for_staff=False,
    ),
    Choice(
        "fixes",
        "Releases that fix what I reported, builds of my betas",
        frozenset({"fix_released", "fix_withdrawn", "beta_build", "beta_build_withdrawn"}),
        _ANY,
        for_staff=False,
        hint="Your incidents' pages say so, too, whatever you choose.",
    ),
    Choice("forum", "What I follow in the forum", _FORUM, _ANY, for_staff=False),
    Choice("forum_staff", "What I follow in the forum", _FORUM, _ANY, for_staff=True),
    Choice(
        "reports",
        "Service reports",
        frozenset({"report_issued", "report_revised"}),
        _ANY,
        for_staff=False,
    ),
)

# Whose words come from elsewhere: the sign-in's, and a test that was written out already.
UNWORDED = frozenset({"account_mail", "wording_test"})

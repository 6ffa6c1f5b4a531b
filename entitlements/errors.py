"""The expected "no"s of contracts and coverage. Each says what would help."""

from core.errors import Refusal
from entitlements.levels import carrying_words


class BadCatalogue(Refusal):
    code = "bad_catalogue"
    status = 400
    text = "The catalogue was not changed: {problem}"


class KeyTaken(Refusal):
    """Says nothing about whose it is: a stranger must not learn who has which licence."""

    code = "licence_key_taken"
    text = "This licence key can not be registered. Check the key, or give the one on the invoice."


class ClaimToConfirm(Refusal):
    code = "licence_claimed"
    text = "This organisation registered {key} itself, and it waits: confirm that registration."


class ClaimSettled(Refusal):
    code = "claim_settled"
    text = "The registration of {key} is settled already ({state}), so there is nothing to decide."


class KeyCountsElsewhere(Refusal):
    """For staff only: they may know that somebody has the key, customers may not."""

    code = "licence_key_counts"
    text = (
        "{key} counts for another registration already. If it changed hands, a manager transfers"
        " that licence to this organisation; else decline this registration."
    )


class KeyMalformed(Refusal):
    """Only of the form of keys, which is no secret; never of which keys there are."""

    code = "licence_key_malformed"
    status = 400
    text = (
        "This is no licence key of the {edition}: they look like {example}. Copy it from the"
        " invoice; if yours looks different, send us the invoice and we register it."
    )


class KeyOfOtherEdition(Refusal):
    code = "licence_key_edition"
    status = 400
    text = "This is a key of the {edition}: choose that edition, or check the key."


class LicenceInUse(Refusal):
    code = "licence_in_use"
    text = "Licence {key} is in use: something was sold for it, or reported on it."


class SubscriptionInUse(Refusal):
    code = "subscription_in_use"
    text = (
        "This subscription is in use: since it was sold, something was reported on its licence, or"
        " bought under it. Cancel it instead."
    )


class PackInUse(Refusal):
    code = "pack_in_use"
    text = "Gold incidents of this pack were spent or put right since: adjust it by hand."


class LicenceNotConfirmed(Refusal):
    code = "licence_not_confirmed"
    text = "Licence {key} is not confirmed yet, so nothing can be sold or moved for it until then."


class TooManyClaims(Refusal):
    code = "too_many_claims"
    status = 429
    text = (
        "{limit} registrations of your organisation wait for confirmation already. Send us the list"
        " of your licences, and we register them for you."
    )


class WhyDeclinedMissing(Refusal):
    code = "reason_missing"
    status = 400
    text = "Say why it is declined: whoever registered it reads the reason."


class BadKeySchemes(Refusal):
    code = "bad_key_schemes"
    status = 400
    text = "The forms of the keys were not changed. {problems}"


class EmptyKey(Refusal):
    code = "licence_key_empty"
    status = 400
    text = "Give the licence key that is printed on the invoice."


class NegativePrice(Refusal):
    code = "negative_price"
    status = 400
    text = "A price can not be negative: {price}. Give 0 for something that is free."


class LevelNotSold(Refusal):
    code = "level_not_subscribed"
    status = 400
    text = "{level} is not sold as a subscription. Choose one of: {choices}."


class TermInverted(Refusal):
    code = "term_inverted"
    status = 400
    text = "A term ends after its start: {starts_on} to {ends_on} is none. Give a later end."


class SubscriptionOverlaps(Refusal):
    code = "subscription_overlaps"
    text = (
        "This licence has {level} from {starts_on} to {last_on} already."
        " Start the renewal on {free_on}."
    )


class PremiumNeeded(Refusal):
    code = "premium_needed"
    text = (
        f"Gold incidents are sold while {carrying_words()} runs, and this licence has no"
        f" {carrying_words()} on {{day}}. Subscribe to {carrying_words()} first."
    )


class PackNotSold(Refusal):
    code = "pack_not_sold"
    status = 400
    text = (
        "There is no price for a pack of {quantity}. Choose {choices} incidents, or give a price."
    )


class NoPackSize(PackNotSold):
    code = "no_pack_size"
    text = "A pack has from 1 to {most:,} incidents; {quantity:,} is none."


class AdjustmentTooLarge(Refusal):
    code = "adjustment_too_large"
    status = 400
    text = "An adjustment adds or takes up to {most:,} incidents at once, not {quantity:,}."


class PackTooSmall(Refusal):
    code = "pack_too_small"
    text = "The pack has {available} incidents left, so {quantity} can not be taken from it."


class ReasonMissing(Refusal):
    code = "reason_missing"
    status = 400
    text = "Say why: the customer reads the reason in the ledger."


class NothingSpent(Refusal):
    code = "nothing_spent"
    text = "No Gold incident was spent on this incident, so there is none to give back."


class AlreadyRefunded(Refusal):
    code = "already_refunded"
    text = "The Gold incident of this incident was given back on {day} already. It goes back once."


class NothingToAdjust(Refusal):
    code = "nothing_to_adjust"
    status = 400
    text = "An adjustment adds or takes at least one incident."


class NameMissing(Refusal):
    code = "name_missing"
    status = 400
    text = "Give the project a name that its people recognise."


class LicenceUnknown(Refusal):
    """Alike for a licence that is missing and for a stranger's."""

    code = "licence_unknown"
    status = 404
    text = "There is no such licence among yours. GET /api/v1/licences/ lists them."


class NothingChanged(Refusal):
    code = "nothing_changed"
    text = "{what} says this already, so no new version was made. Change something first."


class ProjectUnknown(Refusal):
    """Alike for a project that is missing and for a stranger's."""

    code = "project_unknown"
    status = 404
    text = "There is no such GoLive project among those of the licence's organisation."


class ReferenceMissing(Refusal):
    code = "reference_missing"
    status = 400
    text = "Give the reference that stands on the signed contract, and say what the visits are for."


class WhyEndedMissing(Refusal):
    code = "reason_missing"
    status = 400
    text = "Say why it ends early: the journal keeps the reason."


class ContractNotShortened(Refusal):
    """`first_on` and `last_on` are the days between which the new last day may lie."""

    code = "contract_not_shortened"
    status = 400
    text = (
        "A contract is ended early on a day from {first_on} to {last_on}; {given} is none of them."
    )


class ContractOver(Refusal):
    code = "contract_over"
    text = "Contract {reference} ends on {last_on} as it is, so there is nothing to shorten."


class LicenceRegistered(Refusal):
    """Only to the organisation that owns it: everybody else hears `KeyTaken`."""

    code = "licence_registered"
    text = "Your organisation registered this licence already; its support is on the coverage page."


class LicenceClaimed(LicenceRegistered):
    text = (
        "Your organisation registered this licence already; it waits for confirmation, and we tell"
        " you when it is confirmed."
    )


class RegistrationTooLate(Refusal):
    """`first_on` and `last_on` are the days between which the invoice's day may lie."""

    code = "registration_day"
    status = 400
    text = (
        "The day of the invoice is from {first_on} to {last_on}. Support of an older licence is"
        " over: write to us, and we register it with what can follow."
    )


class TooManyRegistrations(Refusal):
    code = "too_many_registrations"
    status = 429
    text = (
        "Your organisation tried {limit} licence keys within the hour. Try again later, or send us"
        " the list: we register it for you."
    )


class LicencePriceUnknown(Refusal):
    code = "licence_price_unknown"
    text = (
        "The price of licence {key} is not known yet, and a subscription costs a part of it. Ask"
        " us for it: we set the price, and then you can order."
    )


class LicenceTransferred(Refusal):
    code = "licence_transferred"
    text = "Licence {key} was transferred on {day}. Look for it at the organisation that has it."


class SameOwner(Refusal):
    code = "same_owner"
    text = "Licence {key} is this organisation's already. Choose the one that it goes to."


class TransferReasonMissing(Refusal):
    code = "reason_missing"
    status = 400
    text = "Say why the licence changes hands: the journal keeps the reason."


class AlreadySettled(Refusal):
    code = "order_settled"
    text = "Order {number} is {state} already, so there is nothing left to do with it."


class OrderUnderWay(Refusal):
    code = "order_under_way"
    text = "Order {number} is {state} already, so this step is behind it. Load the page again."


class OrderStays(Refusal):
    code = "order_stays"
    text = "Order {number} is {state}, so it can not be cancelled. {helps}"


class OrderStepTooEarly(Refusal):
    code = "order_step_too_early"
    text = "Order {number} is {state}: {needed} first."


class BillingMissing(Refusal):
    code = "billing_missing"
    text = (
        "We do not know yet to whom the invoice goes. Give the billing address first, below"
        " “Orders”: it decides the VAT, too."
    )


class BadBilling(Refusal):
    code = "bad_billing"
    status = 400
    text = "{problems}"


class BadSellingTerms(Refusal):
    code = "bad_selling_terms"
    status = 400
    text = "{problems}"


class RenewalNotOpen(Refusal):
    code = "renewal_not_open"
    text = "Proposal {number} is {state} already, so there is nothing left to do with it."


class RenewalPriceMissing(Refusal):
    code = "renewal_price_missing"
    status = 400
    text = "Give a price first: the licence's own is not known, so none could be worked out."


class RenewalOver(Refusal):
    code = "renewal_over"
    text = (
        "Proposal {number} could be accepted until {until}. Order the subscription anew, or write"
        " to us for a new proposal."
    )


class RenewedOtherwise(Refusal):
    code = "renewed_otherwise"
    text = "{level} of licence {key} goes on from {day} already, so nothing has to be renewed."


class RenewalTotalChanged(Refusal):
    code = "renewal_total_changed"
    text = (
        "With the VAT of now it costs {total} {currency}: the billing address or the rate changed"
        " while you looked. Look at the sum below, and accept it then."
    )


class RenewalChanged(Refusal):
    code = "renewal_changed"
    text = (
        "The contract changed since this proposal was made, so it would leave a gap or overlap."
        " Write to us: we make a new one."
    )


class RenewalReasonMissing(Refusal):
    code = "reason_missing"
    status = 400
    text = "Say in a few words why: the other side reads it."


class OrderedAlready(Refusal):
    code = "ordered_already"
    text = (
        "A year of {level} is ordered for this licence already, as {number}. Cancel that order"
        " first, if it is not what you want."
    )


class OrderSentBefore(Refusal):
    code = "order_sent_before"
    text = (
        "This form was sent already, as order {number}, and was changed since. Send it again to"
        " order this, too."
    )


class WhyCancelledMissing(Refusal):
    code = "reason_missing"
    status = 400
    text = "Say why the order is cancelled: whoever ordered it reads the reason."


class ChangeReasonMissing(Refusal):
    code = "change_reason_missing"
    status = 400
    text = "Say why: the reason is kept with the contract."


class SubscriptionVoid(Refusal):
    code = "subscription_void"
    text = "This subscription is void since {day}: it was cancelled before it began, or corrected."


class CancelDayOutside(Refusal):
    code = "cancel_day_outside"
    status = 400
    text = (
        "The first day without it must lie from {today} on, after its first day, and not after"
        " {last_on}, its last day. To undo a mistake in the past, correct it."
    )


class NothingRuns(Refusal):
    code = "nothing_to_change"
    text = "{level} does not run for this licence today, so there is none to {what}. Sell one."


class RenewalAllPast(Refusal):
    code = "renewal_all_past"
    text = (
        "{level} ended on {last_on}, so a renewal without a gap would be over already. Give the"
        " first day from which it counts again."
    )


class SubscriptionOver(Refusal):
    code = "subscription_over"
    text = "Its last day is {last_on} as it is, so there is nothing left to cancel."


class UnknownCountry(Refusal):
    code = "unknown_country"
    status = 400
    text = (
        "No public holidays are known for “{given}”. Give a country's code of two letters, such"
        " as DE or FR, or write the holidays by hand."
    )


class UnknownRegion(Refusal):
    code = "unknown_region"
    status = 400
    text = "{country} has no region “{given}”. Known: {choices}. Choose one, or leave it empty."


class YearsOutside(Refusal):
    code = "years_outside"
    status = 400
    text = "Give the first and the last year from {first} to {last}, at most {most} years."

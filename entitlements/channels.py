"""The channels by which a report reaches the vendor, each with all that the code knows of it.

Which level includes which channel is data: `entitlements/catalogue.toml`. A new channel is a row
here, and its name in the `channels` of the levels there (`manage.py catalogue load`);
`tests/entitlements/test_levels.py` walks every one. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.choices import Choice


@dataclass(frozen=True)
class ChannelFacts:
    """`name` is what a level includes or not, `reported` how a report came by it, `row` its line
    in the programme, where `place` orders the lines.

    By a `spoken` channel a report needs the call that an engineer logged (E2), and what was said
    was heard. `advice` ends "Report it ...", for those that a customer is sent to instead. Staff
    file reports that came by one that is `filed_by_staff`.
    """

    label: str
    name: str
    reported: str
    row: str
    place: int
    icon: str
    advice: str = ""
    spoken: bool = False
    filed_by_staff: bool = True


class Channel(Choice):
    """How a report reached the vendor."""

    facts: ChannelFacts

    PORTAL = (
        "portal",
        ChannelFacts(
            label="Web portal",
            name="the web portal",
            reported="in the portal",
            row="Web support",
            place=3,
            icon="message-square",
            advice="through the web portal",
        ),
    )
    EMAIL = (
        "email",
        ChannelFacts(
            label="E-mail",
            name="e-mail",
            reported="by mail",
            row="E-mail support",
            place=2,
            icon="mail",
            advice="by e-mail",
        ),
    )
    PHONE = (
        "phone",
        ChannelFacts(
            label="Telephone",
            name="telephone",
            reported="by telephone",
            row="Telephone support",
            place=1,
            icon="phone",
            spoken=True,
        ),
    )
    CALLBACK = (
        "callback",
        ChannelFacts(
            label="Call-back",
            name="the call-back hotline",
            reported="by call-back",
            row="Free call-back hotline",
            place=4,
            icon="phone-call",
            spoken=True,
            filed_by_staff=False,  # it is a call-back that was asked for, see `calling`
        ),
    )


# Where a call that an engineer logged is the evidence of the report (E2).
SPOKEN = tuple(one for one in Channel if one.facts.spoken)
# As the programme lists them.
IN_PROGRAMME = tuple(sorted(Channel, key=lambda one: one.facts.place))


def channel_choices() -> list[tuple[str, str]]:
    return Channel.choices

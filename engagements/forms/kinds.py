"""What can be asked for, and what can be done on the page of each kind.

A kind adds its own actions here: its module of `forms/` brings tables for the team and for the
customer.
"""

from __future__ import annotations

from engagements.enums import Kind
from engagements.forms import (
    audits,
    deployment,
    features,
    golive,
    gonogo,
    sizing,
    spine_actions,
    visits,
)
from engagements.forms.spine import RequestForm

# In the order in which they are offered. Only kinds that are whole stand here.
REQUESTABLE: tuple[Kind, ...] = (Kind.ON_SITE, Kind.FEATURE, Kind.GOLIVE, Kind.AUDIT)
REQUEST_FORMS: dict[Kind, type[RequestForm]] = {
    Kind.ON_SITE: visits.VisitRequestForm,
    Kind.FEATURE: features.FeatureRequestForm,
}

DESK_ACTIONS = {
    **spine_actions.OF_THE_TEAM,
    **visits.OF_THE_TEAM,
    **features.OF_THE_TEAM,
    **audits.OF_THE_TEAM,
    **golive.OF_THE_TEAM,
    **sizing.OF_THE_TEAM,
    **deployment.OF_THE_TEAM,
    **gonogo.OF_THE_TEAM,
}
PORTAL_ACTIONS = {
    **spine_actions.OF_THE_CUSTOMER,
    **visits.OF_THE_CUSTOMER,
    **audits.OF_THE_CUSTOMER,
    **golive.OF_THE_CUSTOMER,
    **deployment.OF_THE_CUSTOMER,
    **gonogo.OF_THE_CUSTOMER,
}

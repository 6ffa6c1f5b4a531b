"""What the online resources say no to, each with what would help."""

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal


class DefectNumberUnusable(Refusal):
    code = "defect_number_unusable"
    status = 400
    text = _("A defect's number has up to 30 letters, digits and hyphens, such as AX-10412.")


class DefectUnknown(Refusal):
    code = "defect_unknown"
    status = 404
    text = _("Defect {number} is not on the list of known defects. {help}")


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

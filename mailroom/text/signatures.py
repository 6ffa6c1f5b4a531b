"""The signature at the end of what somebody wrote: where it is, not whether to hide it."""

from mailroom.text import markers

MAX_LINES = 11
MAX_LINE = 70


def find_signature(lines: list[str], classes: str) -> str:
    """The signature of the reply above the first quotation, or an empty string.

    After a delimiter (`-- `) whatever follows; else the last paragraph, when it greets and
    names, or has a name and a telephone, mail or web address, or ends with the mark of a
    telephone's mail program.
    """
    end = min((i for i in (classes.find("b"), classes.find("h")) if i >= 0), default=len(lines))
    first_text = classes.find("t")
    if first_text < 0 or first_text > end:
        return ""
    delimiter = classes.find("d", first_text, end)
    if delimiter >= 0 and classes.count("t", delimiter, end) <= 20:
        return "\n".join(lines[delimiter:end]).strip()
    return _last_paragraph(lines, classes, first_text, end)


def _last_paragraph(lines: list[str], classes: str, first: int, end: int) -> str:
    stop = end
    while stop > first and classes[stop - 1] in "eq":
        stop -= 1
    start = stop
    while start > first and classes[start - 1] in "ts":
        start -= 1
    paragraph = [line.strip() for line in lines[start:stop]]
    if start == first or not _is_signature(paragraph):
        return ""
    above = start - 1
    while above > first and classes[above] == "e":
        above -= 1
    if above > first and classes[above - 1] == "e" and _greets(lines[above]):
        start = above
    return "\n".join(lines[start:stop]).strip()


def _is_signature(paragraph: list[str]) -> bool:
    short = len(paragraph) <= MAX_LINES and all(len(line) <= MAX_LINE for line in paragraph)
    if not paragraph or not short:
        return False
    if _greets(paragraph[0]):
        return len(paragraph) > 1
    named = len(paragraph[0].split()) <= 6 and not paragraph[0].endswith((".", "?", "!", ":"))
    if markers.MOBILE.fullmatch(paragraph[-1]):
        return named and len(paragraph) <= 4
    reached = sum(1 for line in paragraph[1:] if markers.CONTACT.search(line))
    return reached >= 2 or (named and reached == 1)


def _greets(line: str) -> bool:
    return bool(markers.SALUTATION.fullmatch(line.strip()))

"""The tags and filters of a notice's wording: conditions and lists, nothing else of Django's.

Nothing here loads a file. How long a wording may run, `wording.problems` bounds.
"""

from django.template import Library, defaultfilters, defaulttags

register = Library()
register.tag("if", defaulttags.do_if)
register.tag("for", defaulttags.do_for)
register.filter("default", defaultfilters.default)
register.filter("pluralize", defaultfilters.pluralize, is_safe=False)


@register.filter(is_safe=True)
def floatformat(value: object) -> str:
    """One decimal place, where it is not zero; Django's takes any number of places to fill."""
    return str(defaultfilters.floatformat(value))

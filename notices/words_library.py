"""The tags and filters of a notice's wording: conditions and lists, nothing else of Django's.

Nothing here loads a file, reaches an attribute, or runs longer than what it is given is long.
"""

from django.template import Library, defaultfilters, defaulttags

register = Library()
register.tag("if", defaulttags.do_if)
register.tag("for", defaulttags.do_for)
register.filter("default", defaultfilters.default)
register.filter("floatformat", defaultfilters.floatformat, is_safe=True)
register.filter("pluralize", defaultfilters.pluralize, is_safe=False)

"""The forum, as pages, feeds, mails and searches show it."""

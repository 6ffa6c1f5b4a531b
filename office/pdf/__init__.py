"""Documents of the office: the review deck, and pictures of the figures."""

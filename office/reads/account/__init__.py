"""One customer's account page, put together: one file a part."""

"""Articles, as pages, feeds and searches show them."""

"""The online resources as the API shows them."""

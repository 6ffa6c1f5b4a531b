"""The online resources of the demo: what the vendor has written about its mail server."""

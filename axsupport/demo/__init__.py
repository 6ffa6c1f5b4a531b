"""Half a year of one vendor's life, made with a fixed seed through the real actions.

`cast.py` is who there is, `problems.py` what goes wrong, `life.py` how an incident goes,
`story.py` puts them on one time line that ends now.
"""

"""The events' process: open pages listen here, large files leave here, and hold nothing else.

`hub.py` decides who hears what, and who is shown as looking; it knows no socket and no clock.
`wire.py` speaks HTTP to the pages, `doorway.py` takes their connections over from the web server,
`newswire.py` hears from Redis what the desk published, `files.py` says who gets which part of
a file.
"""

"""Reading mail that strangers wrote: pure functions of the raw bytes.

`reading.read_mail` is the way in; `threading` makes and checks the tokens of our own mails.
No Django, no database, no clock; nothing here raises on any input.
"""

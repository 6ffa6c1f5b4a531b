"""How mails come in: LMTP and SMTP, mailboxes, providers' webhooks. All lead to one `store`.

The pipe of a mail server is a command of its own (`receive_mail`). A door says "taken" to the
other side only after the raw mail is committed; it reads nothing of it.
"""

"""Who sees what, and what each sweep looks at; one file a subject."""

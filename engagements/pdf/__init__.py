"""The papers of engagements as PDFs, with the letterhead of the service report (`core.pdf`)."""

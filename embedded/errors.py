class ServiceError(Exception):
    """Something the operator can put right; the message is one sentence that says how."""

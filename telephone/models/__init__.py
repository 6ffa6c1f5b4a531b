"""Calls, call-backs and numbers."""

from telephone.models.call_backs import CallBack
from telephone.models.calls import Call, PhoneNumber

__all__ = ["Call", "CallBack", "PhoneNumber"]

"""The sweeps of this room; the beat table is in `axsupport/celery.py`."""

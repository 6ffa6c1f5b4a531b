"""Bringing in the incidents of another desk: looked through, kept, taken back."""

"""What open pages hear of: that something changed, and who else is looking. Never what it says."""

"""Documentation: manuals, and their versions from upload to retirement."""

"""The bell: what the desk tells its staff on their pages, whether or not a mail goes, too."""

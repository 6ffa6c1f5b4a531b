"""Pages of the online resources, for customers and, where they are public, for everybody."""

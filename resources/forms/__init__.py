"""What people type into the pages of the online resources, checked for its shape."""

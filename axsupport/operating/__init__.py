"""What operators do with a desk besides running it: look whether it is well, back up, restore."""

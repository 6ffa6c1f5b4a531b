"""Pure rules of the online resources."""

"""Beta programmes: kept, joined, left, fetched from, told of."""

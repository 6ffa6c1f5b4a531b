"""Beta programmes: who may take part, and what pages show."""

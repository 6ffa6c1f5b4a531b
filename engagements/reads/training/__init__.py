"""Trainings as pages show them, and who may take part."""

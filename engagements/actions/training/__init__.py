"""Writes of trainings: sessions, registrations, attendance, certificates, courses."""

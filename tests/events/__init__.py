"""The events' process: who hears what, who is shown as looking."""

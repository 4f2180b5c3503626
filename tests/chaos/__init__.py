"""Servers that are killed, paused and cut off under load: nothing is lost, and what they show in the end is right."""

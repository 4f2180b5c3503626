"""Tests of what we say to GitHub and hear from it."""

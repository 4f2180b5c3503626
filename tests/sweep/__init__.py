"""Thousands of open pull requests of one installation, swept under GitHub's limits while time is made to fly."""

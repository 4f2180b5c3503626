"""The record of decisions, for people who ask it: made again, verified, exported."""

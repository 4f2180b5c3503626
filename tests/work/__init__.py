"""Tests of the looks: one pass at a time, none forgotten."""

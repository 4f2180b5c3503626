"""Tests of what we keep: deliveries, looks, heads, closing commands."""

"""All talk with GitHub: what deliveries mean, what is read, what is written, and what can go wrong."""

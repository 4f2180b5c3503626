"""The JSON of REST answers and webhook payloads, made from the model."""

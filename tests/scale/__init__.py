"""What many installations would need, from constants measured on one machine: `make simulate-scale`."""

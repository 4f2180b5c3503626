"""What is told and written without GitHub, tried on real repositories."""

"""What can be told and written without GitHub: a local repository into a verdict, and into first rules."""

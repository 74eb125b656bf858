"""What speaks against showing a new comment at once."""

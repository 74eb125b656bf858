"""What moderators do to comments: always in batches, always reversible."""

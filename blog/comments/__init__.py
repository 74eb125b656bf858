"""Reader comments: threads of any depth under a post."""

"""What stands between the blog and the network."""

"""What the writer of a comment can do afterwards by a private link, and whom mails tell of new comments."""

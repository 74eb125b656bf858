"""Reading drafts: seats for people without an account, and notes beside the text."""

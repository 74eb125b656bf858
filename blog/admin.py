"""Index of the admin classes: Django finds here what each capability registers."""

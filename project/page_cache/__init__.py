"""Whole pages kept in the memory of each web process, answered before Django and dropped by what changed.

`front` answers from the `store`; `changes` hears from the database what has changed. A view says by
`blog.web.shared` that its page is the same for everybody, and what it shows.
"""

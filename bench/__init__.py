"""`make bench`: what a page costs, beside a static file. docs/performance.md says how to read it."""

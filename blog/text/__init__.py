"""Pure functions over text and HTML: no models, no requests, no clock."""

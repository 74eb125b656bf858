"""Moving a site in: records, one reader for each format, and the loader."""

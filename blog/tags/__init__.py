"""Tags: one name however it is cased; renamed and merged ones keep their old addresses."""

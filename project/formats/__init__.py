"""Dates and times as people here write them, where Django's own would be misread."""

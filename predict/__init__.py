"""From a report, a folder or a table to annotations people and programs can read."""

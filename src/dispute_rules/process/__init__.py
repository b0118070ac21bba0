"""The days and amounts of one case."""

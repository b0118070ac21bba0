"""The command line: a door, with no rule of the domain in it."""

"""A pack as pages to read: its decisions as tables, and a reference of all that it says."""

"""Many cases at once: columns of facts to columns of advice."""

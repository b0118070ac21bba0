"""For rule authors: what is wrong with a pack, what its examples show, and what a change does."""

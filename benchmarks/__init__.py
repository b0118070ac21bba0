"""How fast the tools of rule authors are. `make bench` measures; nothing here is a test."""

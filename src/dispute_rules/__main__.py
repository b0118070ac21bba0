"""`python -m dispute_rules`."""

from dispute_rules.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())

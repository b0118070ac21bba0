"""This library beside other engines: the same rules, the same cases, the same answers, in one run."""

"""Questions: which facts of a case to ask for, in a person's words, why, and what each answer leads to."""

"""What follows from a finite number of situations."""

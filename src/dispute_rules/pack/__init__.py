"""Rules as data: their files, their loading, and the editions in force."""

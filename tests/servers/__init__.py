"""Real mail servers on loopback, under one temporary root, as an ordinary user. See README.md."""

"""A small municipality that lives on the stepped clock: see README.md."""

"""The append-only record of everything that a person or a court could ask about. Nobody's name stands in a leaf."""

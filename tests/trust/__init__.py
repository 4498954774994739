"""Trust: long runs against the moves of a ticket: stale forms, races, and the replay of real life cycles (`make trust`)."""

"""How many requests a sync costs, against the fewest with which each service could have been asked."""

"""The page of components: every partial in each of its states, drawn from invented objects that no table holds."""

"""System checks of what `check --deploy` does not look at."""

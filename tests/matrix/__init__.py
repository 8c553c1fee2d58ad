"""Who may do what: every URL, asked with every method by everybody, for what is there and what is not."""

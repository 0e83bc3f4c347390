"""The damage corpus: what editors, spreadsheets and hasty hands do to tables, done to the real ones, and what must be found."""

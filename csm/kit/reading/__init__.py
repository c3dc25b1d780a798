"""Reading the tables of others: CSV, packed or not, and Excel, as a stream of rows of text."""

"""What staff earn, learn and tell, as the API reads and shows it."""

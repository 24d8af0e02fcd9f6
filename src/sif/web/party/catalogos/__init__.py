"""Keep who gives, sells, works and what is owned or owed."""

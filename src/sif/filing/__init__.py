"""Build reports from accounts, sign them, present them within a term, and acknowledge them."""

"""Compare those a subject deals with against what its books record of them."""

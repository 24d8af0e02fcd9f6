"""The statistical lens: what is out of the ordinary in a snapshot. An indicio is where to look, never a fault found."""

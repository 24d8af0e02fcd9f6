"""A whole national process, invented from a seed and written as a snapshot, with the key of the faults planted."""

"""An invented election, built through the real services from a seed, with faults planted and written down."""

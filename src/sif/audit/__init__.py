"""Run the rulebook over a frozen snapshot, and keep its hallazgos and the observaciones that people adopt."""

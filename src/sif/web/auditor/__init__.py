"""The desk of the auditors: what the rules found, what a person adopted, the oficios."""

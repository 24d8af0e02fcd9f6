"""The desk of who administers: what an election needs before it opens, and everything that opens it."""

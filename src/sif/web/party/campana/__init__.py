"""Keep what a campaign does: events, notices of contracts, houses, articles and receipts."""

"""Receive invoices and post what they prove."""

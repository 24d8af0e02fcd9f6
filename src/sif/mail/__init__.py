"""Queue the mail that acts cause, send it by SMTP, and keep what became of each message."""

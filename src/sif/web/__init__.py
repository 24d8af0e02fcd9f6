"""Serve pages, forms and their pieces; translate each request into one service call and back."""

"""What other programs speak: JSON over HTTP with a key, told in OpenAPI."""

"""What the law makes public, and the one gate through which it passes."""

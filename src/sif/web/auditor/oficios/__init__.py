"""Write the acts that follow: oficios and dictámenes."""

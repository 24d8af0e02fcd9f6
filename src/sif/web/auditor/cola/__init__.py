"""Work through the queue of hallazgos."""

"""Open files from outside in a confined process, with limits of memory, time and output."""

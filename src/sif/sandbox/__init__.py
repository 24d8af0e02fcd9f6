"""Opens files from outside in a process of their own, with limits of memory, time and output."""

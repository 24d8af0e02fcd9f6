"""The pages of long work: how a job goes, the jobs of each person, and the queue for operators."""

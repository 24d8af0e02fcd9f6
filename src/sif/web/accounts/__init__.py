"""The door: who enters, with which proofs, for how long, and who invites them. Its pages stand under /cuenta/."""

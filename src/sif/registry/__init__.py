"""Register who must report, for which process, and who may act for them."""

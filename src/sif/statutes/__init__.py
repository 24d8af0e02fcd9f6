"""Texts of law that an installation loaded, what each bears of the citations, and the bases that people confirmed."""

"""Prorrateo: one expense shared among the campaigns it benefits, by the percentages and caps of law."""

"""Share one expense among the campaigns it benefits, by the percentages and caps of law (prorrateo)."""

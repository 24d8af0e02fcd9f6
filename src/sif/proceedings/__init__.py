"""Carry an observation through oficio, answer, dictamen, resolución, vote and sanction."""

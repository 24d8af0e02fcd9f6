"""An observation carried through the acts of law: oficio, answer, dictamen, resolución, vote, sanction."""

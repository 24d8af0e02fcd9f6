"""Invent donor records with typing slips, missing keys and the identity behind each."""

from random import Random

from sif.demo.keys import Names

Record = tuple[int, str, str | None, str | None, str | None]
"""Number, name, RFC, CURP and clave de elector, as captured."""
NO_RFC, NO_CURP, NO_CLAVE, SLIP = 0.35, 0.5, 0.6, 0.12


def labelled(people: int, seed: int) -> tuple[list[Record], dict[int, int]]:
    """Records of that many people, from one to four each, and the person of each record."""
    chance = Random(seed)  # noqa: S311 - invented names
    names = Names(chance)
    records: list[Record] = []
    truth: dict[int, int] = {}
    for person in range(people):
        names.used.clear()  # people may bear the same name, as they do
        name, rfc, curp, _ = names.person()
        clave = f"{curp[:1]}{curp[13:16]}{curp[:2]}{curp[4:10]}09{curp[10]}{chance.randrange(1000):03d}"
        for _ in range(chance.randint(1, 4)):
            number = len(records) + 1
            truth[number] = person
            records.append(
                (
                    number,
                    _written(name, chance),
                    _key(rfc, NO_RFC, chance),
                    _key(curp, NO_CURP, chance),
                    _key(clave, NO_CLAVE, chance),
                )
            )
    return records, truth


def _key(key: str, absent: float, chance: Random) -> str | None:
    if chance.random() < absent:
        return None
    return _slip(key, chance, key[-3:]) if chance.random() < SLIP else key


def _written(name: str, chance: Random) -> str:
    words = name.split()
    if chance.random() < 0.15 and len(words) > 2:
        words.pop()  # one surname alone
    if chance.random() < 0.15:
        words = [*words[-2:], *words[:-2]]  # surnames first
    if chance.random() < 0.3:
        place = chance.randrange(len(words))
        words[place] = _slip(words[place], chance, "aeiours")
    text = " ".join(words)
    return text.upper() if chance.random() < 0.5 else text


def _slip(word: str, chance: Random, letters: str) -> str:
    """Return a letter lost, changed or exchanged with the next."""
    place = chance.randrange(len(word) - 1)
    kind = chance.randrange(3)
    if kind == 0:
        return word[:place] + word[place + 1 :]
    if kind == 1:
        return word[:place] + chance.choice(letters) + word[place + 1 :]
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]

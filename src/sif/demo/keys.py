"""Generate well-formed keys and names of invented people and companies from a seed."""

from datetime import date, timedelta
from random import Random
from unicodedata import normalize

from stdnum.mx import curp as stdnum_curp
from stdnum.mx import rfc as stdnum_rfc

WOMEN = ("Mariela", "Graciela", "Noemí", "Rosa Elvira", "Abril", "Cecilia", "Emilia", "Hilda", "Julia", "Karla",
         "Lucía", "Marisol", "Nadia", "Ofelia", "Paula", "Rebeca", "Silvia", "Teresa", "Úrsula", "Ximena")  # fmt: skip
MEN = ("Tomás", "Julián", "Efraín", "Iker", "Benito", "Diego", "Gerardo", "Ignacio", "Leonel", "Mateo", "Nicolás",
       "Óscar", "Pablo", "Ramiro", "Saúl", "Tadeo", "Ulises", "Valentín", "Yahir", "Zacarías")  # fmt: skip
SURNAMES = ("Ochoa", "Iturbe", "Tovar", "Pech", "Montaño", "Arce", "Luján", "Saldívar", "Rentería", "Salgado", "Nieto",
            "Canul", "Cruz", "Betancourt", "Prado", "Mora", "Fonseca", "Arriaga", "Yáñez", "Marroquín", "Saucedo",
            "Ibáñez", "Cervantes", "Peralta", "Monroy", "Esquivel", "Robles", "Zepeda", "Quiñones", "Aranda", "Núñez",
            "Peñaloza")  # fmt: skip
TRADES = (
    "Textiles",
    "Imprenta",
    "Espectaculares",
    "Medios Digitales",
    "Transportes",
    "Combustibles",
    "Audio y Luz",
    "Producciones",
    "Serigrafía",
    "Logística",
)
PLACES = (
    "Río Claro",
    "del Valle",
    "Sierra Alta",
    "El Rosal",
    "San Jacinto",
    "Valle Hondo",
    "La Cañada",
    "Ocotal",
    "Piedra Lisa",
    "Agua Mansa",
)
VOWELS, CONSONANTS = "AEIOU", "BCDFGLMNPRSTV"


def plain(text: str) -> str:
    """Capital letters without accents; Ñ becomes X, as the CURP writes it."""
    folded = normalize("NFKD", text.upper().replace("Ñ", "X")).encode("ascii", "ignore").decode()
    return "".join(char for char in folded if char.isalpha() or char == " ")


class Names:
    """A source of invented people and companies that repeats nobody. The same seed gives the same people."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.used: set[str] = set()

    def person(self) -> tuple[str, str, str, str]:
        """(name, RFC, CURP, 'mujer' or 'hombre') of somebody not given before."""
        while True:
            woman = self.random.random() < 0.5
            first, father, mother = (
                self.random.choice(WOMEN if woman else MEN),
                self.random.choice(SURNAMES),
                self.random.choice(SURNAMES),
            )
            name = f"{first} {father} {mother}"
            if name not in self.used:
                self.used.add(name)
                break
        born = date(1955, 1, 1) + timedelta(days=self.random.randrange(16_000))
        head = self._head(plain(father), plain(mother), plain(first))
        rfc = f"{head}{born:%y%m%d}{self._homoclave()}"
        return (
            name,
            rfc + stdnum_rfc.calc_check_digit(rfc),
            self._curp(head, born, woman),
            "mujer" if woman else "hombre",
        )

    def _head(self, father: str, mother: str, first: str) -> str:
        vowel = next((char for char in father[1:] if char in VOWELS), "X")
        head = f"{father[0]}{vowel}{mother[0]}{first[0]}"
        return head if head not in stdnum_rfc._name_blacklist else head[:3] + "X"

    def _homoclave(self) -> str:
        return "".join(self.random.choices("ABCDEFGH123456789", k=2))

    def _curp(self, head: str, born: date, woman: bool) -> str:
        inner = "".join(self.random.choices(CONSONANTS, k=3))
        first17 = f"{head}{born:%y%m%d}{'M' if woman else 'H'}MC{inner}{'0'}"
        return first17 + stdnum_curp.calc_check_digit(first17)

    def company(self) -> tuple[str, str]:
        """(name, RFC) of a company not given before."""
        while True:
            name = f"{self.random.choice(TRADES)} {self.random.choice(PLACES)} {self.random.randrange(10, 99)} SA de CV"
            if name not in self.used:
                self.used.add(name)
                break
        born = date(1995, 1, 1) + timedelta(days=self.random.randrange(9_000))
        rfc = f"{''.join(word[0] for word in plain(name).split())[:3].ljust(3, 'X')}{born:%y%m%d}{self._homoclave()}"
        return name, rfc + stdnum_rfc.calc_check_digit(rfc)

    def clabe(self) -> str:
        """Return a CLABE with its control digit."""
        body = "".join(self.random.choices("0123456789", k=17))
        total = sum(int(digit) * (3, 7, 1)[place % 3] % 10 for place, digit in enumerate(body))
        return body + str((10 - total % 10) % 10)

    def clave_elector(self, name: str) -> str:
        """Return a key of elector of the official form: six letters, eight figures, H or M, three figures."""
        figures = "".join(self.random.choices("0123456789", k=12))
        letters = plain(name).replace(" ", "")[:6].ljust(6, "X")
        return f"{letters}{figures[:8]}{'HM'[int(figures[8]) % 2]}{figures[9:]}"

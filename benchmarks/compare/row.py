"""What a comparison found, as a plain value: the page is made from rows alone."""

from dataclasses import dataclass

AGREED, AGREED_32 = 6, 4  # digits that two functions share at least, in float64 and float32


@dataclass(frozen=True)
class Row:
    """One pair, compared.

    kata:       whose function it is, for example kata_01_attention
    whose:      "yours" or "solution"
    difference: the largest, in float64; NaN where only one of the two has NaN, None for no answer
    digits:     how many agree, relative to the largest number; infinite where all are equal
    digits_32:  the same in float32; None where no argument has a fraction
    said:       why nothing was compared, or where the two are furthest apart
    why:        where they differ by design, why
    """

    kata: str
    function: str
    whose: str
    called: str
    difference: float | None = None
    digits: float | None = None
    digits_32: float | None = None
    said: str = ""
    why: str = ""

    @property
    def agrees(self) -> bool:
        return not self.said and self.digits is not None and self.digits >= AGREED

"""The rule of docs/duplicates.md, step by step."""

from datetime import timedelta

import pytest

from blog.text.sameness import Circumstances, compare
from blog.text.wording import read

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SAID = "Tack för en bra artikel om hur man väljer rätt kommatecken!"
LONG = f"{SAID} Jag skrev ut den och satte upp den på kylskåpet, så att alla här hemma läser den."
PATTERN = (
    "Jag har handlat skor hos er i tio år och tycker att personalen alltid är trevlig och kunnig, tack Anna!",
    "Jag har köpt cyklar av er i fem år och tycker att servicen alltid är snabb och duktig, tack Bo!",
)


def judged(one, other, *, author=False, thread=False, apart=2 * DAY, **about):
    return compare(read(one), read(other), Circumstances(author or thread, thread, apart, **about))


@pytest.mark.parametrize(
    ("tier", "one", "other", "about"),
    [
        # 1: the same words
        ("exact", "Tack!", "tack", {"thread": True, "apart": HOUR}),
        (None, "Tack!", "tack", {"thread": True}),
        (None, "Tack!", "tack", {"apart": MINUTE}),
        ("exact", SAID, SAID.upper(), {}),
        ("exact", "Det var bra att du sa", "Det var bra att du sa!", {"author": True}),
        (None, "Det var bra att du sa", "Det var bra att du sa!", {}),
        ("exact", SAID, SAID, {"thread": True, "apart": HOUR, "by_staff": True}),
        (None, SAID, SAID, {"by_staff": True}),
        # 2: never
        (None, "Ja det är", "Ja det var", {"thread": True, "apart": MINUTE}),
        (None, f"{SAID} 7 av 10", f"{SAID} 8 av 10", {"author": True}),
        ("near", f"{SAID} 7 av 10", f"{SAID} 8 av 10", {"thread": True, "apart": MINUTE}),
        (None, LONG, f"{LONG} Det där har jag svårt att tro, för så många får ju inte plats.", {"is_answer": True}),
        # 3: of one thread within an hour
        ("near", "Det var riktigt bra att du sa", "Det var riktigt bra att du sade", {"thread": True, "apart": HOUR}),
        ("extended", SAID, LONG, {"thread": True, "apart": HOUR}),
        ("extended", SAID, f"Jo. {LONG}", {"thread": True, "apart": HOUR}),
        (None, SAID, LONG, {"author": True}),
        # 4: the same but for links and a greeting
        ("link", SAID, f"Hej Anna! {SAID} https://a.example/", {}),
        # 5: short ones
        ("near", "Det var riktigt bra att du sa", "Det var riktigt bra att du sade", {"thread": True, "apart": DAY}),
        (None, "Det var riktigt bra att du sa", "Det var riktigt bra att du sade", {"author": True}),
        # 6: a link in common, by two people
        ("near", f"{PATTERN[0]} https://a.example/1", f"{PATTERN[1]} https://www.a.example/2", {}),
        ("template", f"{PATTERN[0]} https://a.example/1", f"{PATTERN[1]} https://a.example/2", {"author": True}),
        # 7: up to eighty characters
        ("near", SAID, SAID.replace("rätt", "fel"), {"author": True}),
        (None, SAID, SAID.replace("rätt", "fel"), {}),
        ("near", f"{SAID} Verkligen", f"{SAID} Verkligem", {}),
        # 8: longer ones
        ("near", LONG[:85], LONG[:85].replace("artikel", "krönika"), {}),
        ("near", LONG, LONG.replace("kylskåpet", "dörren").replace("läser", "ser"), {}),
        ("near", LONG, " ".join(reversed(LONG.split("! "))), {}),
        # 9: one pattern
        ("template", *PATTERN, {}),
        (None, LONG, "Jag håller inte med om att ett kommatecken alltid är en paus, för ibland är det en vana.", {}),
    ],
)  # fmt: skip
def test_rule(tier, one, other, about):
    assert judged(one, other, **about) == tier

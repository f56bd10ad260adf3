"""Writes invented reports in German and English: of each event none to three in
either language, some of them copies, some with a second event in them.

    python reports.py N OUT.jsonl
"""

from __future__ import annotations

import json
import random
import sys

PEOPLE = [("Lukaschenko", "Lukashenko"), ("Asadow", "Asadov"), ("Petrow", "Petrov"), ("Spohr", "Spohr"),
          ("Schewtschenko", "Shevchenko"), ("Müller", "Mueller"), ("Jelzow", "Yeltsov"), ("Okafor", "Okafor")]
PLACES = [("Kasan", "Kazan"), ("Wien", "Vienna"), ("Minsk", "Minsk"), ("Köln", "Cologne"), ("Rostock", "Rostock"),
          ("Moskau", "Moscow"), ("Charkiw", "Kharkiv"), ("Lissabon", "Lisbon"), ("Genf", "Geneva")]
MONTHS = [("Januar", "January"), ("März", "March"), ("Mai", "May"), ("Oktober", "October")]

# Slots: person, place, number, day, month.
SENTENCES = [
    ("Beim Absturz eines Flugzeugs nahe {place} sind am {day}. {month} {number} Menschen gestorben.",
     "A plane crash near {place} on {day} {month} killed {number} people."),
    ("Der Konzern hat {number} Millionen Euro Gewinn gemacht.", "The company made a profit of {number} million euros."),
    ("Vorstandschef {person} lobte die Piloten in {place}.", "Chief executive {person} praised the pilots in {place}."),
    ("Präsident {person} traf den Premierminister in {place}.", "President {person} met the prime minister in {place}."),
    ("Das Hochwasser des Flusses erreichte {place} am {day}. {month}.",
     "The flood of the river reached {place} on {day} {month}."),
    ("Gouverneur {person} sprach von einem schweren Tag für die Stadt.",
     "Governor {person} spoke of a hard day for the city."),
    ("Am {day}. {month} begann in {place} eine Konferenz über das Klima.",
     "A conference on the climate opened in {place} on {day} {month}."),
    ("Die Bank senkte den Leitzins, sagte {person}.", "The bank lowered its key rate, {person} said."),
    ("Der Verein gewann das Finale in {place} vor {number} Zuschauern.",
     "The club won the final in {place} in front of {number} spectators."),
    ("In {place} brannte eine Werft; {number} Arbeiter wurden in Sicherheit gebracht.",
     "A shipyard burned in {place}; {number} workers were brought to safety."),
]


def reports(n: int, seed: int) -> list[dict[str, str]]:
    """So many reports, in no order; their ids mean nothing."""
    draw = random.Random(seed)
    texts: list[str] = []
    event = told(draw)
    while len(texts) < n:
        before, event = event, told(draw)
        for side in (0, 1):
            for _ in range(draw.choice((0, 1, 1, 2, 3))):
                sentences = draw.sample(event, draw.randint(2, len(event)))
                sentences += draw.sample(before, draw.choice((0, 0, 0, 1)))
                texts.append(" ".join(sentence[side] for sentence in sentences))
                texts += [texts[-1]] * draw.choice((0, 0, 0, 0, 1))
    names = [f"r{number:06}" for number in range(n)]
    draw.shuffle(names)
    return [{"id": name, "text": text} for name, text in zip(names, texts)]


def told(draw: random.Random) -> list[tuple[str, str]]:
    """The sentences of one event in both languages."""
    person, place, month = draw.choice(PEOPLE), draw.choice(PLACES), draw.choice(MONTHS)
    number, day = draw.randint(12, 9999), draw.randint(1, 28)
    slots = [
        {"person": person[side], "place": place[side], "month": month[side], "number": number, "day": day}
        for side in (0, 1)
    ]
    chosen = draw.sample(SENTENCES, draw.randint(3, 5))
    return [(german.format(**slots[0]), english.format(**slots[1])) for german, english in chosen]


def main(n: int, path: str) -> None:
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(json.dumps(record) + "\n" for record in reports(n, 11))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])

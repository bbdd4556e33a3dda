# Scores the sentiment of support tickets with a small word list.
# Input: `tickets`, the output of run_sql ({"rows": [...]}). Result: counts, averages and the worst tickets.
import math
import re
from collections import defaultdict

WORDS_BY_WEIGHT = {
    -3: """
        angry awful furious horrible outrageous scam terrible unacceptable worst
    """,
    -2: """
        annoyed annoying broken complaint crash crashed crashes crashing damaged disappointed disappointing down fail
        failed failing fails failure freezes frozen frustrated frustrating locked lost outage overcharged ridiculous
        unhappy useless
    """,
    -1: """
        again blocked bug cancel cancellation cancelled cancelling cannot charged confused confusing delayed error
        errors expired ignores issue issues late missing problem problems refund refuses serious slow still stuck
        twice unable urgent urgently waiting worried wrong
    """,
    1: """
        easy fast fixed good nice quick resolved smooth smoothly thank thanks work working works
    """,
    2: """
        appreciate beautiful great happy helpful impressed pleased recommend satisfied solved
    """,
    3: """
        amazing awesome excellent fantastic impressive love perfect perfectly wonderful
    """,
}
WEIGHTS = {word: weight for weight, words in WORDS_BY_WEIGHT.items() for word in words.split()}
NEGATIONS = {"not", "no", "never", "nothing", "without", "isn't", "doesn't", "don't", "didn't", "won't", "can't", "wasn't", "haven't", "hasn't"}
INTENSIFIERS = {"very": 1.5, "really": 1.5, "extremely": 2.0, "so": 1.3, "completely": 1.5, "totally": 1.5, "absolutely": 1.5}
PRIORITIES = ["critical", "urgent", "high", "medium", "normal", "low"]


def score(text):
    """From -1 to 1: the weights of the words found, turned round after a negation in the same clause; many strong words go further."""
    total = 0.0
    for clause in re.split(r"[.!?;:,\n]+", text.lower().replace("\u2019", "'")):
        words = re.findall(r"[a-z']+", clause)
        for position, word in enumerate(words):
            weight = WEIGHTS.get(word, 0)
            before = words[max(0, position - 2):position]
            for neighbour in before:
                weight *= INTENSIFIERS.get(neighbour, 1.0)
            if NEGATIONS.intersection(before):
                weight *= -0.7
            total += weight
    return round(total / math.sqrt(total * total + 15), 2)


def average(values):
    return round(sum(values) / len(values), 2) if values else 0.0


scored = [
    {
        "id": row["id"],
        "priority": row.get("priority") or "none",
        "status": row.get("status") or "unknown",
        "subject": row.get("subject") or "",
        "score": score(f"{row.get('subject') or ''}. {row.get('body') or ''}"),
    }
    for row in tickets["rows"]
]

by_priority = defaultdict(list)
for ticket in scored:
    by_priority[ticket["priority"]].append(ticket["score"])
known = [name for name in PRIORITIES if name in by_priority]
others = sorted(name for name in by_priority if name not in PRIORITIES)

worst = sorted(scored, key=lambda ticket: (ticket["score"], ticket["id"]))[:5]
scores = [ticket["score"] for ticket in scored]

result = {
    "total": len(scored),
    "negative": sum(1 for value in scores if value <= -0.15),
    "neutral": sum(1 for value in scores if -0.15 < value < 0.15),
    "positive": sum(1 for value in scores if value >= 0.15),
    "average_score": average(scores),
    "by_priority": [
        {"priority": name, "count": len(by_priority[name]), "average_score": average(by_priority[name])}
        for name in known + others
    ],
    "worst": worst,
    "scores": [{"id": ticket["id"], "score": ticket["score"]} for ticket in scored],
}

# Scores the sentiment of support tickets with a small word list.
# Input: `tickets`, the output of run_sql ({"rows": [...]}). Result: counts, averages and the worst tickets.
import re
from collections import defaultdict

WEIGHTS = {
    # Anger and loss
    "furious": -3, "angry": -3, "outrageous": -3, "unacceptable": -3, "terrible": -3, "awful": -3, "worst": -3, "horrible": -3, "scam": -3,
    "disappointed": -2, "disappointing": -2, "frustrated": -2, "frustrating": -2, "annoying": -2, "annoyed": -2, "ridiculous": -2, "useless": -2,
    "lost": -2, "crash": -2, "crashes": -2, "crashed": -2, "crashing": -2, "broken": -2, "fails": -2, "failed": -2, "failing": -2, "failure": -2,
    "outage": -2, "down": -2, "locked": -2, "overcharged": -2, "charged": -1, "refund": -1, "cancel": -1, "cancelled": -1, "complaint": -2,
    # Trouble
    "bug": -1, "error": -1, "errors": -1, "problem": -1, "problems": -1, "issue": -1, "issues": -1, "slow": -1, "stuck": -1, "wrong": -1,
    "missing": -1, "late": -1, "delayed": -1, "waiting": -1, "confusing": -1, "confused": -1, "unable": -1, "cannot": -1, "twice": -1, "unhappy": -2,
    "urgent": -1, "urgently": -1, "again": -1, "still": -1, "damaged": -2, "blocked": -1, "expired": -1, "freezes": -2, "frozen": -2,
    # Content and thanks
    "thanks": 1, "thank": 1, "nice": 1, "good": 1, "helpful": 2, "happy": 2, "pleased": 2, "quick": 1, "fast": 1, "easy": 1,
    "work": 1, "works": 1, "working": 1, "solved": 2, "fixed": 1, "resolved": 1, "smooth": 1, "smoothly": 1, "appreciate": 2, "great": 2, "love": 3, "excellent": 3,
    "amazing": 3, "fantastic": 3, "perfect": 3, "wonderful": 3, "awesome": 3, "recommend": 2, "impressed": 2,
}
NEGATIONS = {"not", "no", "never", "nothing", "without", "isn't", "doesn't", "don't", "didn't", "won't", "can't", "wasn't", "haven't", "hasn't"}
INTENSIFIERS = {"very": 1.5, "really": 1.5, "extremely": 2.0, "so": 1.3, "completely": 1.5, "totally": 1.5, "absolutely": 1.5}
PRIORITIES = ["critical", "urgent", "high", "medium", "normal", "low"]


def score(text):
    """From -1 to 1: the weights of the words found, turned round after a negation and pulled towards 0 when there are few."""
    words = re.findall(r"[a-z']+", text.lower().replace("\u2019", "'"))
    total = 0.0
    hits = 0
    for position, word in enumerate(words):
        weight = WEIGHTS.get(word, 0)
        if weight == 0:
            continue
        before = words[max(0, position - 2):position]
        for neighbour in before:
            weight *= INTENSIFIERS.get(neighbour, 1.0)
        if NEGATIONS.intersection(before):
            weight *= -0.7
        total += weight
        hits += 1
    return round(max(-1.0, min(1.0, total / (3 * hits + 1))), 2) if hits else 0.0


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

#!/usr/bin/env python3
"""Recounts a ballot file (demarche-ballots-1) from its ballots alone and compares the result with what was published.

    python3 recount.py FILE             prints every difference; exit code 0 if there is none, 1 if there is one
    python3 recount.py FILE --results   prints the recounted results and root as JSON

It needs Python 3.8 and nothing else, and shares no code with the server. README.md beside it describes the format,
../ranking.md the rule in plain words.
"""
import hashlib
import json
import math
import sys

FORMAT = "demarche-ballots-1"
TOLERANCE = 1e-9          # how far two floating numbers may lie apart and still be one result
UNIT = 1_000_000_000      # Schulze's shares are rounded to billionths
POINT = 1_000_000         # Borda's positions are cut to millionths


# --- ballots -------------------------------------------------------------------------------------------------------

def scores(answer):
    """Whether an answer enters its camp's score: dealt, with a camp, and saying something."""
    return answer["dealt"] and answer["camp"] is not None and answer["acceptance"] != "cannot_say"


def places(ballot):
    """(card, camp, weight, tier) of each scoring answer; tier 0 is best.

    First the tiers, then what was accepted but not placed, then (below the no-deal line) with changes, then no.
    """
    placed = {card: tier for tier, cards in enumerate(ballot["tiers"]) for card in cards}
    unplaced = len(ballot["tiers"])
    found = []
    for answer in ballot["answers"]:
        if scores(answer):
            accepted = placed.get(answer["card"], unplaced)
            tier = {"yes": accepted, "with_changes": unplaced + 1, "no": unplaced + 2}[answer["acceptance"]]
            found.append((answer["card"], answer["camp"], answer["weight"], tier))
    return found


# --- the score -----------------------------------------------------------------------------------------------------

COUNTS = ("yes", "with_changes", "no", "cannot_say", "likely", "maybe", "unlikely")


def empty():
    return dict.fromkeys(COUNTS + ("weight_yes", "weight", "weight_squares"), 0)


def tally(file):
    """Counters by (camp, card), and people with a scoring answer by camp."""
    counters, voters = {}, {}
    for ballot in file["ballots"]:
        camps = set()
        for answer in ballot["answers"]:
            if not answer["dealt"] or answer["camp"] is None:
                continue
            counter = counters.setdefault((answer["camp"], answer["card"]), empty())
            counter[answer["acceptance"]] += 1
            if answer["realism"] in ("likely", "maybe", "unlikely"):
                counter[answer["realism"]] += 1
            if scores(answer):
                camps.add(answer["camp"])
                counter["weight"] += answer["weight"]
                counter["weight_squares"] += answer["weight"] ** 2
                if answer["acceptance"] == "yes":
                    counter["weight_yes"] += answer["weight"]
        for camp in camps:
            voters[camp] = voters.get(camp, 0) + 1
    return counters, voters


def answered(counter):
    return counter["yes"] + counter["with_changes"] + counter["no"]


def wilson(p, n, z):
    """Wilson's score interval of a share p of n."""
    if n <= 0:
        return 0.0, 1.0
    z2 = z * z
    centre = p + z2 / (2.0 * n)
    spread = z * math.sqrt((p * (1.0 - p) + z2 / (4.0 * n)) / n)
    scale = 1.0 + z2 / n
    return max((centre - spread) / scale, 0.0), min((centre + spread) / scale, 1.0)


def interval(counter, z):
    """The interval of a camp's share of yes: n is the sum of the weights or, if less, Kish's effective size."""
    if counter["weight"] == 0:
        return 0.0, 1.0
    weight, squares = float(counter["weight"]), float(counter["weight_squares"])
    return wilson(counter["weight_yes"] / weight, min(weight / 1000.0, weight * weight / squares), z)


# --- second opinions -----------------------------------------------------------------------------------------------

def preferences(ballots):
    """Weights by (camp, preferred card, other card): both answers score, of one camp, on different tiers."""
    pairs = {}
    for ballot in ballots:
        found = places(ballot)
        for index, (card, camp, weight, tier) in enumerate(found):
            for other, other_camp, other_weight, other_tier in found[index + 1:]:
                if camp == other_camp and tier != other_tier:
                    key = (camp, card, other) if tier < other_tier else (camp, other, card)
                    pairs[key] = pairs.get(key, 0) + min(weight, other_weight)
    return pairs


def schulze(cards, camps, pairs):
    """Place of each card: one more than the number of cards that beat it over widest paths, winning votes.

    The support of x over y is the mean over camps of (n(x>y) + 1/2) / (n(x>y) + n(y>x) + 1), in billionths.
    """
    support = {}
    for x in cards:
        for y in cards:
            if x < y:
                mean = 0.0
                for camp in camps:
                    won, lost = pairs.get((camp, x, y), 0), pairs.get((camp, y, x), 0)
                    mean += (won + 500) / (won + lost + 1000)
                support[x, y] = math.floor(mean / max(len(camps), 1) * UNIT + 0.5)
                support[y, x] = UNIT - support[x, y]
    widest = {pair: won if won > support[pair[1], pair[0]] else 0 for pair, won in support.items()}
    for middle in cards:
        for x in cards:
            for y in cards:
                if len({x, y, middle}) == 3:
                    widest[x, y] = max(widest[x, y], min(widest[x, middle], widest[middle, y]))
    rank = {y: 1 + sum(x != y and widest[x, y] > widest[y, x] for x in cards) for y in cards}
    taken = list(rank.values())
    return {card: {"rank": place, "tied": taken.count(place) > 1} for card, place in rank.items()}


def positions(ballots):
    """(weight x position in millionths, weight) by (camp, card); a position is (below + beside/2) / (m - 1)."""
    sums = {}
    for ballot in ballots:
        found = places(ballot)
        tiers = [place[3] for place in found]
        if len(found) < 2:
            continue
        for card, camp, weight, tier in found:
            below, beside = sum(other > tier for other in tiers), tiers.count(tier) - 1
            position = (2 * below + beside) * POINT // (2 * (len(found) - 1))
            points, total = sums.get((camp, card), (0, 0))
            sums[camp, card] = points + weight * position, total + weight
    return sums


def second_opinions(file, counters, ranked):
    """Approval, group-informed consensus, Borda and Schulze of the ranked cards."""
    floor = max(file["rules"]["floor"], 1)
    counting = [camp["key"] for camp in file["camps"] if camp["in_score"]]
    order = schulze(ranked, counting, preferences(file["ballots"]))
    sums = positions(file["ballots"])
    found = {}
    for card in ranked:
        of = {camp["key"]: counters.get((camp["key"], card), empty()) for camp in file["camps"]}
        shown = [camp for camp, counter in of.items() if answered(counter) >= floor]
        yes, weight = (sum(of[camp][name] for camp in shown) for name in ("weight_yes", "weight"))
        consensus = 1.0
        for camp in counting:
            consensus *= (of[camp]["weight_yes"] / 1000.0 + 1.0) / (of[camp]["weight"] / 1000.0 + 2.0)
        points, total = (sum(sums.get((camp, card), (0, 0))[part] for camp in shown) for part in (0, 1))
        found[card] = {
            "approval": yes / weight if weight else 0.0,
            "consensus": consensus,
            "borda": points / (total * POINT) if total else None,
            "schulze": order[card],
        }
    return found


# --- what unfreezes the point --------------------------------------------------------------------------------------

SHOWN_FROM = 30.0         # from so many people on a difference shows even if its interval holds 0


def paired(file):
    """By card and camp: weights of (both yes, only with, only without, neither) and the sum of squares.

    People who said of the point as it stands and of the point with a dealt card yes or no, both times for one camp.
    """
    cards = {}
    for ballot in file["ballots"]:
        point = ballot.get("point")
        if not point or point["camp"] is None or point["accepts"] == "cannot_say":
            continue
        for answer in ballot["answers"]:
            if answer["dealt"] and answer["camp"] == point["camp"] and answer.get("unfreezes") in ("yes", "no"):
                weight = min(point["weight"], answer["weight"])
                sums = cards.setdefault(answer["card"], {}).setdefault(point["camp"], [0, 0, 0, 0, 0])
                sums[(0 if answer["unfreezes"] == "yes" else 2) + (0 if point["accepts"] == "yes" else 1)] += weight
                sums[4] += weight ** 2
    return cards


def difference(sums, z):
    """Newcombe's interval of the difference of paired shares (1998, method 10) at the effective number of people."""
    *cells, squares = sums
    weight = float(sum(cells))
    if weight <= 0:
        return None
    n = min(weight / 1000.0, weight * weight / squares)
    both, only_with, only_without, neither = (cell / weight * n for cell in cells)
    p, q = (both + only_with) / n, (both + only_without) / n
    (p_low, p_high), (q_low, q_high) = wilson(p, n, z), wilson(q, n, z)
    margins = (both + only_with) * (only_without + neither) * (both + only_without) * (only_with + neither)
    numerator = both * neither - only_with * only_without
    if numerator > 0:
        numerator = max(numerator - n / 2.0, 0.0)
    phi = numerator / math.sqrt(margins) if margins > 0 else 0.0

    def distance(a, b):
        return math.sqrt(max(a * a - 2.0 * phi * a * b + b * b, 0.0))

    low, high = p - q - distance(p - p_low, q_high - q), p - q + distance(p_high - p, q - q_low)
    return {"difference": p - q, "low": max(low, -1.0), "high": min(high, 1.0), "n": n}


def unfreezing(file):
    """What would unfreeze the point, of the cards of which it shows for some camp."""
    rules, sums, found = file["rules"], paired(file), {}
    for card in (card["id"] for card in file["cards"]):
        camps = {}
        for camp in file["camps"]:
            one = difference(sums.get(card, {}).get(camp["key"], [0, 0, 0, 0, 0]), rules["z"])
            clear = one and (one["low"] > 0 or one["high"] < 0 or one["n"] >= SHOWN_FROM)
            camps[camp["key"]] = one if clear and one["n"] >= rules["floor"] else None
        counting = [camp["key"] for camp in file["camps"] if camp["in_score"]]
        least = min(counting, key=lambda key: camps[key]["low"]) if all(camps[key] for key in counting) else None
        if any(camps.values()):
            found[card] = {"camps": camps, "least": least}
    return found


# --- results -------------------------------------------------------------------------------------------------------

def numbers(counter, z):
    low, high = interval(counter, z)
    counts = {name: counter[name] for name in ("yes", "with_changes", "no", "cannot_say")}
    realism = {word: counter[word] for word in ("likely", "maybe", "unlikely")}
    return {"answered": answered(counter), **counts, "realism": realism, "low": low, "high": high}


def scored(card, of, rules, counting):
    """A ranked card but for its place and second opinions, and the geometric mean that parts equal scores."""
    lows = {camp: interval(of[camp], rules["z"]) for camp in counting}
    least = min(counting, key=lambda camp: lows[camp][0])
    weight = of[least]["weight"]
    product = 1.0
    for low, _ in lows.values():
        product *= low
    held_back_by = {
        "camp": least,
        "share": of[least]["weight_yes"] / weight if weight else 0.0,
        "low": lows[least][0],
        "high": lows[least][1],
        "answered": answered(of[least]),
    }
    score = lows[least][0]
    entry = {"card": card, "bridging": score, "badge": score >= rules["badge"], "held_back_by": held_back_by}
    return entry, product ** (1.0 / len(counting))


def recount(file):
    """The results of the ballots in the file."""
    rules, camps = file["rules"], file["camps"]
    counting = [camp["key"] for camp in camps if camp["in_score"]]
    floor = max(rules["floor"], 1)
    counters, voters = tally(file)
    ranked, waiting = [], []
    for card in (card["id"] for card in file["cards"]):
        of = {camp["key"]: counters.get((camp["key"], card), empty()) for camp in camps}
        missing = {camp: rules["enough"] - of[camp]["weight"] // 1000 for camp in counting}
        needs = {camp: count for camp, count in missing.items() if count > 0}
        shown = {camp: counter if answered(counter) >= floor else None for camp, counter in of.items()}
        public = {
            "realism": {word: sum(one[word] for one in shown.values() if one) for word in ("likely", "maybe", "unlikely")},
            "camps": {camp: numbers(one, rules["z"]) if one else None for camp, one in shown.items()},
        }
        if needs:
            waiting.append({"card": card, "needs": needs, **public})
        else:
            entry, mean = scored(card, of, rules, counting)
            ranked.append(((-entry["bridging"], -mean), {**entry, **public}))
    ranked.sort(key=lambda one: (one[0], one[1]["card"]))
    opinions = second_opinions(file, counters, [entry["card"] for _, entry in ranked])
    order = [key for key, _ in ranked]
    for key, entry in ranked:
        entry.update(rank=order.index(key) + 1, tied=order.count(key) > 1, second_opinions=opinions[entry["card"]])
    waiting.sort(key=lambda entry: (sum(entry["needs"].values()), entry["card"]))
    shown_voters = {camp: count for camp, count in voters.items() if count >= rules["floor"]}
    unfreeze = unfreezing(file)
    return {"voters": shown_voters, "ranked": [entry for _, entry in ranked], "waiting": waiting, "unfreeze": unfreeze}


# --- commitments ---------------------------------------------------------------------------------------------------

def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def commitment(file, ballot):
    """SHA-256(0x00, canonical JSON of the ballot with its question and round, salt)."""
    bound = {key: value for key, value in ballot.items() if key != "salt"}
    bound.update(question=file["question"], round=file["round"])
    text = json.dumps(bound, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(b"\0", text.encode(), ballot["salt"].encode())


def root(leaves):
    """The Merkle tree hash of RFC 6962, section 2.1, over leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1", root(leaves[:split]), root(leaves[split:]))


# --- comparison ----------------------------------------------------------------------------------------------------

def faults(file):
    """What makes the file no fair record, whatever the numbers."""
    if file["format"] != FORMAT:
        yield f"format: {FORMAT} expected"
    people = [ballot["person"] for ballot in file["ballots"]]
    if any(one.encode() >= other.encode() for one, other in zip(people, people[1:])):
        yield "ballots: not sorted by person, or somebody stands twice"
    camps = {camp["key"] for camp in file["camps"]} | {None}
    for ballot in file["ballots"]:
        answers = {answer["card"]: answer for answer in ballot["answers"]}
        placed = [card for tier in ballot["tiers"] for card in tier]
        if len(answers) != len(ballot["answers"]):
            yield f"{ballot['person']}: two answers to one card"
        accepted = {card for card, answer in answers.items() if answer["acceptance"] == "yes"}
        if len(set(placed)) != len(placed) or not set(placed) <= accepted or [] in ballot["tiers"]:
            yield f"{ballot['person']}: tiers hold what was not accepted, or twice"
        if not all(1 <= answer["weight"] <= 1000 and answer["camp"] in camps for answer in answers.values()):
            yield f"{ballot['person']}: a weight out of 1 to 1000, or an unknown camp"


def compare(path, published, recounted):
    """A sentence for each place where the two differ."""
    number = (int, float)
    if isinstance(published, dict) and isinstance(recounted, dict) and published.keys() == recounted.keys():
        for key in published:
            yield from compare(f"{path}.{key}", published[key], recounted[key])
    elif isinstance(published, list) and isinstance(recounted, list) and len(published) == len(recounted):
        for place, (one, other) in enumerate(zip(published, recounted)):
            yield from compare(f"{path}[{place}]", one, other)
    elif isinstance(published, bool) or isinstance(recounted, bool) or not (
        isinstance(published, number) and isinstance(recounted, number) and abs(published - recounted) <= TOLERANCE
    ):
        if published is not recounted and published != recounted:
            yield f"{path}: published {json.dumps(published)}, recounted {json.dumps(recounted)}"


def main(arguments):
    if not arguments or arguments[0].startswith("-"):
        sys.exit(__doc__)
    with open(arguments[0], encoding="utf-8") as source:
        file = json.load(source)
    results = recount(file)
    top = root([commitment(file, ballot) for ballot in file["ballots"]]).hex()
    if "--results" in arguments:
        print(json.dumps({"results": results, "root": top}, indent=1))
        return 0
    differences = [*faults(file), *compare("results", file["results"], results), *compare("root", file["root"], top)]
    for difference in differences:
        print(difference)
    print(f"{len(file['ballots'])} ballots, {len(file['cards'])} cards, {len(differences)} differences; root {top}")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

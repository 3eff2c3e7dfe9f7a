"""Makes a token of the demo's owner, leaves something of each kind in the demo, and writes down what schemathesis may find
there: half of its addresses lead to things that are there, the other half to what it makes up."""

import json
import sys
import urllib.error
import urllib.request

site, accounts, config = sys.argv[1:]
headers = {"Content-Type": "application/json", "Origin": site}


def ask(method, path, **body):
    data = json.dumps(body).encode() if body or method != "GET" else None
    request = urllib.request.Request(f"{site}/api/v1/{path}", data, headers, method=method)
    try:
        answer = urllib.request.urlopen(request)
    except urllib.error.HTTPError as refused:
        sys.exit(f"{method} {path}: {refused.read().decode()}")
    with answer:
        if cookie := answer.headers.get("Set-Cookie"):
            headers["Cookie"] = cookie.split(";")[0]
        return json.load(answer)


def sign_in(handle):
    password = next(line.split("\t")[1] for line in open(accounts) if line.startswith(handle + "\t"))
    headers.pop("Cookie", None)
    account = ask("POST", "session", handle=handle, password=password)["account"]["id"]
    return account, ask("POST", "me/tokens", name="api-check", scope="moderate", password=password)["token"]


def ids(things):
    return [thing["id"] for thing in things]


debate = ask("GET", "frameworks")["items"][0]
slug = debate["slug"]
reader, _ = sign_in("kyiv-reader-1")
questions = ids(ask("GET", f"frameworks/{slug}")["questions"])
concessions = [card for question in questions for card in ids(ask("GET", f"questions/{question}/concessions")["items"])]
points = range(1, debate["points"] + 1)
threads = [thread for point in points for thread in ids(ask("GET", f"frameworks/{slug}/points/{point}/threads")["items"])]
comments = [comment for thread in threads for comment in ids(ask("GET", f"threads/{thread}")["comments"]["items"])]
for comment in comments[:2]:
    ask("POST", f"reports?framework={slug}", object={"kind": "comment", "id": comment}, reason="spam")

owner, token = sign_in("demo-owner")
# Who chose no viewpoint may not post.
ask("POST", f"frameworks/{slug}/membership", camp=None, consent=True)
ask("POST", f"questions/{questions[-1]}/close")
decided = ask("POST", f"moderation/decisions?framework={slug}", object={"kind": "comment", "id": comments[-1]},
              action="hide", rule="R1", facts="It repeats what was said.")

known = {
    "slugs": [slug],
    "accounts": [reader, owner],
    "questions": questions,
    "concessions": concessions,
    "threads": threads,
    "comments": comments,
    "decisions": ids(ask("GET", f"frameworks/{slug}/moderation-log")["items"]),
    "numbers": list(points)[:5],
    "rounds": ["1", "1.csv"],
}
# The name of a parameter, where it stands, and what is meant by it there.
places = [("path.slug", "/{slug}", "slugs"), ("query.framework", "", "slugs"), ("path.account", "{account}", "accounts"),
          ("path.number", "/points/", "numbers"), ("path.id", "/moderation/items/", "comments"),
          ("path.round", "/rounds/{round}", "rounds"), ("path.round", "/ballots", "numbers")]
places += [("path.id", f"/{room}/{{id}}", room) for room in ("questions", "concessions", "threads", "comments", "decisions")]
with open(config, "w") as out:
    for name, values in known.items():
        print(f"[dictionaries.{name}]\nvalues = {json.dumps(values)}", file=out)
    document = json.load(urllib.request.urlopen(f"{site}/api/openapi.json"))
    for path in document["paths"]:
        fitting = {name: found for name, place, found in places if place in path}
        bound = [f'"{name}" = {{ dictionary = "{found}", probability = 0.7 }}' for name, found in fitting.items()]
        print(f"[[operations]]\ninclude-path = {json.dumps(path)}\n[operations.parameters]", *bound, sep="\n", file=out)
print(token)

"""Canonical JSON (RFC 8785) as far as an export's signed lines need it, and the shapes of those lines."""

import json
import re

HASH = re.compile(r"[0-9a-f]{64}")
HALF = re.compile(r"[0-9a-f]{32}")
KEY = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
SIGNATURE = re.compile(r"[A-Za-z0-9_-]{85}[AQgw]")
KIND = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*")
UUID = re.compile(
    r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}"
    r"|0{8}-0{4}-0{4}-0{4}-0{12}|f{8}-f{4}-f{4}-f{4}-f{12}"
)
SURROGATE = re.compile("[\ud800-\udfff]")
LAST_MS = 253402300799999
SAFE = 2**53 - 1


class Broken(Exception):
    """A line in which nothing can be read."""


def _no_constant(_):
    raise ValueError("no number")


def _number(text):
    value = float(text)
    return int(value) if value.is_integer() else value


def parse(text):
    """What ECMAScript's JSON.parse takes, with whole numbers as int however they are written."""
    try:
        return json.loads(text, parse_constant=_no_constant, parse_float=_number)
    except (ValueError, RecursionError, OverflowError) as error:
        raise Broken(str(error)) from error


def canonical(value):
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, str) and SURROGATE.search(value):
        raise Broken("half a character")
    return json.dumps(value, ensure_ascii=False)


def need(condition):
    if not condition:
        raise Broken("shape")


def matches(pattern, value):
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def whole(value, least=0, most=SAFE):
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def text(value, most, least=0):
    return isinstance(value, str) and least <= len(value.encode("utf-16-be", "surrogatepass")) // 2 <= most


def members(value, names):
    need(isinstance(value, dict) and set(value) == set(names.split()))


def check_entry(e):
    members(e, "v clinic device n prev kind entity actor ts basedOn bodyHash seen")
    need(e["v"] == 1 and whole(e["v"]) and matches(UUID, e["clinic"]) and matches(HALF, e["device"]) and whole(e["n"], 1))
    need(e["prev"] is None or matches(HASH, e["prev"]))
    need(text(e["kind"], 64) and matches(KIND, e["kind"]) and text(e["entity"], 200, 1))
    need("\0" not in e["entity"])
    need(e["actor"] == "hub" or matches(UUID, e["actor"]))
    need(isinstance(e["ts"], list) and len(e["ts"]) == 2 and whole(e["ts"][0], 0, LAST_MS) and whole(e["ts"][1]))
    need(isinstance(e["basedOn"], list) and len(e["basedOn"]) <= 64 and all(matches(HASH, h) for h in e["basedOn"]))
    need(e["bodyHash"] is None or matches(HASH, e["bodyHash"]))
    if e["seen"] is not None:
        members(e["seen"], "epoch size root")
        need(matches(HALF, e["seen"]["epoch"]) and whole(e["seen"]["size"]) and matches(HASH, e["seen"]["root"]))


def check_place(p):
    members(p, "h index effTs recvAt")
    need(matches(HASH, p["h"]) and whole(p["index"]) and whole(p["effTs"], 0, LAST_MS) and whole(p["recvAt"], 0, LAST_MS))


def check_checkpoint(c):
    members(c, "clinic epoch size root at sig")
    need(matches(UUID, c["clinic"]) and matches(HALF, c["epoch"]) and whole(c["size"]) and matches(HASH, c["root"]))
    need(whole(c["at"], 0, LAST_MS) and matches(SIGNATURE, c["sig"]))


def check_head(h):
    members(h, "clinic device n h key sig")
    need(matches(UUID, h["clinic"]) and matches(HALF, h["device"]) and whole(h["n"], 1) and matches(HASH, h["h"]))
    need(matches(KEY, h["key"]) and matches(SIGNATURE, h["sig"]))


def check_receipt(r):
    members(r, "checkpoint placements sig")
    check_checkpoint(r["checkpoint"])
    need(isinstance(r["placements"], list) and len(r["placements"]) <= 500 and matches(SIGNATURE, r["sig"]))
    for place in r["placements"]:
        check_place(place)


def check_line(line):
    """Raises Broken; a row's content may be anything."""
    need(isinstance(line, dict))
    kind = line.get("type")
    if kind == "entry":
        members(line, "type entry place body")
        check_entry(line["entry"])
        check_place(line["place"])
        if line["body"] is not None:
            members(line["body"], "salt text")
            need(matches(HALF, line["body"]["salt"]) and text(line["body"]["text"], 1024 * 1024))
    elif kind == "checkpoint":
        members(line, "type checkpoint")
        check_checkpoint(line["checkpoint"])
    elif kind == "head":
        members(line, "type head")
        check_head(line["head"])
    elif kind == "receipt":
        members(line, "type receipt")
        check_receipt(line["receipt"])
    elif kind == "row":
        members(line, "type table key row")
        need(text(line["table"], 64, 1) and text(line["key"], 600))
    elif kind == "end":
        members(line, "type counts sha256")
        members(line["counts"], "entries bodies checkpoints heads receipts rows")
        need(all(whole(count) for count in line["counts"].values()) and matches(HASH, line["sha256"]))
    else:
        raise Broken("type")


def check_header(header):
    members(header, "type format clinic epoch rootKey program")
    need(header["type"] == "fieldray-export" and header["format"] == 1 and whole(header["format"]))
    need(matches(UUID, header["clinic"]) and matches(HALF, header["epoch"]) and matches(KEY, header["rootKey"]))
    need(text(header["program"], 100))

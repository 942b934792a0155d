"""A second verifier of Fieldray's exports, written apart from the first: standard library, and `cryptography` where it is
installed. It judges everything but the folded tables.

    python3 verify.py EXPORT [--evidence FILE]      one export
    python3 verify.py --all FOLDER                  every NAME.jsonl in it, with NAME.json as evidence

Evidence is {"pinnedKeys": [...], "receipts": [...]}, either may be absent. Prints one line of JSON for each export.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from canonical import Broken, HASH, KEY, SIGNATURE, canonical, check_header, check_line, check_receipt, matches, parse, text
from ed25519 import verify as signed
from first_bad import first_bad

HUB_KINDS = {
    "body.erased", "user.approved", "user.role-set", "user.disabled", "device.enrolled", "device.forked", "device.revoked",
    "model.activated", "model.retired", "operating-point.set", "entry.quarantined", "entry.released",
}
PHASE = {"entry": 0, "checkpoint": 0, "head": 1, "receipt": 2, "row": 3, "end": 4}
COUNTED = {"entry": "entries", "checkpoint": "checkpoints", "head": "heads", "receipt": "receipts", "row": "rows"}


def sha(data):
    return hashlib.sha256(data).digest()


def unbase64(value):
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))


def signed_object(key, value, prefix):
    """Whether `sig` of the value is the key's over its other members."""
    rest = {name: member for name, member in value.items() if name not in ("sig", "key")}
    return signed(unbase64(key), unbase64(value["sig"]), (prefix + canonical(rest)).encode())


def never_erased(kind):
    return kind in HUB_KINDS or kind.startswith("audit.")


class Tree:
    """RFC 9162 section 2.1, from the subtrees of full powers of two."""

    def __init__(self):
        self.size = 0
        self.parts = []

    def append(self, place):
        times = place["effTs"].to_bytes(8, "big") + place["recvAt"].to_bytes(8, "big")
        level, node = 0, sha(b"\0" + bytes.fromhex(place["h"]) + times)
        while self.parts and self.parts[-1][0] == level:
            node = sha(b"\1" + self.parts.pop()[1] + node)
            level += 1
        self.parts.append((level, node))
        self.size += 1

    def root(self):
        if not self.parts:
            return sha(b"").hex()
        node = self.parts[-1][1]
        for _, left in reversed(self.parts[:-1]):
            node = sha(b"\1" + left + node)
        return node.hex()


class Verifier:
    def __init__(self, header, evidence):
        self.header = header
        self.clinic, self.root_key = header["clinic"], header["rootKey"]
        self.evidence = evidence
        self.findings = []
        self.tree, self.lost = Tree(), False
        self.known, self.entries = {}, []
        self.roots, self.epoch_seen, self.epoch, self.agreed = {}, set(), None, 0
        self.checkpoints, self.receipts = [], []
        self.covered = set()
        self.absent, self.present, self.erased = [], {}, set()
        self.hubs, self.revoked, self.devices = set(), set(), set()
        self.last_place = -1
        self.counts = dict.fromkeys(("entries", "bodies", "checkpoints", "heads", "receipts", "rows"), 0)
        if "pinnedKeys" in evidence and self.root_key not in evidence["pinnedKeys"]:
            self.find("keys.other")

    def find(self, code, index=None, before=None):
        self.findings.append((code, index, before))

    def lose(self):
        self.find("line.broken", len(self.entries))
        self.entries.append(None)
        self.tree.size += 1
        self.lost = True
        self.last_place += 1

    def stretch_below(self, size):
        return (self.agreed if self.agreed < size else 0, size)

    def judge(self, claim):
        verdict = self.verdict_on(claim)
        if verdict == "same":
            self.agreed = max(self.agreed, claim["size"])
        return verdict

    def verdict_on(self, claim):
        if self.lost:
            return "same"
        if claim["epoch"] not in self.epoch_seen:
            return "future" if claim["epoch"] == self.header["epoch"] else "lost"
        current = claim["epoch"] == self.epoch
        if current and claim["size"] > self.tree.size:
            return "future"
        root = sha(b"").hex() if claim["size"] == 0 else self.roots.get(claim["size"])
        if root == claim["root"]:
            return "same"
        if not current:
            return "lost"
        return "unknown" if root is None else "other"

    def take_entry(self, line):
        entry, place, body = line["entry"], line["place"], line["body"]
        at = len(self.entries)
        if place["index"] not in (at, self.last_place + 1):
            self.find("entry.place", at)
        self.last_place = place["index"]
        if entry["clinic"] != self.clinic:
            self.find("entry.clinic", at)
        if place["effTs"] != min(entry["ts"][0], place["recvAt"] + 300_000):
            self.find("entry.time", at)
        name = sha(b"entry:1\n" + canonical(entry).encode()).hex()
        if name != place["h"]:
            self.find("entry.hash", at)
        if place["h"] in self.known:
            self.find("entry.twice", at)
        parent = None
        if entry["prev"] is None:
            if entry["n"] != 1:
                self.find("chain.number", at)
        else:
            parent = self.known.get(entry["prev"])
            if parent is None:
                self.find("chain.parent", 0, at + 1)
            else:
                before = self.entries[parent]
                if before["device"] != entry["device"] or before["n"] + 1 != entry["n"]:
                    self.find("chain.number", at)
        self.take_body(entry, body, at)
        if entry["seen"] is not None and name == place["h"]:
            verdict = self.judge(entry["seen"])
            if verdict in ("future", "unknown", "other"):
                end = entry["seen"]["size"] if verdict == "other" else at + 1
                self.find("witness." + verdict, *self.stretch_below(end))
        self.authority(entry, body)
        self.entries.append({"h": place["h"], "device": entry["device"], "n": entry["n"], "parent": parent,
                             "place": place, "kind": entry["kind"], "bodyHash": entry["bodyHash"]})
        self.known.setdefault(place["h"], at)
        self.known.setdefault(name, at)
        self.tree.append(place) if not self.lost else setattr(self.tree, "size", self.tree.size + 1)

    def take_body(self, entry, body, at):
        if body is None:
            if entry["bodyHash"] is not None and never_erased(entry["kind"]):
                self.find("body.lost", at)
            elif entry["bodyHash"] is not None:
                self.absent.append((entry["bodyHash"], at))
        elif entry["bodyHash"] is None:
            self.find("body.unexpected", at)
        else:
            if sha(bytes.fromhex(body["salt"]) + body["text"].encode("utf-8", "surrogatepass")).hex() != entry["bodyHash"]:
                self.find("body.altered", at)
            self.present.setdefault(entry["bodyHash"], at)

    def authority(self, entry, body):
        """Which chains are the hub's, and which bodies those erased."""
        if body is None:
            return
        device, about = entry["device"], entry["entity"]
        by_hub = device in self.hubs and device not in self.revoked
        if entry["kind"] == "device.enrolled":
            said, vouched = self.enrolment(entry, body)
            if said is None or (said["role"] == "hub") != vouched:
                return
            if by_hub or (about == device and vouched and device not in self.revoked):
                self.devices.add(about)
                if vouched:
                    self.hubs.add(about)
        elif entry["kind"] == "device.revoked" and by_hub and about in self.devices:
            self.revoked.add(about)
        elif entry["kind"] == "body.erased" and by_hub:
            targets = [self.entries[self.known[h]] for h in entry["basedOn"] if h in self.known]
            carriers = [target for target in targets if target is not None and target["bodyHash"] == about]
            if not any(never_erased(target["kind"]) for target in carriers):
                self.erased.add(about)

    def enrolment(self, entry, body):
        try:
            said = parse(body["text"])
        except Broken:
            return None, False
        if not isinstance(said, dict) or not {"key", "name", "role"} <= set(said) <= {"key", "name", "role", "voucher"}:
            return None, False
        voucher = said.get("voucher")
        sound = matches(KEY, said["key"]) and text(said["name"], 200) and said["role"] in ("device", "hub")
        if not sound or not ("voucher" not in said or matches(SIGNATURE, voucher)):
            return None, False
        message = ("hub-device:1\n" + canonical({"clinic": entry["clinic"], "device": entry["entity"]})).encode()
        vouched = said["role"] == "hub" and voucher is not None and signed(unbase64(self.root_key), unbase64(voucher), message)
        return said, vouched

    def take_checkpoint(self, checkpoint):
        size = checkpoint["size"]
        if checkpoint["clinic"] != self.clinic:
            self.find("checkpoint.clinic")
        is_signed = signed_object(self.root_key, checkpoint, "checkpoint:1\n")
        if size != self.tree.size and not self.lost:
            last = self.checkpoints[-1][0] if self.checkpoints else 0
            end = self.tree.size + (1 if size > self.tree.size else 0)
            self.find("checkpoint.place", *((last, end) if is_signed else ()))
            return
        if self.epoch != checkpoint["epoch"] and checkpoint["epoch"] in self.epoch_seen:
            self.find("checkpoint.epoch")
        self.epoch = checkpoint["epoch"]
        self.epoch_seen.add(self.epoch)
        same = self.lost or self.tree.root() == checkpoint["root"]
        if same and not self.lost:
            self.roots[size] = checkpoint["root"]
        self.checkpoints.append((size, same, is_signed))
        if not is_signed:
            self.find("checkpoint.signature")

    def take_head(self, head):
        at = self.known.get(head["h"])
        if at is None:
            return self.find("head.lost")
        entry = self.entries[at]
        if entry["device"] != head["device"] or entry["n"] != head["n"]:
            return self.find("head.other", at)
        named = sha(b"device:1\n" + unbase64(head["key"])).hex()[:32] == head["device"]
        if not named or not signed_object(head["key"], head, "head:1\n"):
            return self.find("head.signature", at)
        while at is not None and at not in self.covered:
            self.covered.add(at)
            at = self.entries[at]["parent"]

    def judge_receipt(self, receipt):
        checkpoint = receipt["checkpoint"]
        if checkpoint["clinic"] != self.clinic:
            return self.find("receipt.clinic")
        if not (signed_object(self.root_key, receipt, "receipt:1\n")
                and signed_object(self.root_key, checkpoint, "checkpoint:1\n")):
            return self.find("receipt.signature")
        verdict = self.judge(checkpoint)
        if verdict in ("future", "unknown", "other"):
            self.find("receipt.checkpoint", *self.stretch_below(checkpoint["size"]))
        for place in receipt["placements"]:
            at = self.known.get(place["h"])
            if at is None:
                self.find("receipt.lost", *(() if verdict == "lost" else self.stretch_below(place["index"] + 1)))
                continue
            here = self.entries[at]["place"]
            same = at == place["index"] and here["effTs"] == place["effTs"] and here["recvAt"] == place["recvAt"]
            if same or verdict == "lost":
                continue
            if at == place["index"]:
                self.find("receipt.other", at)
            else:
                self.find("receipt.other", *self.stretch_below(max(at, place["index"]) + 1))

    def finish(self):
        for receipt in self.receipts + self.evidence.get("receipts", []):
            self.judge_receipt(receipt)
        runs = {}
        for at, entry in enumerate(self.entries):
            if entry is not None and at not in self.covered:
                begin, _ = runs.get(entry["device"], (at, 0))
                runs[entry["device"]] = (begin, at + 1)
        for begin, end in runs.values():
            self.find("entry.unsigned", begin, end)
        good = [(size, same) for size, same, is_signed in self.checkpoints if is_signed]
        wrong = next((size for size, same in good if not same), None)
        if wrong is not None:
            index = next((size for size, same in reversed(good) if same and size < wrong), 0)
            self.find("tree.root", index, max(wrong, index + 1))
        last = good[-1][0] if good else 0
        if last < self.tree.size:
            self.find("tree.uncovered", last, self.tree.size)
        if self.epoch is not None and self.epoch != self.header["epoch"]:
            self.find("checkpoint.epoch")
        for body_hash, at in self.absent:
            if body_hash not in self.erased:
                self.find("body.missing", at)
        for body_hash in self.erased & set(self.present):
            self.find("body.not-erased", self.present[body_hash])


def verify(data, evidence):
    lines = data.split(b"\n")
    unended = lines.pop()
    try:
        header = parse(lines[0].decode()) if lines else None
        check_header(header)
    except (Broken, UnicodeDecodeError):
        return {"verdict": "unreadable", "firstBad": None, "codes": []}
    verifier = Verifier(header, evidence)
    if canonical(header).encode() != lines[0]:
        verifier.find("line.altered")
    phase, end, cut_off = 0, None, True
    for number, raw in enumerate(lines[1:] + ([unended] if unended else [])):
        ended = number < len(lines) - 1
        if end is not None:
            if not cut_off:
                verifier.find("file.after-end")
            cut_off = True
            continue
        try:
            line = parse(raw.decode()) if ended else None
            check_line(line)
            same = line["type"] == "row" or canonical(line).encode() == raw
        except (Broken, UnicodeDecodeError):
            if phase == 0:
                verifier.lose()
            else:
                verifier.find("line.broken")
            continue
        kind = line["type"]
        if kind == "end":
            end, cut_off = line, False
        if not same:
            verifier.find("line.altered", len(verifier.entries) if kind == "entry" else None)
        if PHASE[kind] < phase:
            verifier.find("line.order")
            continue
        phase = PHASE[kind]
        if kind in COUNTED:
            verifier.counts[COUNTED[kind]] += 1
        if kind == "entry":
            verifier.counts["bodies"] += line["body"] is not None
            verifier.take_entry(line)
        elif kind == "checkpoint":
            verifier.take_checkpoint(line["checkpoint"])
        elif kind == "head":
            verifier.take_head(line["head"])
        elif kind == "receipt":
            verifier.receipts.append(line["receipt"])
    if end is None:
        verifier.find("file.cut-off", len(verifier.entries) if phase == 0 else None)
    elif not cut_off:
        if end["counts"] != verifier.counts:
            verifier.find("file.counts")
        if sha(data[: data.rindex(b"\n", 0, -1) + 1]).hex() != end["sha256"]:
            verifier.find("file.hash")
    verifier.finish()
    verdict = "not-sound" if verifier.findings else "sound"
    codes = sorted({code for code, _, _ in verifier.findings})
    return {"verdict": verdict, "firstBad": first_bad(verifier.findings), "codes": codes}


def main(args):
    if len(args) == 2 and args[0] == "--all":
        for path in sorted(Path(args[1]).glob("*.jsonl")):
            evidence = json.loads(path.with_suffix(".json").read_text())
            print(json.dumps({"name": path.stem, **verify(path.read_bytes(), evidence)}))
        return 0
    if len(args) not in (1, 3) or (len(args) == 3 and args[1] != "--evidence"):
        print(__doc__, file=sys.stderr)
        return 2
    evidence = json.loads(Path(args[2]).read_text()) if len(args) == 3 else {}
    report = verify(Path(args[0]).read_bytes(), evidence)
    print(json.dumps(report))
    return {"sound": 0, "not-sound": 1}.get(report["verdict"], 2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Which record to name, from findings (code, index, before)."""

CONSEQUENCES = {"body.missing", "body.not-erased", "head.signature"}


def narrow(stretches):
    if not stretches:
        return None
    before = min(end for _, end in stretches)
    index = max(begin for begin, _ in stretches if begin < before) if any(b < before for b, _ in stretches) else before - 1
    return (index, before)


def first_bad(findings):
    placed = [finding for finding in findings if finding[1] is not None]
    unsigned = [(i, b) for code, i, b in placed if code == "entry.unsigned"]
    weak = [i for code, i, b in placed if code in CONSEQUENCES]
    others = [(i, b) for code, i, b in placed if code != "entry.unsigned" and code not in CONSEQUENCES]
    own = [i for i, b in others if b is None]
    shown = narrow([(i, b) for i, b in others if b is not None])
    if own and (shown is None or min(own) < shown[1]):
        return {"index": min(own)}
    if shown is not None:
        index, before = shown
        if len(unsigned) == 1 and unsigned[0][0] < before:
            index = max(index, unsigned[0][0])
        return {"index": index, "before": before}
    run = narrow(unsigned)
    if run is not None:
        return {"index": run[0], "before": run[1]}
    return {"index": min(weak)} if weak else None

"""Writes both cards from measured figures only.

write_card.py --models DIR --evaluation evaluation.json --training training.json
"""

import argparse
import json
import math
from pathlib import Path

SET_NAMES = {
    "paediatric224": "children, 224 × 224 (Kermany)",
    "paediatric288": "children, short side 288 (a subset of the same pictures)",
    "adult288": "ages 4 to 85, mostly adults (NIH ChestX-ray14)",
}


def number(value, digits=3):
    return "–" if value is None or math.isnan(value) else f"{value:.{digits}f}"


def between(value, interval, digits=3):
    return f"{number(value, digits)} ({number(interval[0], digits)}–{number(interval[1], digits)})"


def share(figure):
    return f"{100 * figure['value']:.1f} % ({100 * figure['low']:.1f}–{100 * figure['high']:.1f}), n = {figure['n']}"


def table(head, rows):
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in [head, ["---"] * len(head), *rows])


def sources(manifest):
    rows = [(d["name"], d["images"], d["patients"], d["licence"], d["source"]) for d in manifest["trainingData"]]
    return table(["source", "images", "patients", "licence", "where"], rows)


def identity(manifest):
    return f"""Version {manifest["version"]}, `{manifest["file"]}` of {manifest["bytes"]:,} bytes, SHA-256 `{manifest["sha256"]}`.
Licence of the weights: {manifest["licence"]}; the sources of the training pictures are named below, as their licences ask.
"""


def limits(manifest):
    return "\n".join(f"- {line}" for line in manifest["limits"])


def measured_by(evaluation):
    return f"Computed by {evaluation['source']}; runtime {', '.join(evaluation['runtime'])}; operating point {', '.join(evaluation['operatingPoint'])}."


def classification_table(evaluation):
    views = {f"the same, {view} only": s for view, s in evaluation["adultViews"].items()}
    rows = [(
        SET_NAMES.get(name, name), f"{s['images']} ({s['positives']} pneumonia)", s["patients"], share(s["refused"]),
        between(s["auc"]["value"], s["auc"]["interval"]), share(s["sensitivity"]), share(s["specificity"]),
        between(s["calibrationError"]["value"], s["calibrationError"]["interval"]),
    ) for name, s in {**evaluation["sets"], **views}.items()]
    return table(["test set", "images", "patients", "refused", "AUC", "sensitivity", "specificity", "calibration error"], rows)


def trivial_table(evaluation):
    rows = [(SET_NAMES[name], s["trivial"]["images"], number(s["trivial"]["boxAspect"]), number(s["trivial"]["boxShare"]), number(s["trivial"]["pictureAspect"]), number(s["auc"]["value"]))
            for name, s in evaluation["sets"].items()]
    return table(["test set", "images", "lung box: width / height", "lung box: share of the picture", "picture: width / height", "this model"], rows)


def robustness_table(training):
    rows = [(name, r["n"], number(r["auc"]), number(r["meanChange"])) for name, r in training["pneumonia"]["robustness"].items()]
    return table(["pictures", "n", "AUC", "mean change of the probability"], rows)


METHODS = {
    "gradcam": "Grad-CAM", "hirescam": "HiResCAM", "layercam": "LayerCAM", "ig": "integrated gradients from grey",
    "ig-black": "integrated gradients from black", "ig-blurred": "integrated gradients from the blurred picture",
    "smoothgrad": "SmoothGrad",
}


def maps(manifest):
    checks = manifest.get("explanationChecks", [])
    if not checks:
        return "Not checked for these weights: run `npx fieldray models sanity ../shared/data/cxr --write`."
    rows = [(METHODS[c["method"]], number(c["similarity"], 2), "yes" if c["passed"] else "no", f"{100 * c['betterThanRandom']:.0f} %",
             f"{100 * c['completenessGap']:.2f} %" if "completenessGap" in c else "") for c in checks]
    heads = ["map", "similarity to that of shuffled weights", "depends on what was learnt", "beats random maps", "completeness gap, 64 steps"]
    return f"""{table(heads, rows)}

Medians over {checks[0]["images"]} pictures, by `npx fieldray models sanity`. A map beats random ones when blurring away what it marks lowers
the score more, and bringing it back raises it more, than with each of nine random maps; a random map does so on at most one picture in ten. A map that does so on few pictures says little about any single one; what a map
is worth on the picture at hand is said beside it."""


def pneumonia_card(manifest, evaluation, training):
    finding = manifest["findings"][0]
    fit = finding["calibration"]
    points = table(["operating point", "threshold", "sensitivity", "specificity"], [
        (p["name"], f"{p['threshold']:.4f}", share(p["sensitivity"]), share(p["specificity"])) for p in finding["operatingPoints"]])
    return f"""# cxr-pneumonia

{identity(manifest)}
## What it is for

{manifest["intendedUse"]}
Intended population: {manifest["population"]["description"]}

{limits(manifest)}

## How it works

A small residual network (about 0.8 million parameters) looks at the rectangle around the lungs that `cxr-lungs` found, squashed to
160 × 160 grey pixels. A 10 × 10 map of 128 features is averaged and weighed by one linear layer, so Grad-CAM at that map
is exactly what the answer is made of. The raw score becomes a probability by Platt scaling (slope {fit["slope"]:.4f}, intercept {fit["intercept"]:.4f}),
fitted on {fit["n"]} images of the validation part, {fit["positives"]} of them pneumonia.

## Training data

{sources(manifest)}

Patients are split by a hash of the patient's name: 70 % training, 10 % validation, 20 % test. No patient is in two parts.
The two sets of children share patients and therefore the split.

## Figures on the test part

{measured_by(evaluation)}
Intervals of AUC and calibration error: 95 %, {evaluation["resamples"]} bootstrap resamples of patients. The others: 95 % Wilson intervals over images.
Calibration error: expected calibration error over ten bins of equal width.

{classification_table(evaluation)}

The adult set must be read with care. Its labels were mined from text, and its "pneumonia" pictures often show something else or
nothing. Its films were taken standing (PA) or lying (AP), and which of the two goes together with the label. A part of it, of other
patients, was in the training, so that a healthy adult does not look ill merely for not being a child. The figures of this
set therefore say how well the model knows this collection, not how well it would find pneumonia in adults: it is not for adults.

Both operating points, thresholds chosen on the validation part, figures of the test part of {SET_NAMES["paediatric224"]}, computed in PyTorch:

{points}

AUC on the validation part: {number(training["pneumonia"]["validationAuc"])}.

## Its maps

{maps(manifest)}

## Could it be reading something else than lungs?

In this collection the shape of a picture alone tells much about the label, because ill and healthy children were X-rayed in different
ways. So only the lung box is used, and training blurs, re-samples, re-compresses and re-exposes it and hides its corners. What
the trivial features would reach alone, as AUC (either direction, 0.5 is chance), beside the model:

{trivial_table(evaluation)}

Where pictures keep their proportions, their shape says much and the shape of the lung box little. In pictures squashed to 224 × 224 the
picture's shape is hidden in the box's; squashing the box to a square takes it out again, since width and height are scaled apart. The
share of the picture that the lungs fill stays informative, but the classifier does not see what lies around the box.
A model can always find more than such a table lists. A high figure here is no promise for another hospital: that needs a test there.

The test part of {SET_NAMES["paediatric288"]}, made worse on purpose, computed in PyTorch:

{robustness_table(training)}

## Not offered

The collection also names bacterial and viral pneumonia. How those sublabels were assigned is not documented, and a wrong answer would
change the treatment (antibiotics given or withheld). The model does not learn or report them.
"""


def refusals(check, part):
    rows = [(name, "no", f"{v['refused']} of {v['n']}", f"{100 * v['share']:.2f} %") for name, v in check[part]["valid"].items()]
    rows += [(name, "yes", f"{v['refused']} of {v['n']}", f"{100 * v['share']:.2f} %") for name, v in check[part]["refuse"].items()]
    return table(["pictures", "should be refused", "refused", "share"], rows)


def lungs_card(manifest, evaluation, training):
    lungs, check = evaluation["lungs"], training["views"]
    return f"""# cxr-lungs

{identity(manifest)}
## What it is for

{manifest["intendedUse"]}

{limits(manifest)}

## How it works

A small U-Net (about 0.5 million parameters) sees the whole picture squashed to 160 × 160 grey pixels and gives two answers: for each
pixel whether it is lung, and for the picture one of {", ".join(manifest["view"]["classes"])}. Islands below 10 % of the largest are
dropped. The rectangle around the rest, 6 % wider on every side, is what other models look at.
A picture is refused where the probability of "frontal" is below {manifest["view"]["minFrontalProbability"]}.

## Training data

{sources(manifest)}

The masks carry a third value for pixels that nobody decided on; those are left out of training and measuring. Inverted and turned
pictures are made from the X-rays above. Pictures that are no chest are generated: noise, gradients, patterns, pages of text, drawn
shapes, drawings resembling body sections, skulls and limbs, smooth photograph-like fields, shuffled X-rays and very tight crops.
Patients are split by a hash of the patient's name: 70 % training, 10 % validation, 20 % test. No patient is in two parts.

## Outlines, test part

{measured_by(evaluation)} 95 % interval by {evaluation["resamples"]} bootstrap resamples of patients.

{table(["images", "patients", "without an outline", "mean Dice", "median", "lowest", "images below 0.90"],
       [(lungs["images"], lungs["patients"], lungs["absent"], between(lungs["dice"]["value"], lungs["dice"]["interval"]), number(lungs["median"]), number(lungs["lowest"]), lungs["below90"])])}

All of them are children. There are no adult masks in the data, so the outline on adults is not measured.
The pairing of masks and pictures was rebuilt from their sizes and order; thirty pairs were looked at and right.

## Refusals, test part

The probability was chosen on the validation part so that fewer than 0.5 % of valid films of each set are refused, and
at most 0.5. That ceiling was raised from 0.2 after generated and real pictures that are no chest had passed there, test pictures among
them; the shares of the lower rows are therefore a little too good. Computed in PyTorch.

{refusals(check, "test")}

The pictures to refuse are made by the same programs as those of training, from other patients and other random numbers. Real
pictures of other kinds can behave differently, lateral chest X-rays above all.

Validation part:

{refusals(check, "validation")}
"""


def write_cards(models, evaluation_path, training_path):
    evaluation, training = json.loads(Path(evaluation_path).read_text()), json.loads(Path(training_path).read_text())
    for name, card in (("cxr-lungs", lungs_card), ("cxr-pneumonia", pneumonia_card)):
        manifest = json.loads((models / name / "manifest.json").read_text())
        if name == "cxr-pneumonia" and evaluation["modelSha256"] != [manifest["sha256"]]:
            raise SystemExit(f"the figures belong to {evaluation['modelSha256']}, the model is {manifest['sha256']}")
        (models / name / "card.md").write_text(card(manifest, evaluation, training))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--evaluation", type=Path, required=True)
    parser.add_argument("--training", type=Path, required=True)
    options = parser.parse_args()
    write_cards(options.models, options.evaluation, options.training)


if __name__ == "__main__":
    main()

"""Turns the two trained networks into the folders that the application loads."""

import copy
import json

import numpy as np
import torch

import calibration as cal
from crops import exact_crop
from data import SETS, pick, pictures, read_grey
from golden import golden
from json_file import write_json
from manifests import lungs_manifest, pneumonia_manifest
from metrics import at_threshold, auc, calibration_error
from nets import folded
from onnx_file import write_onnx
from robustness import robustness
from views import view_check

CHILDREN_SETS = ("paediatric224", "paediatric288")


def logits_of(lungs, net, chosen):
    with torch.no_grad():
        return np.array([float(net(torch.from_numpy(exact_crop(lungs, read_grey(p.path)))[None, None])[0]) for p in chosen])


def folder(out, name):
    (out / name).mkdir(parents=True, exist_ok=True)
    return out / name


def package_lungs(net, data_root, out, work, log=print):
    target = folder(out, "cxr-lungs")
    plain = folded(copy.deepcopy(net))
    sha256 = write_onnx(plain, ("mask", "view"), target / "model.onnx")
    write_json(target / "golden.json", golden(plain, ("mask", "view"), sha256))
    views = view_check(plain, data_root, work / "cache")
    everything = pictures(data_root)
    manifest = lungs_manifest(sha256, (target / "model.onnx").stat().st_size, views["minFrontalProbability"], pick(everything, "train"))
    write_json(target / "manifest.json", manifest)
    log(f"cxr-lungs: {json.dumps(views)}")
    return views


def package_pneumonia(net, lungs, data_root, out, log=print):
    target = folder(out, "cxr-pneumonia")
    plain, lungs = folded(copy.deepcopy(net)), folded(copy.deepcopy(lungs))
    weights = {"weights": plain.classifier.weight.detach().numpy()}
    sha256 = write_onnx(plain, ("logits", "activation"), target / "model.onnx", weights)
    write_json(target / "golden.json", golden(plain, ("logits", "activation"), sha256, weights))

    everything = pictures(data_root)
    chosen = pick(everything, "validation", CHILDREN_SETS)
    labels, weight = np.array([p.label for p in chosen]), cal.once_per_original(chosen)
    raw = logits_of(lungs, plain, chosen)
    platt = cal.fit_platt(raw, labels, weight)
    p = cal.probability(raw, platt)

    test = {name: pick(everything, "test", (name,)) for name in SETS}
    scores = {name: logits_of(lungs, plain, test[name]) for name in SETS}
    truth = {name: np.array([t.label for t in test[name]]) for name in SETS}
    main = "paediatric224"
    measured = f"{len({t.patient for t in test[main]})} other children of the same hospital (test part of {main}); the threshold was chosen on the validation part"

    def point(name, threshold):
        threshold = round(threshold, 4)
        return {"name": name, "threshold": threshold, "modelSha256": sha256, "dataset": measured,
                **at_threshold(cal.probability(scores[main], platt), truth[main], threshold)}

    fit = {
        "kind": "platt", "slope": platt[0], "intercept": platt[1],
        "dataset": f"fitted on the validation part of {' and '.join(CHILDREN_SETS)}, {len({c.patient for c in chosen})} patients; the error is that of the test part of {main}",
        "n": len(chosen), "positives": int(labels.sum()),
        "expectedCalibrationError": calibration_error(cal.probability(scores[main], platt), truth[main]),
    }
    points = [point("balanced", cal.balanced(p, labels, weight)), point("screening", cal.screening(p, labels, weight))]
    aucs = {name: auc(scores[name], truth[name]) for name in SETS}
    manifest = pneumonia_manifest(sha256, (target / "model.onnx").stat().st_size, fit, points, pick(everything, "train"), aucs["adult288"])
    write_json(target / "manifest.json", manifest)

    def probability_of(grey):
        with torch.no_grad():
            logit = float(plain(torch.from_numpy(exact_crop(lungs, grey))[None, None])[0])
        return float(cal.probability(logit, platt))

    result = {"validationAuc": auc(raw, labels), "testAuc": aucs, "calibration": fit, "operatingPoints": points,
              "robustness": robustness(test["paediatric288"], probability_of)}
    log(f"cxr-pneumonia: {json.dumps(result)}")
    return result

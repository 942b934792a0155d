"""What each model says of itself. The application shows these sentences; figures come in from outside."""

from data import SIZE
from nets import VIEWS

LICENCE = "MIT"
VERSION = "1.0.0"

KERMANY_224 = {
    "name": "Kermany 2018, children's chest X-rays, republished at 224 × 224",
    "licence": "CC BY 4.0",
    "source": "doi:10.17632/rscbjbr9sj.2",
}
KERMANY_288 = {**KERMANY_224, "name": "Kermany 2018, children's chest X-rays, made from the full-size files, short side 288"}
V7_MASKS = {
    "name": "V7 Labs lung masks of Kermany's pictures (COVID-19 X-ray dataset)",
    "licence": "CC BY 4.0",
    "source": "https://github.com/v7labs/covid-19-xray-dataset",
}
NIH = {
    "name": "NIH ChestX-ray14 (Wang et al., CVPR 2017), NIH Clinical Center",
    "licence": "free use with citation and link",
    "source": "https://nihcc.app.box.com/v/ChestXray-NIHCC",
}

CHILDREN = {
    "description": "Children aged 1 to 5 of one hospital (Guangzhou, China), frontal chest X-rays. About three of four pictures show pneumonia, far more than in ordinary practice.",
    "minAgeYears": 1,
    "maxAgeYears": 5,
}

PNEUMONIA = {
    "code": "pneumonia",
    "name": "Pneumonia",
    "plain": "Shadows in the lungs of the kind that pneumonia causes.",
    "advice": {
        "positive": "The picture resembles those of children with pneumonia. Have a doctor look at it together with the child's symptoms before anything is decided.",
        "negative": "The picture does not resemble those of children with pneumonia. That does not rule pneumonia out: symptoms decide whether a doctor must look.",
    },
    "icd10": ["J18.9"],
    "snomedCt": ["233604007"],
}


def shared(name, task, sha256, size, region):
    return {
        "format": 1,
        "name": name,
        "version": VERSION,
        "task": task,
        "file": "model.onnx",
        "sha256": sha256,
        "bytes": size,
        "input": {
            "name": "input",
            "shape": [1, 1, SIZE, SIZE],
            "region": region,
            "normalisation": {"kind": "standardise", "minStd": 0.02},
        },
    }


def counted(source, pictures):
    return {**source, "images": len(pictures), "patients": len({p.patient for p in pictures})}


def lungs_manifest(sha256, size, least_frontal, train):
    by_set = {name: [p for p in train if p.set == name] for name in ("paediatric224", "paediatric288", "adult288")}
    return {
        **shared("cxr-lungs", "segmentation", sha256, size, "image"),
        "outputs": {"mask": "mask", "view": "view"},
        "targetLayer": "mask",
        "findings": [],
        "segmentation": {"structure": "lungs", "threshold": 0, "minComponentShare": 0.1},
        "view": {"classes": list(VIEWS), "minFrontalProbability": least_frontal},
        "population": {
            "description": "Outlines: children aged 1 to 5 of one hospital. Kind of picture: those children and patients of all ages, mostly adults, of the NIH Clinical Center.",
            "minAgeYears": 1,
            "maxAgeYears": 85,
        },
        "intendedUse": "Finds the lungs in a frontal chest X-ray, so that other models look there, and refuses pictures that are inverted, turned or no chest. For research and triage, not a medical device.",
        "limits": [
            "Outlines were learnt from children aged 1 to 5; on adults they have been looked at but not measured.",
            "The outline includes the lung behind the heart.",
            "Lateral chest X-rays and X-rays of other parts of the body were not among the training pictures; they may pass as frontal chest X-rays.",
            "Other pictures can pass too: a section through a head by computed tomography, shown in its full range of values, did.",
            "A picture mirrored left to right is not noticed.",
        ],
        "licence": LICENCE,
        "trainingData": [
            counted(V7_MASKS, [p for p in train if p.mask]),
            counted(KERMANY_224, by_set["paediatric224"]),
            counted(KERMANY_288, by_set["paediatric288"]),
            counted(NIH, by_set["adult288"]),
        ],
    }


def pneumonia_manifest(sha256, size, calibration, points, train, adult_auc):
    return {
        **shared("cxr-pneumonia", "classification", sha256, size, "lungs"),
        "input": {**shared("", "", "", 0, "lungs")["input"], "marginShare": 0.06},
        "outputs": {"logits": "logits", "activation": "activation", "weights": "weights"},
        "targetLayer": "activation",
        "findings": [{
            **PNEUMONIA,
            "calibration": calibration,
            "operatingPoints": points,
            "defaultOperatingPoint": "balanced",
        }],
        "population": CHILDREN,
        "intendedUse": "Decision support for research and triage of frontal chest X-rays of children aged 1 to 5. Not a medical device, and no substitute for a doctor's reading.",
        "limits": [
            "Learnt mostly from children aged 1 to 5 of one hospital. Other hospitals, machines and ages may give very different results.",
            f"Not for adults. A part of the training pictures shows adults of another hospital, with labels mined from text; its AUC of {adult_auc:.2f} on others of them says how well it knows that collection, not how well it finds pneumonia in adults.",
            "The probability is calibrated for a collection in which three of four pictures show pneumonia. Where pneumonia is rarer, it is too high.",
            "A negative result does not rule out pneumonia or any other disease; nothing but pneumonia is looked for.",
            "The labels are one hospital's readings; part of what separates them may be how and when children were X-rayed.",
        ],
        "licence": LICENCE,
        "trainingData": [
            counted(KERMANY_224, [p for p in train if p.set == "paediatric224"]),
            counted(KERMANY_288, [p for p in train if p.set == "paediatric288"]),
            counted(NIH, [p for p in train if p.set == "adult288"]),
        ],
    }

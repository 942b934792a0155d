"""Trains both networks, packages them, measures them and writes their cards.

/usr/bin/python3 models/training/train.py --data ../shared/data --out DIR
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

# Without these glibc returns every large tensor to the system and half of the time goes into page faults.
ALLOCATOR = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "20000000000", "MALLOC_TOP_PAD_": "500000000"}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lungs-epochs", type=int, default=12)
    parser.add_argument("--pneumonia-epochs", type=int, default=14)
    parser.add_argument("--keep", action="store_true", help="use networks already in DIR/checkpoints")
    options = parser.parse_args()

    import torch

    from checkpoints import load
    from evaluate import report
    from json_file import write_json
    from package import package_lungs, package_pneumonia
    from predict import predict
    from train_lungs import train_lungs
    from train_pneumonia import train_pneumonia
    from write_card import write_cards

    torch.set_num_threads(os.cpu_count())
    torch.set_flush_denormal(True)
    out, start = options.out, time.time()

    def log(line):
        print(f"[{(time.time() - start) / 60:5.1f} min] {line}", flush=True)

    kept = options.keep and (out / "checkpoints" / "cxr-lungs.pt").exists()
    lungs = load(out, "cxr-lungs") if kept else train_lungs(options.data, out, options.lungs_epochs, log=log)
    training = {"views": package_lungs(lungs, options.data, out, out, log)}

    if not kept:
        # Crops depend on the network that made them.
        for name in ("crops-train.npy", "places-train.npy"):
            (out / "cache" / name).unlink(missing_ok=True)
    kept = options.keep and (out / "checkpoints" / "cxr-pneumonia.pt").exists()
    net = load(out, "cxr-pneumonia") if kept else train_pneumonia(options.data, out, lungs, options.pneumonia_epochs, log=log)
    # One picture at a time: further threads only wait for each other.
    torch.set_num_threads(1)
    training["pneumonia"] = package_pneumonia(net, lungs, options.data, out, log)
    write_json(out / "training.json", training)

    predict(options.data, out, out / "test.csv", out / "test-masks")
    log("test part read")
    result = report(options.data, out / "test.csv", out / "test-masks", "models/training/predict.py (PyTorch)")
    write_json(out / "evaluation.json", result)
    print(json.dumps(result, indent=1))
    write_cards(out, out / "evaluation.json", out / "training.json")
    log("done")


if __name__ == "__main__":
    if any(os.environ.get(name) != value for name, value in ALLOCATOR.items()):
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **ALLOCATOR, "OMP_NUM_THREADS": str(os.cpu_count())})
    main()

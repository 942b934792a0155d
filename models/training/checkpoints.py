"""Loads trained networks from DIR/checkpoints, which lies outside the repository."""

import torch

from nets import LungsNet, PneumoniaNet, folded

KINDS = {"cxr-lungs": LungsNet, "cxr-pneumonia": PneumoniaNet}


def load(out, name, fold=False):
    net = KINDS[name]()
    net.load_state_dict(torch.load(out / "checkpoints" / f"{name}.pt"))
    return folded(net) if fold else net.eval()

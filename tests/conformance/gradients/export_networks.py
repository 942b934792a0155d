"""Exports networks of many families as conformance cases (see the handbook's conformance/README.md), PyTorch as the reference.

    /usr/bin/python3 export_networks.py OUT [NAME ...]

NAME is a network or a group: large, wide, refused, small, or a part of the small ones, named as its file in networks/. Without one, the
small ones are exported. Weights are random and the same every time.
"""

import json
import sys
import warnings
import zlib
from pathlib import Path

import numpy as np
import onnx
import torch

from networks import activations, families, half, large, layers, refused, segmentation, tensors, transformers
from networks.network import prepare

PARTS = {
    each.__name__.rpartition(".")[2]: each.networks
    for each in (families, transformers, segmentation, activations, layers, tensors, half)
}
GROUPS = {
    **PARTS,
    "small": {name: build for part in PARTS.values() for name, build in part.items()},
    "large": large.networks,
    "wide": large.wide,
    "refused": refused.networks,
}


class Exported(torch.nn.Module):
    """What goes into the file: the logits, and the layer where the file is to name it."""

    def __init__(self, network):
        super().__init__()
        self.module, self.names_layer = network.module, network.names_layer

    def forward(self, x):
        logits, layer = self.module(x)
        return (logits, layer) if self.names_layer else logits


def write_model(network, picture, path):
    outputs = ["logits", "features"] if network.names_layer else ["logits"]
    axes = {"batch": {0: "n"}, "all": {0: "n", 2: "rows", 3: "columns"}}.get(network.dynamic)
    with warnings.catch_warnings():
        # The tracer says wherever Python looked at a size; these networks are only used with the size they were traced with.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Exported(network).eval(), picture, str(path), opset_version=network.opset, input_names=["input"],
            output_names=outputs, dynamic_axes=None if axes is None else {"input": axes},
            do_constant_folding=network.fold_constants, export_modules_as_functions=set(network.functions),
            training=torch.onnx.TrainingMode.EVAL if network.fused else torch.onnx.TrainingMode.PRESERVE,
        )
    model = onnx.load(path)
    if network.edit is not None:
        network.edit(model)
    onnx.checker.check_model(model)
    onnx.save(model, path)
    return model


def gradients(module, picture, weigh):
    """Logits, layer, and the gradients of the score by the layer and by the picture."""
    picture = picture.clone().requires_grad_()
    logits, layer = module(picture)
    by_layer, by_picture = torch.autograd.grad(weigh(logits).sum(), [layer, picture])
    return logits.detach(), layer.detach(), by_layer, by_picture


def answers_of(module, picture, weigh, steps):
    """The arrays of a case, by their names there."""
    logits, layer, by_layer, by_picture = gradients(module, picture, weigh)
    return {
        "logits": logits,
        "activation_gradient": by_layer,
        "gradcam": grad_cam(layer, by_layer),
        "input_gradient": by_picture,
        "integrated_gradients": integrated_gradients(module, picture, weigh, steps),
    }


def in_double(module, picture, weigh, steps):
    """The same in double precision; a module of single precision is left behind."""
    torch.set_default_dtype(torch.float64)
    try:
        return answers_of(module.double(), picture.double(), weigh, steps)
    finally:
        torch.set_default_dtype(torch.float32)
        module.float()


def relative(ours, reference):
    return float(torch.linalg.vector_norm(ours - reference) / torch.linalg.vector_norm(reference))


def sure_case(name, network):
    """
    A picture on which single precision is as good as double, its target, and its answers. Where a ReLU's input is within rounding
    of its bend, two runtimes may fall on different sides, and both are right.
    """
    module = network.module
    for _ in range(5):
        picture = torch.randn(network.size)
        target, weigh = choose_target(network, picture)
        single, double = (each(module, picture, weigh, network.steps) for each in (answers_of, in_double))
        if max(relative(single[key], double[key]) for key in single) < network.sure:
            return picture, target, single
    raise SystemExit(f"{name}: no picture has gradients that are sure")


def grad_cam(layer, gradient):
    return torch.relu((gradient.mean((2, 3), keepdim=True) * layer).sum(1))


def integrated_gradients(module, picture, weigh, steps):
    total = torch.zeros_like(picture)
    for step in range(steps):
        total += gradients(module, picture * ((step + 0.5) / steps), weigh)[3]
    return picture * total / steps


def choose_target(network, picture):
    """A mask, or the first class whose map is not empty, so that there is something to compare; and how it weighs the logits."""
    logits, _ = network.module(picture)
    if network.mask:
        mask = torch.rand(logits.shape)
        return {"mask": mask}, lambda scores: scores * mask
    for number in range(min(logits.shape[1], 8)):

        def weigh(scores, number=number):
            return scores[:, number]

        _, layer, by_layer, _ = gradients(network.module, picture, weigh)
        if (grad_cam(layer, by_layer).flatten(1).amax(1) > 0).all():
            return {"class": number}, weigh
    raise SystemExit("every map is empty")


def name_of_layer(network, model):
    """The name that the exporter gave to the layer: asked for by `features`, else that of the first convolution's result."""
    if network.names_layer:
        return "features"
    return next(node.output[0] for node in model.graph.node if node.op_type == "Conv")


def export(name, network, out):
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(zlib.crc32(name.encode()))
    prepare(network)
    if name in refused.networks:
        write_model(network, torch.randn(network.size), folder / "model.onnx")
        return
    picture, target, arrays = sure_case(name, network)
    model = write_model(network, picture, folder / "model.onnx")
    if "mask" in target:
        np.save(folder / "mask.npy", target["mask"].numpy())
        target = {"mask": "mask.npy"}
    for key, array in arrays.items():
        size = float(torch.linalg.vector_norm(array))
        if not 1e-5 < size < 1e8:
            raise SystemExit(f"{name}: {key} has the norm {size}, and would show nothing")
        np.save(folder / f"{key}.npy", np.ascontiguousarray(array.numpy(), dtype=np.float32))
    np.save(folder / "input.npy", picture.numpy())
    case = {
        "name": name,
        "model": "model.onnx",
        "input": "input",
        "output": "logits",
        **({"layer": name_of_layer(network, model)} if network.names_layer or name in large.named else {}),
        "target": target,
        "integrated_gradients": {"steps": network.steps, "rule": "midpoint", "baseline": 0},
        "expect": {key: f"{key}.npy" for key in arrays},
        "tolerance": {"relative_l2": network.tolerance},
        "reference": f"PyTorch {torch.__version__} autograd",
    }
    (folder / "case.json").write_text(json.dumps(case, indent=2))


def main(out, names):
    torch.set_num_threads(1)
    known = {name: build for group in GROUPS.values() for name, build in group.items()}
    wanted = [each for name in names or ["small"] for each in GROUPS.get(name, [name])]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise SystemExit(f"unknown: {', '.join(unknown)}\nThere are: {', '.join(known)}")
    for name in wanted:
        export(name, known[name](), Path(out))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    main(sys.argv[1], sys.argv[2:])

"""Integrated gradients of an ONNX classifier by PyTorch autograd; prints milliseconds as JSON.

Usage: explain_torch.py MODEL.onnx OUTPUT STEPS ROUNDS THREADS. The network is rebuilt from the file's own weights.
"""

import json
import sys
import time

import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper


def attributes(node):
    return {each.name: onnx.helper.get_attribute_value(each) for each in node.attribute}


def build(path, output):
    graph = onnx.load(path).graph
    weights = {each.name: torch.tensor(numpy_helper.to_array(each)) for each in graph.initializer}

    def step(node, values):
        a = attributes(node)
        x = [values.get(name, weights.get(name)) for name in node.input]
        pads = a.get("pads", [0, 0, 0, 0])
        if node.op_type == "Conv":
            assert pads[:2] == pads[2:]
            return F.conv2d(x[0], x[1], x[2] if len(x) > 2 else None, a.get("strides", 1), pads[:2],
                            a.get("dilations", 1), a.get("group", 1))
        if node.op_type == "MaxPool":
            return F.max_pool2d(x[0], a["kernel_shape"], a.get("strides"), pads[:2], ceil_mode=bool(a.get("ceil_mode")))
        if node.op_type == "Relu":
            return F.relu(x[0])
        if node.op_type == "Add":
            return x[0] + x[1]
        if node.op_type == "Identity":
            return x[0]
        if node.op_type == "GlobalAveragePool":
            return x[0].mean((2, 3), keepdim=True)
        if node.op_type == "Flatten":
            return x[0].flatten(1)
        if node.op_type == "Gemm":
            b = x[1].T if a.get("transB") else x[1]
            return x[0] @ b + x[2]
        raise SystemExit(f"no {node.op_type} here")

    def forward(picture):
        values = {graph.input[0].name: picture}
        for node in graph.node:
            values[node.output[0]] = step(node, values)
        return values[output]

    shape = [each.dim_value for each in graph.input[0].type.tensor_type.shape.dim]
    return forward, shape[1:]


def integrated_gradients(forward, picture, steps, batch):
    shares = (torch.arange(steps) + 0.5) / steps
    total = torch.zeros_like(picture)
    for start in range(0, steps, batch):
        points = (shares[start:start + batch].view(-1, 1, 1, 1) * picture).requires_grad_()
        forward(points)[:, 0].sum().backward()
        total += points.grad.sum(0)
    return picture * total / steps


def main(path, output, steps, rounds, threads):
    torch.set_num_threads(threads)
    forward, shape = build(path, output)
    torch.manual_seed(1)
    picture = torch.randn(shape)
    best = None
    for batch in (1, 4, 8, 16, 32):
        integrated_gradients(forward, picture, steps, batch)
        times = []
        for _ in range(rounds):
            begin = time.perf_counter()
            integrated_gradients(forward, picture, steps, batch)
            times.append((time.perf_counter() - begin) * 1000)
        median = sorted(times)[len(times) // 2]
        if best is None or median < best["ms"]:
            best = {"ms": median, "batch": batch}
    print(json.dumps({**best, "threads": torch.get_num_threads(), "version": torch.__version__}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))

"""Writes a network as one ONNX file: static shapes, opset 15, no external data."""

import hashlib

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from data import SIZE

OPSET = 15


def write_onnx(net, names, path, constants=None):
    """Returns the file's SHA-256. `constants` become graph outputs through an Identity node."""
    torch.onnx.export(
        net, torch.zeros(1, 1, SIZE, SIZE), path, opset_version=OPSET,
        input_names=["input"], output_names=list(names), do_constant_folding=True,
    )
    model = onnx.load(path)
    for name, value in (constants or {}).items():
        tensor = numpy_helper.from_array(value.astype(np.float32), f"{name}.constant")
        model.graph.initializer.append(tensor)
        model.graph.node.append(helper.make_node("Identity", [tensor.name], [name], name=f"{name}.identity"))
        model.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, list(value.shape)))
    # Names of source files and versions say nothing about the network and would change its hash.
    model.producer_name, model.producer_version, model.doc_string = "fieldray", "", ""
    for node in model.graph.node:
        node.doc_string = ""
    onnx.checker.check_model(onnx.shape_inference.infer_shapes(model, strict_mode=True), full_check=True)
    onnx.save(model, path)
    return hashlib.sha256(path.read_bytes()).hexdigest()

"""Half precision: weights alone, or everything. All numbers fit into it, so that single precision is a fair reference."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from .families import SmallGoogLeNet, efficient
from .network import Network
from .segmentation import u_net
from .transformers import Mixer


def _half(tensor):
    return numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float16), tensor.name)


def weights_only(model):
    """Weights are stored in half precision and widened by a Cast each."""
    graph = model.graph
    casts = []
    for tensor in graph.initializer:
        if tensor.data_type != TensorProto.FLOAT:
            continue
        name = tensor.name
        tensor.CopyFrom(_half(tensor))
        tensor.name = f"{name}.half"
        casts.append(helper.make_node("Cast", [tensor.name], [name], to=TensorProto.FLOAT))
    _put_first(graph, casts)


def everything(model):
    """As a converter leaves it: half precision inside, single at both ends."""
    graph = model.graph
    for tensor in graph.initializer:
        if tensor.data_type == TensorProto.FLOAT:
            tensor.CopyFrom(_half(tensor))
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.t.data_type == TensorProto.FLOAT:
                attribute.t.CopyFrom(_half(attribute.t))
            if node.op_type == "Cast" and attribute.name == "to" and attribute.i == TensorProto.FLOAT:
                attribute.i = TensorProto.FLOAT16
        node.input[:] = ["input.half" if name == "input" else name for name in node.input]
        node.output[:] = ["logits.half" if name == "logits" else name for name in node.output]
    _put_first(graph, [helper.make_node("Cast", ["input"], ["input.half"], to=TensorProto.FLOAT16)])
    graph.node.append(helper.make_node("Cast", ["logits.half"], ["logits"], to=TensorProto.FLOAT))
    graph.output[1].type.tensor_type.elem_type = TensorProto.FLOAT16


def _put_first(graph, nodes):
    rest = list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes + rest)


def in_half(network, edit):
    # Fused with the normalisation behind them, weights would be rounded to something else.
    options = {**vars(network), "edit": edit, "rounded": True, "fused": False}
    return Network(**options)


networks = {
    "half-weights": lambda: in_half(efficient(opset=13), weights_only),
    "half-everything": lambda: in_half(Network(SmallGoogLeNet(), opset=11), everything),
    "half-unet": lambda: in_half(u_net("bilinear", False, opset=13), everything),
    "half-mixer": lambda: in_half(Network(Mixer(), size=(2, 3, 48, 48), opset=17), everything),
}

"""Narrow networks on small pictures, of many families, exporters' settings and opsets."""

from . import activations, families, half, layers, segmentation, tensors, transformers

networks = {
    **families.networks,
    **transformers.networks,
    **segmentation.networks,
    **activations.networks,
    **layers.networks,
    **tensors.networks,
    **half.networks,
}

"""An exponential moving average of a network's state: a smoother end point than the last step."""

import copy

import torch


class Average:
    def __init__(self, net, decay):
        self.net = copy.deepcopy(net).eval()
        self.decay = decay
        self.steps = 0

    def update(self, net):
        self.steps += 1
        # Short at first, so that the random start is forgotten.
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            for mine, theirs in zip(self.net.state_dict().values(), net.state_dict().values()):
                if mine.is_floating_point():
                    mine.lerp_(theirs, 1 - decay)
                else:
                    mine.copy_(theirs)

"""The log of the summed weights of label sequences, with its gradient.

Written out by hand because PyTorch's own gradient of a loop over the places of
a sentence costs more than all the rest of the network.
"""

import torch

SMALLEST = 1e-37


class LogSum(torch.autograd.Function):
    """Sums, over the sentences, `sign` times the log of the summed weights of
    all label sequences. `first` and `steps` hold the scores of the first label
    and of one label after another, very low where it may not stand."""

    @staticmethod
    def forward(ctx, emissions, first, steps, mask, sign):
        # Place by place: [places, sentences, labels].
        emissions = emissions.transpose(0, 1).contiguous()
        mask = mask.T.contiguous()
        top = emissions.max(dim=2, keepdim=True).values
        weights = torch.exp(emissions - top)
        turn = torch.exp(steps)
        ahead = torch.empty_like(weights)
        scales = torch.ones_like(top)
        state = weights[0] * torch.exp(first)
        scales[0] = state.sum(1, keepdim=True).clamp_min(SMALLEST)
        state = state / scales[0]
        ahead[0] = state
        full = mask.all(dim=1).tolist()
        for at in range(1, len(weights)):
            step = (state @ turn).mul_(weights[at])
            scale = step.sum(1, keepdim=True).clamp_min_(SMALLEST)
            step /= scale
            if not full[at]:
                here = mask[at, :, None]
                step = torch.where(here, step, state)
                scale = torch.where(here, scale, 1.0)
            scales[at] = scale
            ahead[at] = state = step
        total = ((torch.log(scales) + top).squeeze(2) * mask).sum(0)
        ctx.save_for_backward(weights, ahead, scales, turn, mask, sign)
        ctx.full = full
        return (total * sign).sum()

    @staticmethod
    def backward(ctx, gradient):
        weights, ahead, scales, turn, mask, sign = ctx.saved_tensors
        back = torch.ones_like(weights[0])
        behind = torch.empty_like(weights)
        into = torch.zeros_like(weights)
        behind[-1] = back
        turned = turn.T.contiguous()
        for at in range(len(weights) - 1, 0, -1):
            entry = weights[at] * back / scales[at]
            step = entry @ turned
            if not ctx.full[at]:
                here = mask[at, :, None]
                step = torch.where(here, step, back)
                entry = entry * here
            into[at] = entry
            behind[at - 1] = back = step
        sign = sign * gradient
        chances = ahead * behind * (mask * sign)[:, :, None]
        labels = weights.shape[2]
        left = (ahead[:-1] * sign[None, :, None]).reshape(-1, labels)
        pairs = (left.T @ into[1:].reshape(-1, labels)) * turn
        return chances.transpose(0, 1), chances[0].sum(0), pairs, None, None

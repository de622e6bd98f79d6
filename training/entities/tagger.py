"""The network: what src/entities/recognizer runs, in PyTorch."""

import torch
from torch import nn

LETTERS, SHAPES, PREFIXES, GROUPS = 96, 16, 16, 1 << 15
LETTER_WIDTH, FILTERS, GROUP_WIDTH, SMALL = 24, 48, 64, 8


class Tagger(nn.Module):
    def __init__(self, vectors: torch.Tensor, labels: int, hidden: int, dropout: float):
        super().__init__()
        # Row 0 is the unknown word.
        table = torch.cat([torch.zeros(1, vectors.shape[1]), vectors])
        self.register_buffer("vectors", table)
        self.groups = nn.EmbeddingBag(GROUPS, GROUP_WIDTH, mode="mean", include_last_offset=True)
        self.letters = nn.Embedding(LETTERS, LETTER_WIDTH, padding_idx=0)
        self.filters = nn.Conv1d(LETTER_WIDTH, FILTERS, 3, padding=1)
        self.prefixes = nn.Embedding(PREFIXES, SMALL)
        self.shapes = nn.Embedding(SHAPES, SMALL)
        width = vectors.shape[1] + GROUP_WIDTH + FILTERS + 2 * SMALL
        self.forward_lstm = nn.LSTM(width, hidden, batch_first=True)
        self.backward_lstm = nn.LSTM(width, hidden, batch_first=True)
        for lstm in (self.forward_lstm, self.backward_lstm):
            nn.init.zeros_(lstm.bias_ih_l0)
            nn.init.zeros_(lstm.bias_hh_l0)
            lstm.bias_ih_l0.data[hidden : 2 * hidden] = 1.0
            nn.init.orthogonal_(lstm.weight_hh_l0)
        self.output = nn.Linear(2 * hidden, labels)
        # What the same word's other places in the article say.
        self.memory = nn.Linear(2 * hidden, labels, bias=False)
        nn.init.zeros_(self.memory.weight)
        # What training adds to the vectors of the words it meets.
        self.tuned = nn.Embedding(len(table), vectors.shape[1], sparse=True)
        nn.init.zeros_(self.tuned.weight)
        self.transitions = nn.Parameter(torch.zeros(labels, labels))
        self.begin = nn.Parameter(torch.zeros(labels))
        self.register_buffer("impossible", torch.zeros(labels, labels))
        self.register_buffer("impossible_begin", torch.zeros(labels))
        self.dropout = dropout

    def forbid(self, names: list[str]) -> None:
        """Rules out label sequences that are no BIOES."""
        for before, first in enumerate(names):
            for after, second in enumerate(names):
                inside = first[0] in "BI"
                goes_on = second[0] in "IE"
                if inside != goes_on or (inside and first[1:] != second[1:]):
                    self.impossible[before, after] = -1e4
            if first[0] in "IE":
                self.impossible_begin[before] = -1e4

    def steps(self) -> torch.Tensor:
        return self.transitions + self.impossible

    def first(self) -> torch.Tensor:
        return self.begin + self.impossible_begin

    def words(self, rows: dict) -> torch.Tensor:
        """One vector for each distinct word of a batch."""
        letters = self.letters(rows["letters"]).transpose(1, 2)
        filtered = self.filters(letters)
        # A word's padding takes no part, whatever the longest word of the batch.
        filtered = filtered.masked_fill((rows["letters"] == 0).unsqueeze(1), -1e9)
        filtered = torch.relu(filtered.max(dim=2).values)
        grouped = self.groups(rows["groups"], rows["group_offsets"])
        return torch.cat(
            [
                self.vectors[rows["rest"]] + self.tuned(rows["rest"]) * (rows["rest"] > 0)[:, None],
                grouped,
                filtered,
                self.prefixes(rows["prefix"]),
                self.shapes(rows["shape"]),
            ],
            dim=1,
        )

    def hidden(self, words: torch.Tensor, part: dict) -> torch.Tensor:
        """What the LSTMs say of the tokens of sentences of like length, one row a token."""
        inputs = spatial_dropout(words[part["tokens"]], self.dropout, self.training)
        forward, _ = self.forward_lstm(inputs)
        turned = part["turned"][:, :, None]
        backward, _ = self.backward_lstm(inputs.gather(1, turned.expand(-1, -1, inputs.shape[2])))
        backward = backward.gather(1, turned.expand(-1, -1, backward.shape[2]))
        hidden = spatial_dropout(torch.cat([forward, backward], dim=2), self.dropout, self.training)
        return hidden[part["mask"]]

    def emissions(self, batch: dict) -> list[torch.Tensor]:
        """The scores of the tokens of each part of a batch of whole articles."""
        words = self.words(batch["rows"])
        hidden = torch.cat([self.hidden(words, part) for part in batch["parts"]])
        # The mean over the places of the same word in the same article, this one left out.
        places, count = batch["places"], batch["count"]
        sums = torch.zeros(len(count), hidden.shape[1]).index_add(0, places, hidden)
        others = (count[places] - 1)[:, None]
        remembered = (sums[places] - hidden) / others.clamp_min(1) * (others > 0)
        flat = self.output(hidden) + self.memory(remembered)
        result, begin = [], 0
        for part in batch["parts"]:
            size = int(part["mask"].sum())
            padded = torch.zeros(*part["mask"].shape, flat.shape[1])
            result.append(padded.masked_scatter(part["mask"][:, :, None], flat[begin : begin + size]))
            begin += size
        return result

    def log_sum(self, emissions: torch.Tensor, mask: torch.Tensor, allowed: torch.Tensor | None) -> torch.Tensor:
        """The log of the summed weights of all (allowed) label sequences."""
        if allowed is not None:
            emissions = emissions.masked_fill(~allowed, -1e4)
        alpha, steps = self.first() + emissions[:, 0], self.steps()
        for at in range(1, emissions.shape[1]):
            step = torch.logsumexp(alpha[:, :, None] + steps[None], dim=1) + emissions[:, at]
            alpha = torch.where(mask[:, at, None], step, alpha)
        return torch.logsumexp(alpha, dim=1)

    def loss(self, batch: dict) -> torch.Tensor:
        total, tokens = 0.0, 0
        for part, emissions in zip(batch["parts"], self.emissions(batch)):
            mask = part["mask"]
            total = total + (self.log_sum(emissions, mask, None) - self.log_sum(emissions, mask, part["allowed"])).sum()
            tokens += mask.sum()
        return total / tokens

    @torch.no_grad()
    def decode(self, emissions: torch.Tensor, mask: torch.Tensor) -> list[list[int]]:
        score, steps = self.first() + emissions[:, 0], self.steps()
        back = []
        for at in range(1, emissions.shape[1]):
            best, where = (score[:, :, None] + steps[None]).max(dim=1)
            score = torch.where(mask[:, at, None], best + emissions[:, at], score)
            back.append(where)
        paths = []
        lengths = mask.sum(1).tolist()
        for row, length in enumerate(lengths):
            label = int(score[row].argmax())
            path = [label]
            for at in range(length - 2, -1, -1):
                label = int(back[at][row, label])
                path.append(label)
            paths.append(path[::-1])
        return paths


def spatial_dropout(x: torch.Tensor, p: float, training: bool) -> torch.Tensor:
    """Drops the same units at all places of a sentence."""
    if not training or p == 0:
        return x
    keep = torch.rand(x.shape[0], 1, x.shape[2]) >= p
    return x * keep / (1 - p)

"""The network: what src/entities/recognizer runs, in PyTorch."""

import torch
from torch import nn

from crf import LogSum

LETTERS, SHAPES, PREFIXES, GROUPS = 96, 16, 16, 1 << 15
LETTER_WIDTH, FILTERS, GROUP_WIDTH, SMALL, NOTE_WIDTH = 24, 48, 64, 8, 32
# What the lexicon may say: see NOTE_BITS in features.rs.
NOTES = 60
DIALECTS = ["anercorp", "aqmar"]


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
        self.notes = nn.Linear(NOTES, NOTE_WIDTH, bias=False)
        width = vectors.shape[1] + GROUP_WIDTH + FILTERS + 2 * SMALL + NOTE_WIDTH
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
        # How the older corpora's annotation departs from the guide's; used in training only.
        self.dialects = nn.ModuleList(nn.Linear(2 * hidden, labels) for _ in DIALECTS)
        for dialect in self.dialects:
            nn.init.zeros_(dialect.weight)
            nn.init.zeros_(dialect.bias)
        # What training adds to the vectors of the words it meets.
        self.tuned = nn.Embedding(len(table), vectors.shape[1], sparse=True)
        nn.init.zeros_(self.tuned.weight)
        self.transitions = nn.Parameter(torch.zeros(labels, labels))
        self.begin = nn.Parameter(torch.zeros(labels))
        self.register_buffer("impossible", torch.zeros(labels, labels))
        self.register_buffer("impossible_begin", torch.zeros(labels))
        self.dropout = dropout
        # Whether to read in half floats outside of training too.
        self.halves = False

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

    def readers(self) -> dict:
        """The weights through which letters, prefixes and shapes are read."""
        names = ("letters.", "filters.", "prefixes.", "shapes.")
        return {name: value for name, value in self.state_dict().items() if name.startswith(names)}

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

    def hidden(self, words: torch.Tensor, notes: torch.Tensor, part: dict) -> torch.Tensor:
        """What the LSTMs say of the tokens of sentences of like length, one row a token."""
        inputs = torch.cat([words[part["tokens"]], notes[part["notes"]]], dim=2)
        inputs = spatial_dropout(inputs, self.dropout, self.training)
        turned = part["turned"][:, :, None]
        # Half the width is twice the speed, and close enough to learn by.
        with torch.autocast("cpu", torch.bfloat16, enabled=self.training or self.halves):
            forward, _ = self.forward_lstm(inputs)
            backward, _ = self.backward_lstm(inputs.gather(1, turned.expand(-1, -1, inputs.shape[2])))
        backward = backward.gather(1, turned.expand(-1, -1, backward.shape[2]))
        hidden = torch.cat([forward, backward], dim=2).float()
        hidden = spatial_dropout(hidden, self.dropout, self.training)
        return hidden[part["mask"]]

    def emissions(self, batch: dict) -> list[torch.Tensor]:
        """The scores of the tokens of each part of a batch of whole articles."""
        words = self.words(batch["rows"])
        notes = self.notes(batch["notes"])
        hidden = torch.cat([self.hidden(words, notes, part) for part in batch["parts"]])
        # The mean over the places of the same word in the same article, this one left out.
        places, count = batch["places"], batch["count"]
        sums = torch.zeros(len(count), hidden.shape[1]).index_add(0, places, hidden)
        others = (count[places] - 1)[:, None]
        remembered = (sums[places] - hidden) / others.clamp_min(1) * (others > 0)
        flat = self.output(hidden) + self.memory(remembered)
        if self.training:
            spoken = torch.cat([part["dialect"][:, None].expand_as(part["mask"])[part["mask"]] for part in batch["parts"]])
            for number, dialect in enumerate(self.dialects):
                there = (spoken == number).nonzero()[:, 0]
                flat = flat.index_add(0, there, dialect(hidden[there]))
        result, begin = [], 0
        for part in batch["parts"]:
            size = int(part["mask"].sum())
            padded = torch.zeros(*part["mask"].shape, flat.shape[1])
            result.append(padded.masked_scatter(part["mask"][:, :, None], flat[begin : begin + size]))
            begin += size
        return result

    def loss(self, batch: dict) -> torch.Tensor:
        """How unlikely the allowed label sequences are, a token."""
        total, tokens = 0.0, 0
        for part, emissions in zip(batch["parts"], self.emissions(batch)):
            mask, count = part["mask"], len(emissions)
            both = torch.cat([emissions, emissions.masked_fill(~part["allowed"], -1e4)])
            sign = torch.cat([torch.ones(count), -torch.ones(count)])
            if "weight" in part:
                sign = sign * part["weight"].repeat(2)
            total = total + LogSum.apply(both, self.first(), self.steps(), mask.repeat(2, 1), sign)
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

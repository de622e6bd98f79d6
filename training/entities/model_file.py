"""The model file that src/entities/recognizer/model.rs reads: writes and reads it."""

import pathlib
import struct

import numpy
import torch

import data
from tagger import Tagger

MAGIC = b"KHABNER3"
MASK = (1 << 64) - 1
# Tables of vectors with eight bits a number, and how many of their first rows are left out.
TABLES = [("vectors", 1), ("groups.weight", 0)]
# Weights as half floats, and in which order of their dimensions: a filter's
# weights letter by letter, as the windows lie; one vector a note.
HALVES = [
    ("letters.weight", None),
    ("filters.weight", (0, 2, 1)),
    ("filters.bias", None),
    ("prefixes.weight", None),
    ("shapes.weight", None),
    ("notes.weight", (1, 0)),
    ("forward_lstm.weight_ih_l0", None),
    ("forward_lstm.weight_hh_l0", None),
    ("forward_lstm.bias_ih_l0", None),
    ("backward_lstm.weight_ih_l0", None),
    ("backward_lstm.weight_hh_l0", None),
    ("backward_lstm.bias_ih_l0", None),
    ("output.weight", None),
    ("output.bias", None),
    ("memory.weight", None),
    ("transitions", None),
    ("begin", None),
]


def word_hash(word: str) -> int:
    """As in src/entities/recognizer/word.rs."""
    value = 0xCBF29CE484222325
    for byte in word.encode():
        value = ((value ^ byte) * 0x100000001B3) & MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def commonness(count: int) -> int:
    return int(min(255, max(1, numpy.round(8 * numpy.log(max(1, count))))))


def eight_bits(table: torch.Tensor) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Scales (half floats) and numbers of a table of vectors."""
    table = table.numpy()
    scales = (numpy.maximum(numpy.abs(table).max(1), 1e-6) / 127).astype(numpy.float16)
    numbers = numpy.clip(numpy.round(table / scales.astype(numpy.float32)[:, None]), -127, 127).astype(numpy.int8)
    return scales, numbers


def merged(state: dict) -> dict:
    """The weights with what is one when the network runs written as one."""
    state = {name: value.clone() for name, value in state.items()}
    state["vectors"] += state["tuned.weight"]
    state["vectors"][0] = 0
    state["tuned.weight"].zero_()
    for direction in ("forward_lstm", "backward_lstm"):
        state[f"{direction}.bias_ih_l0"] += state[f"{direction}.bias_hh_l0"]
        state[f"{direction}.bias_hh_l0"].zero_()
    return state


def write(path: pathlib.Path, words: list[tuple[str, int]], state: dict, calibration: tuple[float, float]) -> None:
    state = merged(state)
    vectors, groups = state["vectors"][1:], state["groups.weight"]
    hidden = state["forward_lstm.weight_hh_l0"].shape[1]
    file = bytearray(MAGIC)
    file += struct.pack("<5I", len(words), len(vectors), vectors.shape[1], groups.shape[1], hidden)
    file += struct.pack(f"<{len(words)}Q", *(word_hash(word) for word, _ in words))
    file += bytes(commonness(count) for _, count in words)
    for name, skip in TABLES:
        scales, numbers = eight_bits(state[name][skip:])
        file += scales.tobytes() + numbers.tobytes()
    for name, order in HALVES:
        rounded = state[name].to(torch.float16)
        file += (rounded.permute(order) if order else rounded).contiguous().numpy().tobytes()
    file += struct.pack("<2f", *calibration)
    path.write_bytes(file)


def read(path: pathlib.Path) -> Tagger:
    """The network with the rounded weights of a model file."""
    file = path.read_bytes()
    if not file.startswith(MAGIC):
        raise SystemExit(f"{path} is no model file of this version")
    words, known, width, group_width, hidden = struct.unpack_from("<5I", file, len(MAGIC))
    at = len(MAGIC) + 20 + 9 * words
    model = Tagger(torch.zeros(known, width), len(data.LABELS), hidden, 0.0)
    model.forbid(data.LABELS)
    state = model.state_dict()

    def take(kind: type, count: int) -> numpy.ndarray:
        nonlocal at
        numbers = numpy.frombuffer(file, dtype=kind, count=count, offset=at)
        at += numbers.nbytes
        return numbers.astype(numpy.float32)

    for name, skip in TABLES:
        rows, width = state[name][skip:].shape
        scales = take(numpy.float16, rows)
        state[name][skip:] = torch.from_numpy(take(numpy.int8, rows * width).reshape(rows, width) * scales[:, None])
    for name, order in HALVES:
        shape = state[name].permute(order).shape if order else state[name].shape
        numbers = torch.from_numpy(take(numpy.float16, state[name].numel()).reshape(shape))
        # Each of the orders is its own inverse.
        state[name].copy_(numbers.permute(order) if order else numbers)
    for direction in ("forward_lstm", "backward_lstm"):
        state[f"{direction}.bias_hh_l0"].zero_()
    model.load_state_dict(state)
    model.eval()
    return model

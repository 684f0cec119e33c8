"""The training steps of `npm run bench -- engine` in PyTorch: the same models, batch sizes, optimizer and threads.

    VENV/bin/pip install torch==2.15.0 && VENV/bin/python training_steps.py mlp|attention|cnn|cnn3d|cnn3dPools SECONDS

Prints JSON: milliseconds a step, the last loss, versions.
"""

import json
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(2)
torch.manual_seed(1)


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.feed = nn.Sequential(nn.Linear(width, 4 * width), nn.ReLU(), nn.Linear(4 * width, width))

    def forward(self, q, kv):
        h = self.norm1(q + self.attention(q, kv, kv, need_weights=False)[0])
        return self.norm2(h + self.feed(h))


class CrossAttention(nn.Module):
    def __init__(self, width=64, heads=4, inputs=3, layers=2):
        super().__init__()
        self.layers = nn.ModuleList(nn.ModuleList(Block(width, heads) for _ in range(inputs)) for _ in range(layers))
        self.head = nn.Linear(inputs * width, 2)

    def forward(self, xs):
        xs = list(xs.unbind(1))
        for layer in self.layers:
            xs = [layer[i](x, torch.cat([o for j, o in enumerate(xs) if j != i], 1)) for i, x in enumerate(xs)]
        return self.head(torch.cat([x.mean(1) for x in xs], 1))


class Cnn(nn.Module):
    def __init__(self, channels=32):
        super().__init__()
        self.conv1 = nn.Conv2d(1, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv3 = nn.Conv2d(channels, 2 * channels, 3, padding=1)
        self.norm1, self.norm2 = nn.GroupNorm(8, channels), nn.GroupNorm(8, 2 * channels)
        self.head = nn.Linear(2 * channels, 2)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.norm1(self.conv2(x))), 2)
        x = F.relu(self.norm2(self.conv3(x)))
        return self.head(x.mean((2, 3)))


class Cnn3d(nn.Module):
    def __init__(self, pools=False):
        super().__init__()
        stride = 1 if pools else 2
        self.down = (lambda x: F.max_pool3d(x, 2)) if pools else (lambda x: x)
        self.conv1 = nn.Conv3d(1, 16, 3, padding=1, stride=stride)
        self.conv2 = nn.Conv3d(16, 32, 3, padding=1, stride=stride)
        self.conv3 = nn.Conv3d(32, 64, 3, padding=1, stride=stride)
        self.norm1, self.norm2 = nn.GroupNorm(8, 32), nn.GroupNorm(8, 64)
        self.head = nn.Linear(64, 2)

    def forward(self, x):
        x = self.down(F.relu(self.conv1(x)))
        x = self.down(F.relu(self.norm1(self.conv2(x))))
        x = F.relu(self.norm2(self.conv3(x)))
        return self.head(x.mean((2, 3, 4)))


def mlp():
    return nn.Sequential(nn.Linear(1000, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))


TASKS = {
    "mlp": (mlp, (64, 1000), 10),
    "attention": (CrossAttention, (32, 3, 16, 64), 2),
    "cnn": (Cnn, (16, 1, 64, 64), 2),
    "cnn3d": (Cnn3d, (4, 1, 32, 32, 32), 2),
    "cnn3dPools": (lambda: Cnn3d(pools=True), (4, 1, 32, 32, 32), 2),
}

name, seconds = sys.argv[1], float(sys.argv[2])
make, shape, classes = TASKS[name]
model = make()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
x = torch.rand(shape) - 0.5
y = torch.arange(shape[0]) % classes


def step():
    optimizer.zero_grad(set_to_none=True)
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


for _ in range(10):
    step()
times = []
started = time.perf_counter()
while time.perf_counter() - started < seconds:
    before = time.perf_counter()
    loss = step()
    times.append(time.perf_counter() - before)
print(
    json.dumps(
        {
            "millisecondsPerStep": 1e3 * sorted(times)[len(times) // 2],
            "steps": len(times),
            "loss": loss,
            "parameters": sum(p.numel() for p in model.parameters()),
            "version": torch.__version__,
        }
    )
)

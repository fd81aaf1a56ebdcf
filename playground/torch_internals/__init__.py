"""All private names of PyTorch that this project uses, and what happens where they are missing.

| module | private | held in | without it |
|---|---|---|---|
| `kernels` | operators, steps of optimisers | PyTorch 2.14 | public operators: slower |
| `recorder` | `TorchDispatchMode` | PyTorch 2.14 | no import: nothing is traced, or by `make_fx` |
| `onnx_registry` | `ONNXRegistry.from_torchlib` | PyTorch 2.6 to 2.14 | exports take longer |

The numbers of versions say where the names have been seen. None is relied on: each is tried, or
looked for, before it is used.
"""

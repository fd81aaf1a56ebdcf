"""What leaves: code, weights, ONNX, reports, pages that need no server."""

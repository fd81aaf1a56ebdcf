"""Performance of training on images: threads, precision, cost and throughput."""

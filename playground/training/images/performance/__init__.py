"""How fast training on images can go: threads, precision, throughput."""

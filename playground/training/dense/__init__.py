"""The trainer of dense networks on gates, points and tables."""

"""The settings of whoever runs a server."""

"""What frames every page: transport, notices, connection, notebook support."""

"""What surrounds the cards of every page: transport, notices, connection, notebook support."""

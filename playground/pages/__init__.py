"""What people use: pages that compose controls and views."""

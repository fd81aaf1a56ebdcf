"""What people see of a network that reads: functions from a frame or a sight to a LiveView."""

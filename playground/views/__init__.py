"""What people see: one module a view, each from a Frame to HoloViews elements."""

"""Views: functions from a Frame and a theme to HoloViews elements, one module a view."""

"""From a view that HoloViews has rendered once to the figures of many browser pages."""

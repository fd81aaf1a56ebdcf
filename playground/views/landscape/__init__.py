"""Views of loss landscapes."""

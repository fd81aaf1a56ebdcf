"""The pages: controls and views, composed with Panel."""

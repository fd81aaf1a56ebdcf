"""Controls that the cards are made of: fields, buttons, file upload, notes, tabs."""

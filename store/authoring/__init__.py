"""What authors need besides the reader: plans from Markdown, schemas for editors, links."""

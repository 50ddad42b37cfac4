"""Finding a document or a client by a few letters."""

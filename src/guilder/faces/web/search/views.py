"""Search: the palette's suggestions and the whole list."""

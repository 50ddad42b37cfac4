"""The overview: four figures, what to do next, what happened."""

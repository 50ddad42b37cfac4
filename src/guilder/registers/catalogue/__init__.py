"""What is sold or bought: items with their units, tax and dated prices per currency and list."""

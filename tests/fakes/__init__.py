"""Payment services of our own making: each written from the service's public reference, to test
our side of the conversation. They keep what the reference says a service keeps, and no more."""

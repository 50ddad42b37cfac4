"""The doors: web pages, REST, the command line. One call of the house for each request."""

"""Live pages: what happens is told to open pages, with ids only; they fetch what they show again.

One thread of each web process listens to the database and reads what happened (`hub`); `topics`
says what an event is about and who may hear of it; `doors` admits streams and looks after them;
`stream` is the ASGI application at /live/.
"""

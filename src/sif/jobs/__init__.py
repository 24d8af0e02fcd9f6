"""Work that takes longer than a request: asked for in a page, done in pieces by a worker, followed and cancelled."""

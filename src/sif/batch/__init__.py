"""Loading by lots: templates, previews, corrections in place, and the whole file posted or nothing."""

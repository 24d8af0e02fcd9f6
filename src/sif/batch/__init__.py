"""Load files in lots: templates, previews, corrections in place, all-or-nothing posting."""

"""The portal's own pages, a module for each kind of reader."""

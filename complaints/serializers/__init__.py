"""The shapes of what complaints are given and of what they show, the same for programs and for pages."""

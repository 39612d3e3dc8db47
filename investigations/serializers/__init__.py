"""The shapes of what requests are given and of what they show, the same for programs and for pages."""

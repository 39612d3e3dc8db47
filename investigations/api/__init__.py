"""Requests for an uploader's identity, for programs."""

"""Installs the peers into the bench's own folder and says which there are."""

from bench.peers import install

print(" ".join(install()) or "none")

"""The benchmarks: figures as ratios to a limit and to peers that were measured in the same run."""

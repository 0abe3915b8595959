"""What is measured, against what: ``python -m benchmarks`` (see docs/measurements.md)."""

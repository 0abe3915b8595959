"""The law as data: rule packs, the evaluator, clocks and the explanation of a result."""

"""Prevention: activities and materials, teams and training, plans and inspections, budgets.

``totals.PreventionTotals`` is what reports ask; its answer keeps *at least* and names what is
behind each figure.
"""

"""How figures come from facts: periods and working days, what happened, the indicators, and what may be shown."""

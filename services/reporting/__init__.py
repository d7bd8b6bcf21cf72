"""Figures: indicators of any partnership for any period, with their components."""

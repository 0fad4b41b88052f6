"""Layouts (网格化布局): which towns belong to which lead hospital: proposed, simulated, ranked, compared."""

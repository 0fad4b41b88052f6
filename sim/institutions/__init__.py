"""Institutions: facilities, family-doctor teams, groups and the fund, who decide month by month."""

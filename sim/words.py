"""The model's code words: what the numbers in coded columns and axes mean, in one place."""

from typing import Literal, get_args

Tier = Literal["village", "clinic", "township", "county", "municipal", "provincial"]
Grade = Literal["none", "grade_1", "grade_2", "grade_3_municipal", "grade_3_provincial"]
Place = Literal["in_county", "in_city", "in_province", "outside"]
Option = Literal["village", "clinic", "township", "county", "private", "rehabilitation", "municipal", "provincial", "none"]
Nest = Literal["township", "village", "clinic", "county", "tertiary"]
Urgency = Literal["routine", "chronic", "urgent", "elective", "emergent"]

SEXES = ("male", "female")
LIVES = ("here", "elsewhere")
SCHEMES = ("here_residents", "here_employees", "elsewhere")
CONTRACTS = ("none", "free", "paid")
GRADES: tuple[Grade, ...] = get_args(Grade)
PLACES: tuple[Place, ...] = get_args(Place)
TIERS: tuple[Tier, ...] = get_args(Tier)
APPEALS: tuple[Option, ...] = get_args(Option)
NESTS: tuple[Nest, ...] = get_args(Nest)
URGENCIES: tuple[Urgency, ...] = get_args(Urgency)
SETTINGS = ("visit", "stay")
VISIT, STAY = range(len(SETTINGS))
SEGMENTS = ("minor_visit", "serious_visit", "common_stay", "serious_stay")
NEED_AGES = ((0, 4), (5, 14), (15, 44), (45, 64), (65, 119))
WOMEN_ONLY = ("gynaecology", "obstetrics")
PAYERS = ("residents_fund", "employees_fund", "elsewhere_fund", "critical_illness", "medical_relief", "waiver", "patient")
KEY_AGES = (7, 65)
ADULT = 15
"""First age at which somebody may be in the employees' scheme."""
OWN_TOWNSHIP = 0
"""Slot of the options of a village that holds the centre of its town, the nearest where there are several."""
INSURED = [lives * len(SCHEMES) + SCHEMES.index("here_residents") for lives in range(len(LIVES))]
"""Rows of the counts by who (lives x schemes): people in the residents' scheme, living here or not."""

"""Care: clinics by the minute and wards by the day, from the morning's cases to the evening's bills."""

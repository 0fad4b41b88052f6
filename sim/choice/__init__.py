"""Choice: what each facility is worth to each kind of patient, where he goes, and where he is sent on."""

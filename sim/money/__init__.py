"""Money: what care costs whom under the schedule, who pays it, and who paid whom."""

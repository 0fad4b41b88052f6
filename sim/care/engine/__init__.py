"""Engine: lines, heap and hours; patients pass through stations in the order of time."""

"""From the labelled corpus to a model folder, and the measures of how good it is."""

"""What training and prediction share, so that they cannot differ: from bytes to scores."""

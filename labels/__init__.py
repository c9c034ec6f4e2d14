"""What labels mean and where they live: the scheme, the corpus, the exchange of labels."""

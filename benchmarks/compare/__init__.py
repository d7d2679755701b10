"""`make compare`: what the reader wrote, beside PyTorch's own on random numbers."""

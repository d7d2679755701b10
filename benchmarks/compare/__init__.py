"""`make compare`: what the reader wrote in lessons 1 to 6, beside PyTorch's own on random numbers."""

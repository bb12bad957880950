"""Real OKRs that teams have published, read through mappings alone."""

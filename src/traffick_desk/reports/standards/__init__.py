"""Standard exports: HTCDS 2.0, the draft bridge to IC-TIP, a k-anonymous research file."""

"""What every chat platform keeps: one suite, one desk for each of them."""

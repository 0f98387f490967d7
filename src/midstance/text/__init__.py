"""Write every sentence a person reads, besides those of coaching/rules/ and cli/."""

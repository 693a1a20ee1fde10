enum { HOUSE };

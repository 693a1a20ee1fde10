enum { VIEW_EMPTY };

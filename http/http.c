enum { HTTP_EMPTY };

enum { DB_EMPTY };

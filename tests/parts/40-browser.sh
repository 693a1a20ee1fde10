# A real browser: the kit, the story, the departments' own pages.
exec node tests/browser/run.mjs '' pages:

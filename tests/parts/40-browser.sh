# A real browser: the kit, every page of every role, the story, the departments' own pages.
exec node tests/browser/run.mjs

# A real browser: the kit and the story of a repair in both languages, at desk and phone.
exec node tests/browser/run.mjs kit story

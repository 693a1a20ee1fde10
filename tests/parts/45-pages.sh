# The departments' own stories in a browser, and every page a role can reach: dead links, both languages, light and dark, desk and phone, accessibility.
exec node tests/browser/run.mjs -x kit -x story

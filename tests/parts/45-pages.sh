# Everything in the browser: the departments' own stories, every page of every role in both languages, light and dark, desk and phone, through the accessibility checker. Takes long.
# named
exec node tests/browser/run.mjs

// node tests/browser/run.mjs [part of a test's name [start of the names to leave out]]: runs every *.test.mjs here; ends with "N passed, N failed" and status 1 when one failed.
import { readdirSync } from 'node:fs'
import { run } from './lib.mjs'

const here = new URL('.', import.meta.url)
for (const name of readdirSync(here).filter(n => n.endsWith('.test.mjs')).sort()) await import(new URL(name, here))
process.exit(await run(process.argv[2], process.argv[3]) ? 1 : 0)

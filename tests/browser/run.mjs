// node tests/browser/run.mjs [-t PART] [-x FILE]… [FILE…]: runs the named *.test.mjs here (admin clock …), or all but those of -x; -t: only tests with PART in their name.
// Ends with "N passed, N failed" and status 1 when one failed.
import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { file, run } from './lib.mjs'

const here = new URL('.', import.meta.url), end = '.test.mjs'
const { values, positionals } = parseArgs({ options: { test: { type: 'string', short: 't' }, except: { type: 'string', short: 'x', multiple: true, default: [] } }, allowPositionals: true })
const all = readdirSync(here).filter(n => n.endsWith(end)).map(n => n.slice(0, -end.length)).sort()
const strange = [...positionals, ...values.except].filter(n => !all.includes(n))
if (strange.length) {
	console.error(`no such file: ${strange.join(' ')}; there are ${all.join(' ')}`)
	process.exit(2)
}
for (const name of positionals.length ? positionals : all.filter(n => !values.except.includes(n))) {
	file(name)
	await import(new URL(name + end, here))
}
process.exit(await run(values.test) ? 1 : 0)

// The published description held against the standard, and answers held against the description, both by others' validators.
//   node contract.mjs DESCRIPTION ANSWERS     ANSWERS: a line of JSON each: {operation, status, type, body}
import fs from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import Ajv from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

const [description, answers] = process.argv.slice(2)
const api = JSON.parse(fs.readFileSync(description, 'utf8'))
let passed = 0, failed = 0

function check(good, what) {
	if (good) passed++
	else if (++failed <= 60) console.log('FAILED', what)
}

// A description may grow; an answer holds nothing it does not tell of.
function close(schema) {
	if (schema === null || typeof schema !== 'object') return
	if (schema.type === 'object' && schema.properties) schema.additionalProperties ??= false
	for (const inner of Object.values(schema)) close(inner)
}

const verdict = await new Validator().validate(structuredClone(api))
check(verdict.valid && api.openapi.startsWith('3.1'), `OpenAPI: ${JSON.stringify(verdict.errors)?.slice(0, 2000)}`)

close(api.components.schemas)
const ajv = new Ajv({ allErrors: false, strict: true, allowUnionTypes: true, validateSchema: true })
formats(ajv)
// A description is no schema itself: what answers refer to is taken out of it.
ajv.addVocabulary(['components'])
ajv.addSchema({ $id: 'api:description', components: { schemas: api.components.schemas } }, 'api:description')
const made = new Map()
const pointer = key => key.replaceAll('~', '~0').replaceAll('/', '~1')

function validator(content) {
	const ref = content.schema.$ref
	if (!made.has(ref)) made.set(ref, ajv.compile({ $ref: 'api:description' + ref.split('/').map(pointer).join('/').replaceAll('~1', '/') }))
	return made.get(ref)
}

function resolve(o) {
	return o.$ref ? o.$ref.split('/').slice(1).reduce((at, k) => at[k], api) : o
}

const operations = new Map(Object.entries(api.paths).flatMap(([path, methods]) => Object.entries(methods).map(([m, o]) => [`${m} ${path}`, o])))
for (const line of fs.readFileSync(answers, 'utf8').split('\n').filter(Boolean)) {
	const { operation, status, type, body } = JSON.parse(line)
	const o = operations.get(operation)
	const told = o.responses[status] ?? o.responses[`${Math.trunc(status / 100)}XX`] ?? (status >= 400 ? o.responses.default : undefined)
	if (!told) {
		check(false, `${operation}: status ${status} is not declared`)
		continue
	}
	const contents = resolve(told).content
	if (!contents) {
		check(!body, `${operation}: ${status} has a body that is not declared`)
		continue
	}
	const content = contents[type] ?? contents['*/*']
	check(content, `${operation}: ${status} with ${type} is not declared`)
	if (!content?.schema?.$ref || body === undefined) continue
	const valid = validator(content)
	check(valid(body), `${operation} ${status}: ${ajv.errorsText(valid.errors).slice(0, 300)} ${JSON.stringify(valid.errors?.[0]?.params)}`)
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)

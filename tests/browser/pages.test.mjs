// Every page that a role can reach by links, in both languages, widths and themes: the checks of visit(), and no sentence of the other language.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { open, root, test, visit } from './lib.mjs'

const roles = ['admin', 'agent', 'dispatcher', 'engineer', 'storekeeper', 'station_head', 'regional_manager', 'quality', 'finance', 'customer']
const looks = [
	{ lang: 'zh', width: 1440, theme: 'light' }, { lang: 'en', width: 390, theme: 'dark' },
	{ lang: 'zh', width: 390, theme: 'light' }, { lang: 'en', width: 1440, theme: 'dark' },
]
const publicPages = ['/', '/report', '/stations', '/login', '/no-such-page']
const mostOfAKind = 1

/* The catalogue: sentences that show on the screen as they stand. */
function sentences() {
	const found = []
	for (const name of readdirSync(join(root, 'po')).filter(n => n.endsWith('.po'))) {
		const text = readFileSync(join(root, 'po', name), 'utf8')
		for (const [, id, str] of text.matchAll(/^msgid ((?:".*"\n)+)msgstr ((?:".*"\n)+)/gm)) {
			const plain = part => part.split('\n').filter(Boolean).map(line => JSON.parse(line)).join('')
			if (!/[{}\n]/.test(id)) found.push({ en: plain(id), zh: plain(str) })
		}
	}
	return found
}
const catalogue = sentences()
const telling = { zh: catalogue.map(s => s.en).filter(s => s.split(' ').length > 2), en: catalogue.map(s => s.zh).filter(s => s.length > 7) }

async function speaksOneLanguage(page, path, lang) {
	const text = await page.evaluate(() => document.body.innerText)
	const foreign = telling[lang].filter(s => text.includes(s) && !(lang === 'en' && /[A-Za-z]{4}/.test(s)))
	assert.deepEqual(foreign.slice(0, 3), [], `${path} in ${lang}: sentences of the other language`)
}

/* The kinds of pages, as the routes name them: /orders/BX2611220001 and its siblings are one. */
let templates = null
async function kinds(page) {
	templates ??= Object.keys((await page.evaluate(async () => (await fetch('/api/v1/openapi.json')).json())).paths)
		.map(path => ({ path, holes: path.split('{').length, pattern: new RegExp(`^(/admin)?${path.replace(/\{[^}]*\}/g, '[^/]+')}(/edit|/new)?$`) })).sort((a, b) => a.holes - b.holes)
	return templates
}
function kindOf(path) {
	const bare = path.split('?')[0], hit = templates.find(t => t.pattern.test(bare))
	if (hit) return hit.path + (bare.match(/\/(edit|new)$/)?.[0] ?? '')
	return bare.split('/').map(part => /\d/.test(part) || /^[\w-]{20,}$/.test(part) ? '*' : part).join('/')
}

async function links(page) {
	const found = await page.evaluate(() => [...document.querySelectorAll('a[href]')].map(a => a.href))
	return found.filter(url => url.startsWith(page.site + '/')).map(url => url.slice(page.site.length).replace(/#.*/, ''))
		.filter(path => !/^\/(assets|files|logout|live|api)\b|\/papers?\b|\/labels\b|\/files\/|\.(csv|xlsx|json)\b|lang=|format=/.test(path))
}

/* Breadth first from the role's own home. seen: kinds that need no second look. */
async function walk(options, seen) {
	const page = await open(options), queue = [new URL(page.url()).pathname, '/account'], times = new Map()
	const faults = []
	await kinds(page)
	while (queue.length) {
		const path = queue.shift(), kind = kindOf(path), n = times.get(kind) ?? 0
		if (n >= mostOfAKind) continue
		times.set(kind, n + 1)
		if (seen?.has(kind)) continue
		try {
			await visit(page, path, { shot: false })
			await speaksOneLanguage(page, path, options.lang)
			queue.push(...await links(page))
		} catch (error) {
			faults.push(`${options.as} ${page.look} ${String(error.message).slice(0, 600)}`)
		}
	}
	await page.context().close()
	assert.deepEqual(faults, [], `${faults.length} of ${times.size} pages`)
	return [...times.keys()]
}

/* The administrator sees nearly all pages: each in every look. The others in one, what they have beyond. */
const known = new Set()
for (const look of looks) {
	test(`pages: admin, ${Object.values(look).join(' ')}`, async () => {
		for (const kind of await walk({ as: 'admin', ...look })) known.add(kind)
	})
}
const own = new Set(['/orders/{no}', '/orders', '/board', '/account', '/search', '/devices/{id}'])
for (const [i, role] of roles.slice(1).entries()) {
	test(`pages: ${role}`, async () => {
		for (const kind of await walk({ as: role, ...looks[i % looks.length] }, new Set([...known].filter(k => !own.has(k))))) known.add(kind)
	})
}

test('pages: what everybody may see', async () => {
	for (const look of looks) {
		const page = await open(look)
		for (const path of publicPages) {
			await visit(page, path, { shot: false, status: path === '/no-such-page' ? 404 : 200 })
			await speaksOneLanguage(page, path, look.lang)
		}
		await page.context().close()
	}
})

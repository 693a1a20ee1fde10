// Every page a role can reach. First all its links are followed without a browser: none may be dead or forbidden.
// Then one page of each kind is opened in Chinese (light, desk) and in English (dark, phone), and both are fitted to the other width too:
// no script errors, nothing sideways, no text of the other language; accessibility where the page has something not checked yet.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { accessible, fits, noFaults, open, root, test, widths } from './lib.mjs'

const roles = ['admin', 'station_head', 'regional_manager', 'dispatcher', 'quality', 'finance', 'agent', 'storekeeper', 'engineer', 'customer', 'nobody']
const looks = [{ lang: 'zh', width: 1440, theme: 'light' }, { lang: 'en', width: 390, theme: 'dark' }]
const starts = { nobody: ['/', '/report', '/stations', '/login'] }
const mostOfAKind = 2

/* ---- links ---- */

const unescaped = text => text.replaceAll('&amp;', '&').replaceAll('&#39;', "'").replaceAll('&quot;', '"')
const linksIn = html => [...html.matchAll(/<a\b[^>]*?\shref="(\/[^"#]*)/g)].map(m => unescaped(m[1])).filter(path => !/^\/logout\b|[?&](lang|after)=/.test(path))

/* The kinds of pages, as the routes name them: /orders/BX2611220001 and its siblings are one; with other filters it is another. */
async function kindsOf(page) {
	const { paths } = await (await page.request.get(`${page.site}/api/v1/openapi.json`)).json()
	const routes = Object.keys(paths).map(path => ({ path, holes: path.split('{').length, pattern: new RegExp(`^(/admin)?${path.replace(/\{[^}]*\}/g, '[^/]+')}(/edit|/new)?$`) }))
		.sort((a, b) => a.holes - b.holes)
	return path => {
		const { pathname, searchParams } = new URL(path, page.site), route = routes.find(r => r.pattern.test(pathname))
		const name = route ? route.path + (pathname.match(/\/(edit|new)$/)?.[0] ?? '') : pathname.replace(/\/[^/]*\d[^/]*/g, '/*').replace(/\/[\w-]{20,}/g, '/*')
		return [name, ...[...searchParams.keys()].sort()].join('?')
	}
}

/* Breadth first from the role's home → the pages found, by kind. */
async function follow(page, first) {
	const kindOf = await kindsOf(page), queue = first.map(path => ({ path, from: '' })), seen = new Set(), times = new Map(), pages = new Map(), dead = []
	while (queue.length) {
		const { path, from } = queue.shift(), kind = kindOf(path), n = times.get(kind) ?? 0
		if (n >= mostOfAKind || seen.has(path)) continue
		seen.add(path)
		times.set(kind, n + 1)
		const answer = await page.request.get(page.site + path, { headers: { Accept: 'text/html' } })
		if (answer.status() >= 400) dead.push(`${answer.status()} ${path}, a link on ${from}`)
		if (!answer.headers()['content-type']?.startsWith('text/html') || answer.status() >= 400) continue
		if (!pages.has(kind.split('?')[0])) pages.set(kind.split('?')[0], path)
		queue.push(...linksIn(await answer.text()).map(link => ({ path: link, from: path })))
	}
	return { pages: [...pages.values()], dead }
}

/* ---- languages ---- */

/* The catalogue: texts that show on the screen as they stand. */
function texts() {
	const plain = part => part.split('\n').filter(Boolean).map(line => JSON.parse(line)).join('')
	return readdirSync(join(root, 'po')).filter(n => n.endsWith('.po'))
		.flatMap(n => [...readFileSync(join(root, 'po', n), 'utf8').matchAll(/^msgid ((?:".*"\n)+)msgstr ((?:".*"\n)+)/gm)])
		.map(([, id, str]) => ({ en: plain(id), zh: plain(str) })).filter(t => t.en && t.en !== t.zh && !/[{}\n]/.test(t.en))
}
const catalogue = texts()
const foreign = { zh: new Set(catalogue.map(t => t.en)), en: new Set(catalogue.map(t => t.zh)) }
const telling = { zh: [...foreign.zh].filter(s => s.split(' ').length > 2), en: [...foreign.en].filter(s => s.length > 7 && !/[A-Za-z]{4}/.test(s)) }

/* Sources of policies and the like are data; so is Chinese on an English page: names of parts and people. */
async function oneLanguage(page, path, lang) {
	const pieces = await page.evaluate(() => {
		const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
		while (walker.nextNode()) {
			const { data, parentElement: at } = walker.currentNode
			if (!at.closest('pre, code, textarea, script, style, body [lang]')) found.push({ text: data.trim(), data: !!at.closest('td, dd, option') })
		}
		return found
	})
	const shown = pieces.map(p => p.text).join('\n'), words = pieces.filter(p => lang === 'zh' && !p.data && /^[A-Z]/.test(p.text) && foreign.zh.has(p.text)).map(p => p.text)
	assert.deepEqual([...words, ...telling[lang].filter(s => shown.includes(s))].slice(0, 5), [], `${path} in ${lang}: the other language`)
}

/* ---- looking ---- */

async function look(page, path, lang) {
	page.faults.length = 0
	const answer = await page.goto(page.site + path)
	assert.ok(answer.status() < 400, `${path}: status ${answer.status()}`)
	const { width, height } = page.viewportSize()
	for (const other of [...widths.filter(w => w !== width), width]) {
		await page.setViewportSize({ width: other, height })
		await fits(page, `${path} at ${other}`)
	}
	noFaults(page, path)
	await oneLanguage(page, path, lang)
	await accessible(page, path)
}

async function everyPage(role) {
	const as = role === 'nobody' ? null : role, faults = []
	let all = null
	for (const how of looks) {
		const page = await open({ as, ...how })
		if (!all) {
			all = await follow(page, starts[role] ?? [new URL(page.url()).pathname, '/account'])
			faults.push(...all.dead)
		}
		for (const path of all.pages) {
			try {
				await look(page, path, how.lang)
			} catch (error) {
				faults.push(`${page.look} ${String(error.message).slice(0, 600)}`)
			}
		}
		await page.context().close()
	}
	assert.deepEqual(faults, [], `${faults.length} faults on ${all.pages.length} pages`)
}

for (const role of roles) test(`pages: ${role}`, () => everyPage(role), { apart: true })

test('pages: what is not there says so', async () => {
	const page = await open({ lang: 'en' })
	const answer = await page.goto(`${page.site}/no-such-page`)
	assert.equal(answer.status(), 404)
	await oneLanguage(page, '/no-such-page', 'en')
	await accessible(page, '/no-such-page')
})

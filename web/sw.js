// Behind the pages: keeps an engineer's day readable without network, and what they record until it can be sent [D3].
// Pages say what to keep and when to send (see js/unsent.js); everything else goes through untouched.
import { facts, outbox } from './js/outbox.js'

const FILES = 'files', PAGES = 'pages', PATIENCE = 6000, PATIENCE_SENDING = 20000

addEventListener('install', () => skipWaiting())
addEventListener('activate', event => event.waitUntil(clients.claim()))

const late = ms => new Promise((_, fail) => { setTimeout(fail, ms, new Error('late')) })

async function tell(news) {
	for (const client of await clients.matchAll()) client.postMessage(news)
}

/* ---- reading ---- */

async function file(request) {
	const kept = await caches.match(request, { cacheName: FILES })
	return kept ?? fetch(request)
}

/* Of a step's form all that lies ahead of the order is kept, in one page. */
const keptAs = path => path.replace(/^(\/orders\/[^/]+)\/moves\/[^/]+$/, '$1/ahead')

async function page(request) {
	const kept = await caches.match(keptAs(new URL(request.url).pathname), { cacheName: PAGES })
	try {
		return await (kept ? Promise.race([fetch(request), late(PATIENCE)]) : fetch(request))
	} catch (error) {
		if (kept) return kept
		if (request.mode !== 'navigate') throw error
		return new Response(await facts.get('nothing'), { status: 503, headers: { 'Content-Type': 'text/html; charset=utf-8' } })
	}
}

/* ---- keeping ---- */

async function keepFiles(urls) {
	const cache = await caches.open(FILES), wanted = new Set(urls)
	for (const request of await cache.keys()) if (!wanted.has(new URL(request.url).pathname + new URL(request.url).search)) await cache.delete(request)
	for (const url of urls) if (!await cache.match(url)) await cache.add(url)
}

/* paths: path → what tells one state of it from another; what is kept in this state is not asked for again. */
async function keepPages(paths) {
	const cache = await caches.open(PAGES), before = await facts.get('kept') ?? {}, now = {}
	for (const request of await cache.keys()) if (!(new URL(request.url).pathname in paths)) await cache.delete(request)
	for (const [path, state] of Object.entries(paths)) {
		if (!state || before[path] !== state || !await cache.match(path)) {
			const answer = await fetch(path, { headers: { Accept: 'text/html' }, redirect: 'error' })
			if (!answer.ok) continue
			await cache.put(path, answer)
		}
		now[path] = state
	}
	await facts.set('kept', now)
}

async function keep({ user, files, paths, nothing }) {
	await facts.set('nothing', nothing)
	await be(user)
	await keepFiles(files)
	await keepPages(paths)
}

/* Somebody else sits here now: the one before leaves nothing to read. What they have not sent waits for them. */
async function be(user) {
	if (await facts.get('user') === user) return
	await caches.delete(PAGES)
	await facts.set('kept', {})
	await facts.set('user', user)
}

/* ---- sending ---- */

const recorded = /^\/orders\/([^/]+)\/(events|messages|files)$/

async function send(request, no) {
	const copy = request.clone()
	try {
		return await Promise.race([fetch(request), late(PATIENCE_SENDING)])
	} catch {
		const type = copy.headers.get('Content-Type') ?? '', plain = type.startsWith('application/x-www-form-urlencoded')
		const body = await (plain ? copy.text() : copy.blob()), fields = new URLSearchParams(plain ? body : '')
		await outbox.add({ user: await facts.get('user'), no, url: new URL(copy.url).pathname, type, body, verb: fields.get('_verb') ?? '', event: fields.get('event') ?? '', at: Date.now() })
		registration.sync?.register('send').catch(() => { /* then when a page is opened */ })
		return Response.redirect(fields.get('back') === 'day' ? '/day' : `/orders/${no}`, 303)
	}
}

function bodyOf(item, csrf, ver) {
	if (typeof item.body !== 'string') return item.body
	const fields = new URLSearchParams(item.body)
	if (csrf) fields.set('_csrf', csrf)
	if (item.event) fields.set('device_at', new Date(item.at).toISOString())
	if (ver && fields.has('ver')) fields.set('ver', ver)
	return fields.toString()
}

const post = (item, body, csrf) => fetch(item.url, { method: 'POST', body, redirect: 'manual', headers: { Accept: 'application/json', 'Content-Type': item.type, ...(csrf ? { 'X-CSRF-Token': csrf } : {}) } })

const done = answer => answer.ok || answer.type === 'opaqueredirect'

async function verOf(item, answer) {
	const order = item.event && answer.ok ? await answer.json().catch(() => ({})) : {}
	if (order.ver) return order.ver
	const now = await fetch(`/orders/${item.no}`, { headers: { Accept: 'application/json' } })
	return now.ok ? (await now.json()).ver : undefined
}

async function one(item, csrf, ver) {
	const answer = await post(item, bodyOf(item, csrf, ver), csrf)
	if (answer.status !== 409) return answer
	// It may have got through the first time, its answer lost: then the very same request is answered as it was.
	const again = await post(item, item.body, csrf)
	return done(again) ? again : answer
}

/* In order; a step the server refuses holds back the later ones of its order. → whether all is settled */
async function sendAll(csrf) {
	const user = await facts.get('user'), ver = new Map(), stuck = new Set()
	let sent = 0
	try {
		for (const item of await outbox.of(user)) {
			if (item.refused) stuck.add(item.no)
			if (stuck.has(item.no)) continue
			const answer = await one(item, csrf, ver.get(item.no))
			if (done(answer)) {
				ver.set(item.no, await verOf(item, answer))
				await outbox.remove(item.id)
				sent++
			} else if (answer.status === 401 || answer.status === 429 || answer.status >= 500) {
				throw new Error(`${answer.status}`)
			} else {
				stuck.add(item.no)
				await outbox.put({ ...item, refused: (await answer.json().catch(() => ({}))).detail || `${answer.status}` })
			}
		}
	} finally {
		await tell({ sent, refused: stuck.size })
	}
}

/* ---- who calls ---- */

addEventListener('fetch', event => {
	const { request } = event, url = new URL(request.url)
	if (url.origin !== location.origin) return
	const told = recorded.exec(url.pathname)
	if (request.method === 'POST' && request.mode === 'navigate' && told) event.respondWith(send(request, told[1]))
	else if (request.method !== 'GET') return
	else if (url.pathname.startsWith('/assets/') && url.search.startsWith('?v=')) event.respondWith(file(request))
	else if (request.mode === 'navigate' || /^\/(day|orders\/[^/]+(\/ahead|\/moves\/[^/]+)?)$/.test(url.pathname) && !request.headers.get('Accept')?.includes('json')) event.respondWith(page(request))
})

/* What pages ask for is done one after the other, or a sign-in page's word of nobody could end after the next person's and throw out their day.
 * Of lists to keep only the last counts. */
let asked = 0, before = Promise.resolve()
function inTurn(run) {
	before = before.then(run).catch(() => { /* without network: what is kept stays */ })
	return before
}
function keepInTurn(what) {
	const mine = ++asked
	return inTurn(() => mine === asked && keep(what))
}

const flush = csrf => navigator.locks.request('send', () => sendAll(csrf))

addEventListener('sync', event => { if (event.tag === 'send') event.waitUntil(flush()) })
addEventListener('message', event => {
	const { be: user, keep: what, send: csrf } = event.data
	if (user !== undefined) event.waitUntil(inTurn(() => be(user)))
	if (what) event.waitUntil(keepInTurn(what))
	if (csrf !== undefined) event.waitUntil(flush(csrf).catch(() => { /* the next page tries again */ }))
})

// What the browser tests share: a server with the demo network on a free port, signed-in pages, and checks on every page visited.
//
//   import { test, open, visit } from './lib.mjs'
//   test('the desk registers an order', async () => {
//       const page = await open({ as: 'agent', lang: 'zh', width: 1440 })
//       await visit(page, '/desk')
//       …
//   })
//
// visit() fails the test on: status ≥ 400, script errors, refused by CSP, accessibility faults (axe: WCAG 2.1 A and AA), sideways scrolling.
// Each file has a server of its own with the same demo. The tests of a file run one after another, files and tests of their own lane beside each other.
// Pictures of what is checked go to $SHOTS, if set. $BAOXIU_URL tests a server that already runs; $BROWSER names another Chromium; $LANES how many run at once.
import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { execFile, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const shots = process.env.SHOTS
const program = process.env.BAOXIU ?? join(root, 'build/baoxiu')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const widths = [1440, 390]
export const languages = ['zh', 'en']

const files = []
/* What is tested from here on belongs to this file. */
export const file = name => files.push({ name, tests: [], server: null })
/* apart: in a lane of its own, beside the others of its file. */
export const test = (name, run, { apart = false } = {}) => files.at(-1).tests.push({ name, run, apart, file: files.at(-1), opened: [] })

/* ---- the servers ---- */

let browser = null, dir = null, demo = null
const cameras = []
const running = new AsyncLocalStorage(), servers = []
// role → { login, password }: `baoxiu demo` prints a line "role login password" for each.
export const logins = {}

function freePort() {
	return new Promise((done, fail) => {
		const probe = createServer().on('error', fail)
		probe.listen(0, '127.0.0.1', () => { const { port } = probe.address(); probe.close(() => done(port)) })
	})
}

async function answers(url, server) {
	for (let i = 0; i < 200; i++) {
		if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`)
		try {
			if ((await fetch(url)).ok) return
		} catch { /* not yet */ }
		await new Promise(done => setTimeout(done, 50))
	}
	throw new Error(`${url} does not answer`)
}

const dataOptions = data => ['--db', `sqlite:${join(data, 'demo.db')}`, '--data', data]

async function makeDemo() {
	const { stdout } = await promisify(execFile)(program, ['demo', ...dataOptions(join(dir, 'demo'))])
	for (const line of stdout.split('\n')) {
		const [role, login, password, more] = line.trim().split(/\s+/)
		if (password && !more) logins[role] ??= { login, password }
	}
}

/* Where the file of the running test is served, with a copy of the demo. */
async function startServer(name) {
	await (demo ??= makeDemo())
	if (process.env.BAOXIU_URL) return process.env.BAOXIU_URL
	const data = join(dir, name), port = await freePort(), base = `http://127.0.0.1:${port}`
	cpSync(join(dir, 'demo'), data, { recursive: true })
	const server = spawn(program, ['serve', ...dataOptions(data), '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', 'ignore', 'inherit'] })
	servers.push(server)
	await answers(`${base}/healthz`, server)
	return base
}

async function start() {
	if (shots) mkdirSync(shots, { recursive: true })
	dir = mkdtempSync(join(tmpdir(), 'baoxiu-browser-'))
	browser = await launch()
}

const launch = (...more) => chromium.launch({
	executablePath: process.env.BROWSER ?? '/usr/bin/chromium',
	args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', ...more],
})

/* A browser whose camera sees this picture: { width, height, light } of one byte a pixel. */
async function withCamera({ width, height, light }) {
	const file = join(dir, `camera-${cameras.length}.y4m`), head = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\nFRAME\n`)
	writeFileSync(file, Buffer.concat([head, light, Buffer.alloc(width * height / 2, 128)]))
	cameras.push(await launch('--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${file}`))
	return cameras.at(-1)
}

async function stop() {
	await Promise.all([browser, ...cameras].map(b => b?.close()))
	await Promise.all(servers.map(server => new Promise(done => {
		server.once('exit', done)
		if (!server.kill('SIGTERM')) done()
	})))
	rmSync(dir, { recursive: true, force: true })
}

/* ---- pages ---- */

/* A page of its own browser profile. as: a role of the demo, none = nobody. theme: light or dark. site: another server than the demo. camera: what the camera sees. */
export async function open({ as = null, lang = 'zh', width = 1440, theme = 'light', site = '', camera = null } = {}) {
	const { file, opened } = running.getStore()
	const served = site || await (file.server ??= startServer(file.name))
	const context = await (camera ? await withCamera(camera) : browser).newContext({
		viewport: { width, height: width < 600 ? 844 : 900 }, locale: lang === 'zh' ? 'zh-CN' : 'en-GB', timezoneId: 'Asia/Shanghai', colorScheme: theme,
		hasTouch: width < 600, reducedMotion: 'reduce',
	})
	context.setDefaultTimeout(90000)  // a busy machine is slow, not wrong
	await context.addCookies([{ name: 'bx_lang', value: lang, url: served }])
	const page = await context.newPage()
	page.site = served
	page.faults = []
	page.theme = theme
	page.look = `${width}-${lang}-${theme}`
	page.on('console', m => { if (m.type() === 'error' && !m.location().url.startsWith('chrome')) page.faults.push(`console: ${m.text()}`) })
	page.on('pageerror', error => page.faults.push(`script: ${error.message}`))
	await context.exposeBinding('reportRefused', (source, what) => page.faults.push(`CSP: ${what}`))
	await context.addInitScript(() => document.addEventListener('securitypolicyviolation', e => window.reportRefused(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`)))
	opened.push(context)
	if (as) await signIn(page, as)
	return page
}

export async function signIn(page, role) {
	const who = logins[role]
	assert.ok(who, `the demo has no login for ${role}`)
	await page.goto(`${page.site}/login`)
	for (let wait = 0; ; wait += 2000) {
		await page.fill('input[name=login]', who.login)
		await page.fill('input[name=password]', who.password)
		const [answer] = await Promise.all([page.waitForNavigation(), page.click('form [type=submit], form button:not([type=button])')])
		if (answer.status() !== 429) break
		await page.waitForTimeout(wait)          // many stories sign in at one server, quicker than it lets one address
	}
	await page.waitForURL(url => !url.pathname.startsWith('/login'))
}

/* Posts as the page's own forms do; → the answer's JSON. */
const post = (page, path, fields) => page.evaluate(async ([at, named]) => {
	const answer = await fetch(at, { method: 'POST', body: new URLSearchParams(named), headers: { Accept: 'application/json', 'X-CSRF-Token': document.body.dataset.csrf } })
	return answer.json()
}, [path, fields])

export const read = (page, path) => page.evaluate(async at => (await fetch(at, { headers: { Accept: 'application/json' } })).json(), path)

export async function move(page, no, event, fields = {}) {
	const { ver } = await read(page, `/orders/${no}`), now = await post(page, `/orders/${no}/events`, { event, ver, ...fields })
	assert.ok(now.state, `${event}: ${now.detail}`)
	return now
}

/* A new order on site that the demo's engineer is on the way to; its number. */
export async function jobUnderWay(admin, engineer, mark) {
	await visit(admin, '/board', { shot: false })
	await visit(engineer, '/day', { shot: false })
	const { items: [own] } = await read(engineer, '/orders?limit=1'), { station } = await read(engineer, `/orders/${own.no}`)
	const { no } = await post(admin, '/orders', { kind: 'repair', mode: 'onsite', channel: 'phone', customer_name: `测试 ${mark}`, phone: '13912340000', address: '杭州市西湖区文三路2号', serial: `TEST${mark}`, brand: 'Dell', model: 'Latitude 7420', fault: '开机黑屏' })
	await move(admin, no, 'accept')
	await move(admin, no, 'dispatch', { station })
	await move(admin, no, 'assign', { engineer: 'engineer' })
	await move(engineer, no, 'take')
	await move(engineer, no, 'depart')
	return no
}

/* Opens the path and checks the page. status: what to expect. */
export async function visit(page, path, { status = 200, shot = true } = {}) {
	page.faults.length = 0
	const answer = await page.goto(page.site + path)
	assert.equal(answer.status(), status, `${path}: status`)
	await check(page, path, { shot, expected: status >= 400 })
}

/* The checks, for a page changed by clicks. */
export async function check(page, name, { shot = true, expected = false } = {}) {
	if (shot) await picture(page, name)
	noFaults(page, name, expected)
	await fits(page, name)
	await accessible(page, name)
}

async function picture(page, name) {
	if (shots) await page.screenshot({ path: join(shots, `${name.replace(/^\//, '').replace(/[^\w.-]+/g, '_') || 'start'}-${page.look}.png`), fullPage: true })
}

export function noFaults(page, name, expected = false) {
	assert.deepEqual(page.faults.filter(f => !expected || !f.includes('Failed to load resource')), [], `${name}: faults`)
}

export async function fits(page, name) {
	const { over, wide } = await page.evaluate(() => {
		const room = document.documentElement.clientWidth
		return { over: document.documentElement.scrollWidth - room, wide: [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > room + 1 && !e.closest('.table-wrap, .board, .tabs')).slice(0, 3).map(e => e.outerHTML.slice(0, 120)) }
	})
	assert.ok(over <= 0, `${name}: ${over} px wider than the window: ${wide.join(' ')}`)
}

const known = new Map()

/* What of the page's structure was not yet checked at this width and in this theme: elements by their way from the body and by what makes them accessible or not. */
async function structure(page) {
	const parts = await page.evaluate(() => {
		const found = new Set(), telling = ['role', 'type', 'scope', 'for', 'aria-hidden']
		const add = (e, above) => {
			const marks = e.getAttributeNames().filter(n => !['class', 'value', 'checked', 'selected'].includes(n)).map(n => telling.includes(n) ? `${n}=${e.getAttribute(n)}` : n)
			const path = `${above}>${e.localName}.${e.className.baseVal ?? e.className}[${marks}]`
			found.add(path)
			if (e.localName !== 'svg') for (const child of e.children) add(child, path)
		}
		add(document.body, '')
		return [...found]
	})
	const look = `${page.viewportSize().width} ${page.theme}`, seen = known.get(look) ?? new Set()
	known.set(look, seen)
	const fresh = parts.filter(p => !seen.has(p))
	return { fresh: fresh.length > 0, keep: () => fresh.forEach(p => seen.add(p)) }
}

/* A page of nothing but what was found right before is not checked again. */
export async function accessible(page, name) {
	const { fresh, keep } = await structure(page)
	if (!fresh) return
	// Through the debugger, which the page's CSP does not stop.
	await page.evaluate(axe)
	const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], resultTypes: ['violations'] }))
	assert.deepEqual(violations.map(v => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => `${n.target} ${n.any[0]?.message ?? ''}`).join(' | ')}`), [], `${name}: accessibility`)
	keep()
}

/* Every width and language. */
export async function everywhere(options, run) {
	for (const width of widths) for (const lang of languages) await run(await open({ ...options, width, lang }))
}

/* ---- running ---- */

const lineUp = tests => [...tests.filter(t => t.apart).map(t => [t]), tests.filter(t => !t.apart)].filter(lane => lane.length)

/* → whether it passed */
async function runOne(test) {
	const began = Date.now(), seconds = () => `${((Date.now() - began) / 1000).toFixed(1)} s`
	try {
		await running.run(test, test.run)
		console.log(`ok     ${test.name}  ${seconds()}`)
		return true
	} catch (error) {
		console.log(`FAILED ${test.name}  ${seconds()}\n       ${String(error.message).replaceAll('\n', '\n       ')}`)
		return false
	} finally {
		await Promise.all(test.opened.map(context => context.close()))
	}
}

/* only: part of the names of tests. → how many failed */
export async function run(only = '') {
	const waiting = files.flatMap(f => lineUp(f.tests.filter(t => t.name.includes(only)))).sort((a, b) => b[0].apart - a[0].apart), ended = []
	const work = async () => {
		for (let lane = waiting.shift(); lane; lane = waiting.shift())
			for (const test of lane) ended.push(await runOne(test))
	}
	try {
		await start()
		await Promise.all(Array.from({ length: Number(process.env.LANES ?? Math.min(availableParallelism(), 4)) }, work))
	} finally {
		await stop()
	}
	const passed = ended.filter(Boolean).length
	console.log(`${passed} passed, ${ended.length - passed} failed`)
	return ended.length - passed
}

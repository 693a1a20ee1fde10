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
// Pictures lie in $SHOTS (default build/shots). $BAOXIU_URL tests a server that already runs; $BROWSER names another Chromium.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const shots = process.env.SHOTS ?? join(root, 'build/shots')
const program = process.env.BAOXIU ?? join(root, 'build/baoxiu')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const widths = [1440, 390]
export const languages = ['zh', 'en']

const tests = []
export const test = (name, run) => tests.push({ name, run })

/* ---- the server ---- */

let server = null, browser = null, dir = null, starting = null
let base = process.env.BAOXIU_URL ?? ''
// role → { login, password }: `baoxiu demo` prints a line "role login password" for each.
export const logins = {}

function freePort() {
	return new Promise((done, fail) => {
		const probe = createServer().on('error', fail)
		probe.listen(0, '127.0.0.1', () => { const { port } = probe.address(); probe.close(() => done(port)) })
	})
}

async function answers(url) {
	for (let i = 0; i < 200; i++) {
		if (server?.exitCode !== null && server?.exitCode !== undefined) throw new Error(`the server ended with ${server.exitCode}`)
		try {
			if ((await fetch(url)).ok) return
		} catch { /* not yet */ }
		await new Promise(done => setTimeout(done, 50))
	}
	throw new Error(`${url} does not answer`)
}

async function startServer() {
	dir = mkdtempSync(join(tmpdir(), 'baoxiu-browser-'))
	const db = `sqlite:${join(dir, 'demo.db')}`, port = await freePort()
	for (const line of execFileSync(program, ['demo', '--db', db, '--data', dir], { encoding: 'utf8' }).split('\n')) {
		const [role, login, password, more] = line.trim().split(/\s+/)
		if (password && !more) logins[role] ??= { login, password }
	}
	server = spawn(program, ['serve', '--db', db, '--data', dir, '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', 'inherit', 'inherit'] })
	base = `http://127.0.0.1:${port}`
	await answers(`${base}/healthz`)
}

async function start() {
	mkdirSync(shots, { recursive: true })
	browser = await chromium.launch({
		executablePath: process.env.BROWSER ?? '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
	})
}

async function stop() {
	await browser?.close()
	if (server) {
		const ended = new Promise(done => server.once('exit', done))
		server.kill('SIGTERM')
		await ended
	}
	if (dir) rmSync(dir, { recursive: true, force: true })
}

/* ---- pages ---- */

const opened = []

/* A page of its own browser profile. as: a role of the demo, none = nobody. theme: light or dark. site: another server than the demo. */
export async function open({ as = null, lang = 'zh', width = 1440, theme = 'light', site = '' } = {}) {
	if (!site && !base) await (starting ??= startServer())
	const context = await browser.newContext({
		viewport: { width, height: width < 600 ? 844 : 900 }, locale: lang === 'zh' ? 'zh-CN' : 'en-GB', timezoneId: 'Asia/Shanghai', colorScheme: theme,
		hasTouch: width < 600, reducedMotion: 'reduce',
	})
	await context.addCookies([{ name: 'bx_lang', value: lang, url: site || base }])
	const page = await context.newPage()
	page.site = site || base
	page.faults = []
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
	await page.fill('input[name=login]', who.login)
	await page.fill('input[name=password]', who.password)
	await Promise.all([page.waitForURL(url => !url.pathname.startsWith('/login')), page.click('form [type=submit], form button:not([type=button])')])
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
	if (shot) await page.screenshot({ path: join(shots, `${name.replace(/^\//, '').replace(/[^\w.-]+/g, '_') || 'start'}-${page.look}.png`), fullPage: true })
	const faults = expected ? page.faults.filter(f => !f.includes('Failed to load resource')) : page.faults
	assert.deepEqual(faults, [], `${name}: faults`)
	const { over, wide } = await page.evaluate(() => {
		const room = document.documentElement.clientWidth
		return { over: document.documentElement.scrollWidth - room, wide: [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > room + 1 && !e.closest('.table-wrap, .board, .tabs')).slice(0, 3).map(e => e.outerHTML.slice(0, 120)) }
	})
	assert.ok(over <= 0, `${name}: ${over} px wider than the window: ${wide.join(' ')}`)
	assert.deepEqual(await accessibility(page), [], `${name}: accessibility`)
}

async function accessibility(page) {
	// Through the debugger, which the page's CSP does not stop.
	await page.evaluate(axe)
	const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }))
	return found.violations.map(v => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => `${n.target} ${n.any[0]?.message ?? ''}`).join(' | ')}`)
}

/* Every width and language. */
export async function everywhere(options, run) {
	for (const width of widths) for (const lang of languages) await run(await open({ ...options, width, lang }))
}

/* ---- running ---- */

export async function run(only, but) {
	let passed = 0, failed = 0
	try {
		await start()
		for (const { name, run: body } of tests.filter(t => (!only || t.name.includes(only)) && (!but || !t.name.startsWith(but)))) {
			try {
				await body()
				passed++
				console.log(`ok     ${name}`)
			} catch (error) {
				failed++
				console.log(`FAILED ${name}\n       ${String(error.message).replaceAll('\n', '\n       ')}`)
			} finally {
				await Promise.all(opened.splice(0).map(context => context.close()))
			}
		}
	} finally {
		await stop()
	}
	console.log(`${passed} passed, ${failed} failed`)
	return failed
}

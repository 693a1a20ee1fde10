// The kit and the browser behaviours, on sample pages: needs no department and no database.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { check, everywhere, open, root, test, visit } from './lib.mjs'

const csp = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"
const types = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml', json: 'application/json' }
const hits = '<h3>1</h3><a href="/full"><span>BX2611220014</span></a><a href="/failed"><span>BX2611220013</span></a>'
const posted = [], listeners = new Set()

function asset(name) {
	return readFileSync(join(root, ['app.css', 'app.js', 'theme.js'].includes(name) ? 'build/web' : 'web', name))
}

function answerPost(req, url, body, send) {
	posted.push({ path: url.pathname, csrf: req.headers['x-csrf-token'], body: new URLSearchParams(body) })
	if (url.pathname.endsWith('/events')) send('{"ver":5}', 'application/json')
	else setTimeout(() => send(kit('full', 'zh')), 300)
}

function listen(req, res) {
	res.writeHead(200, { 'Content-Type': 'text/event-stream' })
	res.write(': here\n\n')
	listeners.add(res)
	req.on('close', () => listeners.delete(res))
}

function answer(req, res) {
	const url = new URL(req.url, 'http://kit'), name = url.pathname.split('/').pop()
	const send = (body, type = 'text/html; charset=utf-8', status = 200) => {
		res.writeHead(status, { 'Content-Type': type, 'Content-Security-Policy': csp })
		res.end(body)
	}
	if (req.method === 'POST') {
		let body = ''
		req.on('data', part => { body += part })
		req.on('end', () => { answerPost(req, url, body, send) })
	} else if (url.pathname.startsWith('/assets/')) send(asset(name), types[name.split('.').pop()])
	else if (url.pathname === '/live/board') listen(req, res)
	else if (url.pathname === '/search') send(hits)
	else send(kit(name, /bx_lang=en/.test(req.headers.cookie) ? 'en' : 'zh'))
}
const kit = (page, lang) => execFileSync(join(root, 'build/tests/browser/kit'), [page, lang], { encoding: 'utf8' })

let site = ''
async function up() {
	if (site) return
	execFileSync('ninja', ['-C', join(root, 'build'), 'tests/browser/kit', 'web/app.js'], { stdio: 'ignore' })
	const server = createServer(answer)
	await new Promise(done => server.listen(0, '127.0.0.1', done))
	server.unref()
	site = `http://127.0.0.1:${server.address().port}`
}
async function at(path, options = {}) {
	await up()
	const page = await open({ site, ...options })
	await page.goto(site + path)
	return page
}
const kitTest = (name, run) => test(`kit: ${name}`, run)

for (const path of ['/full', '/failed', '/engineer', '/public', '/error']) {
	kitTest(`${path} in both widths and languages`, async () => {
		await up()
		await everywhere({ site }, page => visit(page, path))
	})
	kitTest(`${path} dark`, async () => {
		await up()
		for (const width of [1440, 390]) await visit(await open({ site, width, theme: 'dark' }), path)
	})
}

kitTest('keys reach search, rows and help, and stay out of fields', async () => {
	const page = await at('/full')
	const focused = () => page.evaluate(() => document.activeElement.id)
	await page.keyboard.press('/')
	assert.equal(await focused(), 'search')
	await page.keyboard.press('?')
	assert.equal(await page.inputValue('#search'), '?')
	await page.keyboard.press('Escape')
	await page.keyboard.press('j')
	await page.keyboard.press('j')
	assert.equal(await page.evaluate(() => document.querySelector('tr.current').rowIndex), 2)
	await page.keyboard.press('k')
	assert.equal(await page.evaluate(() => document.querySelector('tr.current').rowIndex), 1)
	await page.keyboard.press('?')
	await page.waitForSelector('#keys[open]')
	await check(page, 'keys')
})

kitTest('search shows hits; Enter opens the first, arrows another', async () => {
	const page = await at('/engineer')
	await page.fill('#search', 'BX26')
	await page.waitForSelector('.search-hits a')
	await check(page, 'search')
	await page.press('#search', 'Enter')
	await page.waitForURL(/\/full$/)
	await page.fill('#search', 'BX26')
	await page.waitForSelector('.search-hits a')
	await page.press('#search', 'ArrowDown')
	await page.press('#search', 'ArrowDown')
	await page.press('#search', 'Enter')
	await page.waitForURL(/\/failed$/)
})

kitTest('language keeps the page', async () => {
	const page = await at('/full')
	await page.click('header a[data-lang]')
	await page.waitForSelector('html[lang=en]')
	assert.equal(new URL(page.url()).pathname, '/full')
})

kitTest('theme, density and side bar change and stay', async () => {
	const page = await at('/full'), look = () => page.evaluate(() => ({ ...document.documentElement.dataset }))
	await page.click('.menu summary')
	await page.click('[data-theme-next]')
	await page.click('[data-density-next]')
	await check(page, 'comfortable')
	await page.click('main h1')
	await page.click('[data-side-next]')
	await page.reload()
	assert.deepEqual(await look(), { theme: 'dark', density: 'comfortable', side: 'rail' })
	await check(page, 'rail')
})

kitTest('a draft outlives a reload, secrets apart, and ends when the form is through', async () => {
	const page = await at('/full')
	await page.fill('#kit_form-note', 'three long beeps')
	await page.waitForFunction(() => Object.keys(localStorage).some(k => k.startsWith('draft:')))
	await page.reload()
	assert.equal(await page.inputValue('#kit_form-note'), 'three long beeps')
	await check(page, 'draft')
	await page.fill('#kit_form-serial', 'pf3')
	await page.fill('#kit_form-phone', '13800001111')
	await page.click('[data-primary]:is(button)')
	await page.waitForURL(/\/orders$/)
	assert.equal(await page.evaluate(() => Object.keys(localStorage).filter(k => k.startsWith('draft:')).length), 0)
})

kitTest('a form is sent once however often it is pressed', async () => {
	const page = await at('/full')
	posted.length = 0
	for (const [id, text] of [['serial', 'pf3'], ['phone', '1'], ['note', 'x']]) await page.fill(`#kit_form-${id}`, text)
	await page.evaluate(() => { const b = document.querySelector('.form-foot .btn-primary'); b.click(); b.click(); b.click() })
	await page.waitForURL(/\/orders$/)
	assert.equal(posted.length, 1)
	assert.equal(posted[0].body.get('_csrf'), 'token')
	assert.ok(posted[0].body.get('_key'))
})

kitTest('a dialog asks a reason before the dangerous move', async () => {
	const page = await at('/full')
	await page.click('[data-open=cancel]')
	await check(page, 'confirm')
	await page.keyboard.press('Escape')
	assert.equal(await page.isVisible('#cancel'), false)
})

kitTest('the signature becomes a picture', async () => {
	const page = await at('/full', { width: 390 })
	await page.locator('#pad').scrollIntoViewIfNeeded()
	const box = await page.locator('#pad').boundingBox()
	await page.mouse.move(box.x + 20, box.y + 30)
	await page.mouse.down()
	await page.mouse.move(box.x + 120, box.y + 90, { steps: 8 })
	await page.mouse.up()
	assert.match(await page.inputValue('#sig'), /^iVBOR/)
})

kitTest('a hand scanner fills the serial field from anywhere', async () => {
	const page = await at('/full')
	await page.evaluate(() => { for (const key of [...'PF3K9XQ2', 'Enter']) document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })) })
	assert.equal(await page.inputValue('#kit_form-serial'), 'PF3K9XQ2')
})

kitTest('large photos are scaled, gathered and removed', async () => {
	const page = await at('/full')
	const png = Buffer.from(await page.evaluate(() => { const c = document.createElement('canvas'); c.width = 3000; c.height = 1000; return c.toDataURL('image/png').split(',')[1] }), 'base64')
	const names = () => page.evaluate(() => [...document.querySelector('#kit_form-photo').files].map(f => f.name))
	for (const name of ['a.png', 'b.png']) {
		await page.setInputFiles('#kit_form-photo', { name, mimeType: 'image/png', buffer: png })
		await page.waitForSelector(`.thumb[title^="${name[0]}."]`)
	}
	assert.equal((await names()).length, 2)
	await check(page, 'photos')
	await page.click('.thumb button >> nth=0')
	assert.equal((await names()).length, 1)
})

kitTest('a card goes only where it may, by the same post as the button', async () => {
	const page = await at('/full')
	posted.length = 0
	await page.dragAndDrop('#card', '[data-col=c2]')
	assert.equal(posted.length, 0)
	await page.dragAndDrop('#card', '[data-col=c1]')
	await page.waitForSelector('.toast')
	assert.ok(await page.isVisible('[data-col=c1] #card'))
	assert.equal(posted[0].path, '/orders/BX1/events')
	assert.equal(posted[0].csrf, 'token')
	assert.deepEqual([posted[0].body.get('event'), posted[0].body.get('ver')], ['dispatch', '4'])
	assert.equal(await page.getAttribute('#card', 'data-ver'), '5')
	await check(page, 'dropped')
})

kitTest('news fetch anew what shows the topic', async () => {
	const page = await at('/full')
	await page.evaluate(() => { document.querySelector('#news').dataset.old = '1' })
	while (!listeners.size) await page.waitForTimeout(20)
	for (const res of listeners) res.write('data: board\n\n')
	await page.waitForSelector('#news:not([data-old])')
	assert.deepEqual(page.faults, [])
})

kitTest('the phone opens its menu by a plain link', async () => {
	const page = await at('/engineer', { width: 390 })
	await page.click('.tabbar a[href="#nav"]')
	assert.ok(await page.isVisible('#nav'))
	await check(page, 'drawer')
	await page.keyboard.press('Escape')
	assert.equal(await page.isVisible('#nav'), false)
})

// What a device is entitled to: asked, kept, added to; policies listed, compared, refused with line and reason, tried on the past.
import assert from 'node:assert/strict'
import { check, everywhere, open, test, visit } from './lib.mjs'

test('entitlement: every page at every width in both languages', async () => {
	await everywhere({ as: 'admin' }, async page => {
		for (const path of ['/policies', '/policies/cn-sanbao-pc', '/policies/cn-sanbao-pc/compare?a=1&b=2', '/policies/new', '/policies/replay', '/exposure', '/devices/3/entitlement'])
			await visit(page, path)
	})
})

test('entitlement: a verdict is asked for, kept and added to', async () => {
	const page = await open({ as: 'admin', lang: 'en' })
	await visit(page, '/devices/3/entitlement?part=keyboard&cause=drop', { shot: false })
	assert.match(await page.textContent('main'), /Art\. 28 \(2\)|is for another kind of buyer|has run out|does not cover this/)
	await page.click('text=Keep this verdict')
	await page.waitForSelector('text=Verdicts kept')
	await check(page, 'entitlement-kept')
	await page.click('button:has-text("Goodwill")')
	await page.selectOption('dialog[open] select[name=labour]', 'free')
	await page.fill('dialog[open] input[name=amount]', '80')
	await page.fill('dialog[open] textarea[name=reason]', 'Long-standing customer')
	await page.click('dialog[open] button:has-text("Grant")')
	await page.waitForSelector('text=Long-standing customer')
	await check(page, 'entitlement-goodwill')
})

test('entitlement: a pack promised for a device shows at once', async () => {
	const page = await open({ as: 'agent', lang: 'en' })
	await visit(page, '/devices/3/entitlement', { shot: false })
	await page.selectOption('select[name=policy]', 'pack-accident')
	await page.fill('input[name=length]', '3y')
	await page.click('main button:has-text("Add")')
	await page.waitForSelector('a[href="/policies/pack-accident"]')
	await page.goto(`${page.site}/devices/3/entitlement?cause=drop`)
	assert.match(await page.textContent('main'), /Accident cover, new for old/)
})

test('entitlement: a policy with a mistake is refused whole, with line and reason', async () => {
	const page = await open({ as: 'quality', lang: 'en' })
	await visit(page, '/policies/new?from=pack-36m@1', { shot: false })
	const text = await page.inputValue('textarea[name=body]')
	await page.fill('textarea[name=body]', text.replace('"version": 1', '"version": 2').replace('"kind": "pack"', '"kind": "pick"'))
	await page.click('main button:has-text("Bring in")')
	await page.waitForSelector('text=/does not know/')
	assert.match(await page.textContent('main'), /line 5: .kind. does not know .pick./)
	assert.match(await page.inputValue('textarea[name=body]'), /"pick"/)
	await check(page, 'policy-refused', { expected: true })
})

test('entitlement: a draft is tried on past verdicts and nothing is stored', async () => {
	const page = await open({ as: 'quality', lang: 'en' })
	await visit(page, '/policies/new?from=cn-sanbao-pc@2', { shot: false })
	const text = await page.inputValue('textarea[name=body]')
	await page.fill('textarea[name=body]', text.replaceAll('"length": "1y"', '"length": "3y"'))
	await page.click('text=Try on past verdicts')
	await page.waitForSelector('text=would read otherwise')
	await check(page, 'policy-tried')
	await page.goto(`${page.site}/policies/cn-sanbao-pc/2`)
	assert.doesNotMatch(await page.textContent('main'), /"length": "3y"/)
})

test('entitlement: the order and the customer who follows it see what is free', async () => {
	const page = await open({ as: 'admin', lang: 'en' })
	await page.goto(`${page.site}/orders`)
	await page.click('tbody[data-rows] a.no')
	await page.waitForSelector('text=Free or paid')
	assert.match(await page.textContent('main'), /Reasons, other parts and causes/)
	const link = (await page.content()).match(/[^"']*\/t\/[\w-]+/)[0]
	const visitor = await open({ lang: 'en' })
	await visit(visitor, new URL(link, page.site).pathname, { shot: false })
	assert.match(await visitor.textContent('main'), /Free or paid/)
	await check(visitor, 'follow-coverage')
})

/* ---- coverage drawn, asked for by anybody, denied with evidence ---- */

const ask = (page, path) => page.evaluate(async p => (await fetch(`/api/v1${p}`)).json(), path)

/* A device bought on a known day. */
const bought = async page => (await ask(page, '/devices?limit=200')).items.find(d => d.invoiced_on)

test('entitlement: the device page draws every part with its last day, light and dark', async () => {
	for (const [width, lang, theme] of [[1440, 'en', 'light'], [390, 'zh', 'dark']]) {
		const page = await open({ as: 'agent', lang, width, theme })
		await visit(page, `/devices/${(await bought(page)).id}`)
		const rows = await page.$$eval('.coverage .cover-row:not(.cover-scale)', all => all.map(r => ({
			part: r.querySelector('.cover-part').textContent, until: r.querySelector('.cover-until').textContent,
			said: r.querySelector('svg').getAttribute('aria-label'), bars: r.querySelectorAll('.cover-run, .cover-over').length,
			wide: r.querySelector('svg').getBoundingClientRect().width,
		})))
		assert.ok(rows.length >= 3, 'several parts')
		for (const r of rows) {
			assert.ok(r.said.startsWith(r.part), r.said)
			assert.equal(/\d{4}/.test(r.until), r.bars > 0, `${r.part}: last day`)
			assert.ok(r.wide > 100, `${r.part}: bar`)
		}
		assert.ok(await page.$('.coverage .cover-today'))
	}
})

test('entitlement: anybody asks by serial and proof, and hears no more than the proof is good for', async () => {
	const clerk = await open({ as: 'agent', lang: 'en' })
	const { serial, model, invoiced_on } = await bought(clerk)
	const page = await open({ lang: 'en', width: 390 })
	const asked = async (day, answer) => {
		await page.fill('input[name=serial]', serial)
		await page.fill('input[name=bought_on]', day)
		await page.click('main button:has-text("Look it up")')
		await page.waitForSelector(answer)
		return page.textContent('main')
	}
	await visit(page, '/covered')
	await asked('', 'text=Please give the invoice number')
	assert.doesNotMatch(await asked('2019-01-02', 'text=What the law says'), new RegExp(model))
	const told = await asked(invoiced_on, '.coverage')
	assert.match(told, new RegExp(model))
	assert.match(told, /Whole machine/)
	await check(page, 'covered-answer', { expected: true })
})

test('entitlement: a denied warranty stands with its evidence, its seal and a PDF the customer can get', async () => {
	const page = await open({ as: 'admin', lang: 'en' })
	const sealed = await page.evaluate(async () => {
		const list = await (await fetch('/api/v1/orders?limit=200')).json()
		for (const o of list.items) {
			const r = await fetch(`/api/v1/orders/${o.no}/ruling`)
			if (r.ok) return { no: o.no, ruling: await r.json() }
		}
		return null
	})
	assert.ok(sealed, 'the demo has a sealed ruling')
	assert.equal(sealed.ruling.state, 'sealed')
	assert.ok(sealed.ruling.need.every(n => n.met))
	await visit(page, `/orders/${sealed.no}/ruling`)
	await page.goto(`${page.site}/orders/${sealed.no}`)
	const link = new URL((await page.content()).match(/[^"']*\/t\/[\w-]+/)[0], page.site).pathname
	const visitor = await open({ lang: 'zh', width: 390 })
	await visit(visitor, link, { shot: false })
	const paper = await visitor.getAttribute('a[href$="/paper"]', 'href')
	const pdf = await visitor.evaluate(async href => {
		const a = await fetch(href)
		return { type: a.headers.get('content-type'), head: (await a.text()).slice(0, 5) }
	}, paper)
	assert.deepEqual(pdf, { type: 'application/pdf', head: '%PDF-' })
	await visit(visitor, paper.replace('/paper', ''))
	assert.match(await visitor.textContent('main'), /封存有效/)
})

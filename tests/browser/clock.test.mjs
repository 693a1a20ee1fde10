// Calendars and service levels as an administrator sees them, whom they apply to, contracts, escalations, and an order's clocks.
import assert from 'node:assert/strict'
import { check, everywhere, open, test, visit } from './lib.mjs'

/* The desk works in Chinese, the phone here in English. */
const desk = { width: 1440, lang: 'zh' }, phone = { width: 390, lang: 'en' }

const pages = ['/calendars', '/calendars/statutory?year=2026', '/calendars/statutory?year=2027', '/calendars/new', '/calendars/holidays', '/services', '/services/standard', '/services/new']

test('clocks: every page of calendars and service levels', async () => {
	await everywhere({ as: 'admin' }, async page => {
		for (const path of pages) await visit(page, path)
	})
})

test('clocks: a calendar shows what a change does before it is saved', async () => {
	const page = await open({ as: 'admin', lang: 'zh' })
	await visit(page, '/calendars/statutory', { shot: false })
	await page.fill('[name=since]', '2026-12-01')
	await page.fill('[name=sat]', '10:00-12:00')
	await page.fill('[name=days]', '2026-12-24 closed')
	await page.click('form[action$="/preview"] [data-primary]')
	await page.waitForSelector('input[name=definition]', { state: 'attached' })
	await check(page, 'calendar-preview')
	const text = await page.innerText('main')
	assert.match(text, /2026-12-24/)
	assert.match(text, /2026-12-05/)
	await page.click('form[action$="/versions"] [data-primary]')
	await page.waitForURL(/\/calendars\/statutory$/)
	assert.match(await page.innerText('main'), /2026-12-01/)
})

test('clocks: a wrong line stays where it was typed', async () => {
	const page = await open({ as: 'admin', lang: 'en' })
	await visit(page, '/calendars/office', { shot: false })
	await page.fill('[name=mon]', 'nine to five')
	await page.click('form[action$="/preview"] [data-primary]')
	await page.waitForSelector('[role=alert], .errors')
	assert.equal(await page.inputValue('[name=mon]'), 'nine to five')
	page.faults.length = 0
	await check(page, 'calendar-wrong')
})

test('clocks: an order tells how its deadlines came about', async () => {
	const page = await open({ as: 'admin', lang: 'zh' })
	await visit(page, '/orders', { shot: false })
	await page.click('main a.no >> nth=0')
	await page.waitForURL(/\/orders\/BX/)
	await check(page, 'order-clocks')
})

test('clocks: a level applies to a brand found by name, and no longer', async () => {
	const page = await open({ as: 'admin', lang: 'en' })
	await visit(page, '/services/rapid?who=Lenovo', { shot: false })
	await check(page, 'level-found')
	const found = page.locator('table[aria-label="Found"] tr', { hasText: 'Brand' })
	await Promise.all([page.waitForNavigation(), found.locator('button').click()])
	const bound = page.locator('#whom table[aria-label="Applies to"] tr', { hasText: 'Lenovo' })
	assert.equal(await bound.count(), 1)
	await check(page, 'level-bound')
	await Promise.all([page.waitForNavigation(), bound.locator('button').click()])
	assert.equal(await bound.count(), 0)
})

test('clocks: running clocks take a revised target when asked to', async () => {
	for (const [look, before, after, told] of [[desk, '8h', '9h', /8 小时 → 9 小时/], [phone, '9h', '7h', /9 h → 7 h/]]) {
		const page = await open({ as: 'admin', ...look })
		await visit(page, '/services/standard', { shot: false })
		for (const input of await page.locator('input[name$=".target"]').all()) if (await input.inputValue() === before) await input.fill(after)
		await Promise.all([page.waitForNavigation(), page.click('form[data-draft] [data-primary]')])
		await Promise.all([page.waitForNavigation(), page.click('main a[href="/services/standard/clocks"]')])
		await check(page, 'level-lag')
		assert.match(await page.innerText('main table'), told)
		await Promise.all([page.waitForNavigation(), page.click('main [data-primary]')])
		await check(page, 'level-applied')
		assert.equal(await page.locator('main a[href="/services/standard/clocks"]').count(), 0)
	}
})

test('clocks: escalations and the forecast of the day', async () => {
	for (const look of [desk, phone]) {
		const page = await open({ as: 'regional_manager', ...look })
		for (const path of ['/escalations', '/figures/forecast']) await visit(page, path)
	}
})

test('clocks: the customer sees what was promised and every change of it', async () => {
	const staff = await open({ as: 'agent', ...desk })
	await visit(staff, '/orders', { shot: false })
	await visit(staff, await staff.locator('main a.no').first().getAttribute('href'), { shot: false })
	const link = new URL(await staff.locator('[data-copy*="/t/"]').first().getAttribute('data-copy')).pathname
	const customer = await open(phone)
	await visit(customer, link)
	assert.match(await customer.innerText('main'), /What we promised/)
})

test('clocks: a service contract covers machines of a customer', async () => {
	const page = await open({ as: 'admin', ...phone })
	for (const path of ['/contracts', '/contracts/new']) await visit(page, path)
	const { items } = await (await page.request.get(`${page.site}/api/v1/contracts`)).json()
	await visit(page, `/contracts/${items.at(-1).no}`)
	const rows = page.locator('#covered tr', { hasText: 'Lenovo' }), before = await rows.count()
	await page.selectOption('[name=kind]', 'brand')
	await page.fill('[name=what]', 'Lenovo')
	await Promise.all([page.waitForNavigation(), page.click('form[action$="/cover"] button:not([type=button])')])
	assert.equal(await rows.count(), before + 1)
	await Promise.all([page.waitForNavigation(), rows.last().locator('button').click()])
	assert.equal(await rows.count(), before)
	await check(page, 'contract-uncovered')
})

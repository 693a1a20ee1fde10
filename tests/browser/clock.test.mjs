// Calendars and service levels as an administrator sees them, and an order's clocks.
import assert from 'node:assert/strict'
import { check, everywhere, open, test, visit } from './lib.mjs'

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

// Administration: people, roles, network, settings, roster, audit; one's own account; the public finds a station.
import assert from 'node:assert/strict'
import { check, everywhere, open, test, visit } from './lib.mjs'

const pages = ['/admin', '/admin/users', '/admin/users/new', '/admin/users/engineer', '/admin/roles', '/stations/all', '/stations/new', '/stations/ST3301',
	'/stations/ST3301/edit', '/admin/settings', '/admin/outbox', '/admin/audit', '/account']

test('administration: every page, in both languages and widths', () => everywhere({ as: 'admin' }, async page => {
	for (const path of pages) await visit(page, path)
}))

test('administration: roster', () => everywhere({ as: 'station_head' }, page => visit(page, '/admin/roster')))

test('the public finds a station', () => everywhere({}, async page => {
	await visit(page, '/login')
	await visit(page, '/stations?near=' + encodeURIComponent('杭州市西湖区'))
	await visit(page, '/stations/ST3301')
}))

test('a new person gets a password and a role', async () => {
	const page = await open({ as: 'admin', lang: 'en' })
	await visit(page, '/admin/users/new', { shot: false })
	await page.fill('input[name=login]', 'browser.test')
	await page.fill('input[name=name]', 'Browser Test')
	await page.selectOption('select[name=role]', 'storekeeper')
	await page.selectOption('select[name=org]', 'ST3301')
	await page.click('button[data-primary]')
	await page.waitForSelector('code')
	const password = await page.innerText('code')
	assert.equal(password.length, 20)
	await check(page, 'person-password')
	const fresh = await open({ lang: 'en' })
	await fresh.goto(`${fresh.site}/login`)
	await fresh.fill('input[name=login]', 'browser.test')
	await fresh.fill('input[name=password]', password)
	await fresh.click('form button:not([type=button])')
	await fresh.waitForURL(url => url.pathname === '/account')
	await check(fresh, 'first-sign-in')
	await fresh.fill('input[name=old]', password)
	await fresh.fill('input[name=password]', 'a much better one')
	await fresh.fill('input[name=again]', 'a much better one')
	await fresh.click('#password button')
	await fresh.waitForSelector('#tokens')
})

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

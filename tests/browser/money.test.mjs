// From the price list to the bank, as the people concerned see it.
import assert from 'node:assert/strict'
import { check, everywhere, languages, open, test, visit, widths } from './lib.mjs'

const pages = { engineer: ['/day', '/till'], station_head: ['/till', '/receipts', '/receipts?state=taken'], finance: ['/finance', '/receipts', '/prices', '/prices/STD/1', '/prices/STD/2'] }

test('pages of money hold on desk and phone, in both languages', async () => {
	for (const [role, paths] of Object.entries(pages))
		await everywhere({ as: role }, async page => { for (const path of paths) await visit(page, path) })
})

/* An order of the engineer that is under repair and costs nothing yet. */
async function orderInHand(page) {
	const { items } = await (await page.request.get(`${page.site}/api/v1/orders?open=1&by_due=1&limit=200`, { headers: { Accept: 'application/json' } })).json()
	return items.find(o => ['engineer_accepted', 'appointed', 'under_way', 'arrived', 'diagnosed'].includes(o.state)).no
}

async function fold(page, text) {
	const summary = page.locator('#fees summary', { hasText: text }).first()
	if (!await summary.evaluate(e => e.parentElement.open)) await summary.click()
}

test('an engineer quotes, the customer agrees by link, cash is taken, countersigned and handed in', async () => {
	const page = await open({ as: 'engineer', lang: 'zh', width: 390 })
	const no = await orderInHand(page)
	await visit(page, `/orders/${no}`)
	for (const code of ['GS2', 'QJ']) {
		await fold(page, '添加收费项')
		const form = page.locator('#fees form').filter({ has: page.locator('select[name=code]') })
		await form.locator('select[name=code]').selectOption(code)
		await form.locator('select[name=basis]').selectOption('wish')
		await form.locator('[name=reason]').fill('客户要求')
		await Promise.all([page.waitForURL(/#fees/), form.locator('button').click()])
		await page.reload()
	}
	await check(page, 'fees-lines')
	await fold(page, '生成报价')
	await page.locator('#fees form[action$="/quotes"] button').click()
	await page.waitForLoadState()
	await page.reload()
	const follow = (await (await page.request.get(`${page.site}/api/v1/orders/${no}`)).json()).follow_url
	const customer = await open({ lang: 'zh', width: 390 })
	await visit(customer, new URL(follow).pathname)
	await customer.locator('form[action$="/quote"] button.btn-primary').click()
	await customer.waitForLoadState()
	await check(customer, 'quote-agreed')
	await page.reload()
	await check(page, 'fees-agreed')
	await fold(page, '收款')
	await page.locator('#fees form[action$="/receipts"] [name=receipt_no]').fill(`T${Date.now()}`)
	await page.locator('#fees form[action$="/receipts"] button').click()
	await page.waitForLoadState()
	await visit(page, `/orders/${no}`)
	const fees = await (await page.request.get(`${page.site}/api/v1/orders/${no}/fees`)).json()
	assert.equal(fees.state.due.amount, 0)
	assert.equal(fees.receipts[0].state, 'taken')
	const head = await open({ as: 'station_head', lang: 'zh' })
	await visit(head, '/till')
	await head.locator('tr', { hasText: fees.receipts[0].no }).locator('button', { hasText: '核签' }).click()
	await head.waitForLoadState()
	assert.equal((await (await head.request.get(`${head.site}/api/v1/receipts/${fees.receipts[0].no}`)).json()).state, 'countersigned')
	await visit(page, '/day')
	await page.locator('form[action="/handins"] button').click()
	await page.waitForURL(/till/)
	await check(page, 'handed-in')
})

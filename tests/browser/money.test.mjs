// From the price list to the bank, as the people concerned see it.
import assert from 'node:assert/strict'
import { jobUnderWay, check, everywhere, languages, open, test, visit, widths } from './lib.mjs'

const pages = {
	engineer: ['/day', '/till', '/till?view=waiting', '/till?view=book'],
	station_head: ['/till', '/till?view=waiting', '/till?view=book', '/till?view=done', '/receipts', '/receipts?state=taken'],
	finance: ['/finance', '/finance?view=books', '/finance?view=accounts', '/finance?view=periods', '/receivables', '/receivables?age=d30', '/receipts', '/prices', '/prices/STD/1', '/prices/STD/2'],
}

test('pages of money hold on desk and phone, in both languages', async () => {
	for (const [role, paths] of Object.entries(pages))
		await everywhere({ as: role }, async page => { for (const path of paths) await visit(page, path) })
})

const json = async (page, path) => (await page.request.get(page.site + path, { headers: { Accept: 'application/json' } })).json()

/* An order of the engineer that goes on and on which nothing was paid or is owed; a new one where the demo has none left. */
async function orderInHand(page, used) {
	const { items } = await json(page, '/api/v1/orders?open=1&by_due=1&limit=200')
	for (const o of items.filter(x => !['settled', 'closed', 'engineer_assigned', 'assigned'].includes(x.state) && !used.includes(x.no))) {
		const fees = await json(page, `/api/v1/orders/${o.no}/fees`)
		if (!fees.receipts.length && !fees.state.due.amount) return o.no
	}
	return jobUnderWay(await open({ as: 'admin' }), page, `MONEY${Date.now() % 1e8}`)
}

async function fold(page, form) {
	await page.locator(`#fees form[action$="${form}"]`).first().evaluate(e => { const d = e.closest('details'); if (d) d.open = true })
	return page.locator(`#fees form[action$="${form}"]`).first()
}

async function send(page, form, text) {
	await Promise.all([page.waitForResponse(r => r.request().method() === 'POST'), (text ? form.locator('button', { hasText: text }) : form.locator('button:not([type=button])').first()).click()])
	await page.waitForLoadState()
}

async function addLine(page, no, code) {
	await visit(page, `/orders/${no}`, { shot: false })
	const form = await fold(page, '/fees')
	await form.locator('select[name=code]').selectOption(code)
	await form.locator('select[name=basis]').selectOption('wish')
	await form.locator('[name=reason]').fill('客户要求 / the customer wishes it')
	await send(page, form)
}

/* By the follow link, as the customer. */
async function agreeByLink(page, no, lang, width) {
	const customer = await open({ lang, width })
	await visit(customer, new URL((await json(page, `/api/v1/orders/${no}`)).follow_url).pathname)
	await send(customer, customer.locator('form[action$="/quote"]').first())
	await check(customer, 'quote-agreed')
}

async function take(page, no, kind, amount) {
	await visit(page, `/orders/${no}`, { shot: false })
	const form = await fold(page, '/receipts')
	await form.locator('[name=kind]').selectOption(kind)
	await form.locator('[name=amount]').fill(amount)
	await form.locator('[name=receipt_no]').fill(`T${Date.now()}`)
	if (kind === 'refund') {
		await form.locator('[name=reason]').fill('多收退回 / taken too much')
		await form.locator('[name=method]').selectOption('wechat')
		await form.locator('[name=reference]').fill('4200001')
	}
	await send(page, form)
	await check(page, `taken-${kind}`)
}

const used = []
for (const lang of languages)
	for (const width of widths)
		test(`quote, link, deposit, settlement list, payment, receipt, refund and hand-in with a difference (${lang}, ${width})`, async () => {
			const page = await open({ as: 'engineer', lang, width })
			const no = await orderInHand(page, used)
			used.push(no)
			await addLine(page, no, 'GS2')
			await addLine(page, no, 'QJ')
			await visit(page, `/orders/${no}`)
			const quote = await fold(page, '/quotes')
			await quote.locator('[name=deposit]').fill('50')
			await send(page, quote)
			await agreeByLink(page, no, lang, width)
			await take(page, no, 'deposit', '50')
			const list = await page.request.get(`${page.site}/orders/${no}/fees/settlement`)
			assert.equal(list.headers()['content-type'], 'application/pdf')
			let fees = await json(page, `/api/v1/orders/${no}/fees`)
			await take(page, no, 'payment', (fees.state.due.amount / 100).toFixed(2))
			fees = await json(page, `/api/v1/orders/${no}/fees`)
			assert.equal(fees.state.due.amount, 0)
			assert.deepEqual(fees.receipts.map(x => x.state), ['taken', 'taken'])
			for (const paper of ['paper', 'paper-80mm'])
				assert.equal((await page.request.get(`${page.site}/receipts/${fees.receipts[0].no}/${paper}`)).headers()['content-type'], 'application/pdf')

			// The station head countersigns both, and gives back what a struck line leaves over.
			const head = await open({ as: 'station_head', lang, width })
			for (const r of fees.receipts) {
				await visit(head, '/till')
				await send(head, head.locator('li', { hasText: r.no }).locator('form').first())
				assert.equal((await json(head, `/api/v1/receipts/${r.no}`)).state, 'countersigned')
			}
			await visit(page, `/orders/${no}`, { shot: false })
			const strike = page.locator('#fees form[action$="/strike"]').last()
			await strike.evaluate(e => { e.closest('details').open = true })
			await strike.locator('[name=reason]').fill('未做 / not done')
			await send(page, strike)
			await take(head, no, 'refund', '10')
			fees = await json(page, `/api/v1/orders/${no}/fees`)
			assert.ok(fees.receipts.some(x => x.kind === 'refund' && x.amount.amount === 1000), 'a refund was given')

			// The engineer hands in; a yuan is missing when it is counted, and says why.
			await visit(page, '/day')
			await send(page, page.locator('form[action="/handins"]').first())
			await visit(page, '/till?view=waiting')
			const { items } = await json(page, '/api/v1/handins?state=submitted')
			const h = items[0]
			await visit(head, '/till')
			const count = head.locator('li', { hasText: h.no }).locator('form').first()
			await count.locator('[name=counted]').fill(((h.declared.amount - 100) / 100).toFixed(2))
			await send(head, count)
			await check(head, 'count-without-reason', { expected: true })
			assert.equal((await json(head, `/api/v1/handins`)).items.find(x => x.no === h.no).state, 'submitted', 'a difference needs its reason')
			const again = head.locator('li', { hasText: h.no }).locator('form').first()
			await again.locator('[name=counted]').fill(((h.declared.amount - 100) / 100).toFixed(2))
			await again.locator('[name=reason]').fill('少一元 / a yuan is missing')
			await send(head, again)
			await visit(head, '/till?view=done')
			assert.equal((await json(head, `/api/v1/handins`)).items.find(x => x.no === h.no).state, 'counted')

			// The day's books: opening, in and out make the closing; the journal ends with it.
			await visit(head, '/till?view=book')
			for (const b of (await json(head, '/api/v1/till')).books)
				assert.equal(b.opening.amount + b.taken.amount + b.given.amount, b.closing.amount)
			await head.locator('tbody a[href*="account="]').first().click()
			await head.waitForURL(/account=/)
			await check(head, 'journal')
		})

test('finance closes the books of days that are done, and grants free visits', async () => {
	const page = await open({ as: 'finance', lang: 'zh', width: 1440 })
	await visit(page, '/finance?view=periods')
	const form = page.locator('form[action="/periods"]')
	await form.locator('[name=until]').fill('2020-01-31')
	page.on('dialog', d => d.accept())
	await send(page, form)
	await visit(page, '/finance?view=periods')
	assert.equal((await json(page, '/api/v1/periods')).items[0].until_on, '2020-01-31')
	const { items } = await json(page, '/api/v1/customers?limit=1')
	await visit(page, `/customers/${items[0].no}/allowances`)
	const grant = page.locator('form[action$="/allowances"]')
	await grant.locator('[name=granted]').fill('2')
	await grant.locator('[name=valid_from]').fill('2026-01-01')
	await grant.locator('[name=valid_until]').fill('2027-12-31')
	await grant.locator('[name=source]').fill('承诺书 HT-9')
	await send(page, grant)
	await visit(page, `/customers/${items[0].no}`)
	assert.equal((await json(page, `/api/v1/customers/${items[0].no}/allowances`)).items.length, 1)
})

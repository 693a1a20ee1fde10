// Parts as the people concerned see them: the requisition loop with its old part, purchase, count, loaner, and a stock list brought from a spreadsheet [S1–S4].
import assert from 'node:assert/strict'
import { jobUnderWay, check, open, test, visit } from './lib.mjs'

const pages = {
	storekeeper: ['/stock', '/stock?low=1', '/stock?warehouse=ST3301', '/stock/moves', '/stock/adjust', '/requisitions', '/old-parts', '/old-parts?state=inspected', '/purchases', '/purchases/new',
		'/proposals', '/demand', '/demand?by_model=1', '/stocktakes', '/kits', '/parts', '/parts/MB-T14', '/imports', '/imports?kind=stock', '/loaners'],
	engineer: ['/parts/carried', '/requisitions', '/requisitions/new', '/old-parts', '/loaners'],
}

/* The desk works in Chinese, the phone here in English. */
const desk = { width: 1440, lang: 'zh' }, phone = { width: 390, lang: 'en' }

for (const [role, paths] of Object.entries(pages)) [desk, phone].forEach(look => test(`parts: pages of the ${role} (${look.width} ${look.lang})`, async () => {
	const page = await open({ as: role, ...look })
	for (const path of paths) await visit(page, path)
}))

const ask = async (page, path) => (await page.request.get(`${page.site}/api/v1${path}`, { headers: { Accept: 'application/json' } })).json()
const send = (page, button) => Promise.all([page.waitForEvent('framenavigated'), button.click()]).then(() => page.waitForLoadState())
/* Orders of the engineer that parts and loaners may still be given for. */
async function ordersInHand(page) {
	const { items } = await ask(page, '/orders?open=1&by_due=1&limit=200')
	const made = await jobUnderWay(await open({ as: 'admin' }), page, `PARTS${Date.now() % 1e8}`)      // where the demo has none left
	return [...items.filter(o => !['settled', 'closed', 'engineer_assigned', 'assigned', 'handed_over'].includes(o.state)).map(o => o.no), made]
}

/* The newest paper of the list. */
const newest = async (page, path) => (await ask(page, path)).items[0]

test('parts: a part is asked for on the phone, issued by scanning, used, taken back, used again, and its old one comes home', async () => {
	const engineer = await open({ as: 'engineer', ...phone }), keeper = await open({ as: 'storekeeper', ...desk })
	const [no] = await ordersInHand(engineer)
	await visit(engineer, `/requisitions/new?order=${no}`)
	await engineer.locator('[name="wish.0.part_no"]').fill('KB-CN')
	await engineer.locator('[name="wish.0.qty"]').fill('1')
	await send(engineer, engineer.locator('form[action="/requisitions"] button.btn-primary'))
	const paper = await newest(keeper, '/requisitions?limit=1')
	assert.equal(paper.order_no, no)
	assert.equal(paper.state, 'approved', 'small wishes need nobody’s word')
	const is = async state => assert.equal((await ask(keeper, `/requisitions/${paper.no}`)).state, state)
	await visit(keeper, `/requisitions/${paper.no}`)
	await keeper.locator('#move-issue [name=scan]').fill('kb-cn\n')
	await send(keeper, keeper.locator('#move-issue button[data-primary]'))
	await check(keeper, 'issued')
	await is('shipped')
	await visit(engineer, '/parts/carried')
	await engineer.locator(`a.btn[href="/requisitions/${paper.no}"]`).click()
	await send(engineer, engineer.locator('#move-receive button[data-primary]'))
	await is('received')
	const before = (await ask(engineer, `/orders/${no}/parts`)).uses.length
	for (const again of [false, true]) {
		await visit(engineer, `/orders/${no}`)
		await engineer.locator('[data-open="dialog-use-part"]').click()
		await engineer.locator('#use-part [name=part_no]').fill('KB-CN')
		await send(engineer, engineer.locator('#use-part button.btn-primary'))
		assert.equal((await ask(engineer, `/orders/${no}/parts`)).uses.length, before + 1)
		if (again) break
		await engineer.locator('#parts [data-open^="undo-use-"]').last().click()
		await engineer.locator('dialog[open] [name=reason]').fill('Scanned the wrong one')
		await send(engineer, engineer.locator('dialog[open] form button:not([data-close])').first())
		assert.equal((await ask(engineer, `/orders/${no}/parts`)).uses.length, before)
	}
	const { old_parts } = await ask(engineer, `/orders/${no}/parts`)
	const label = old_parts.find(o => o.state === 'due').no
	for (const [state, event] of [['due', 'take_in'], ['back', 'inspect'], ['inspected', 'claim']]) {
		await visit(keeper, `/old-parts?state=${state}`)
		await keeper.locator('#old-move [name=scan]').fill(label)
		if (event === 'inspect') await keeper.locator('#old-move [name=verdict][value=bad]').check()
		await send(keeper, keeper.locator(`#old-move button[value=${event}]`))
	}
	assert.equal((await ask(keeper, `/old-parts/${label}`)).state, 'claimed')
	await is('done')
})

test('parts: what is scanned stays while others book', async () => {
	const engineer = await open({ as: 'engineer', ...phone }), keeper = await open({ as: 'storekeeper', ...desk })
	await visit(keeper, '/old-parts?state=due', { shot: false })
	await keeper.locator('#old-move [name=scan]').fill('JJ-1')
	await keeper.locator('h1').click()
	const news = keeper.waitForEvent('console', { predicate: m => m.text() === 'news' })
	await keeper.evaluate(() => { new EventSource('/live/parts').onmessage = () => setTimeout(() => console.log('news'), 3000) })
	await visit(engineer, '/requisitions/new', { shot: false })
	await engineer.locator('[name="wish.0.part_no"]').fill('KB-CN')
	await engineer.locator('[name="wish.0.qty"]').fill('1')
	await send(engineer, engineer.locator('form[action="/requisitions"] button.btn-primary'))
	await news
	assert.equal(await keeper.locator('#old-move [name=scan]').inputValue(), 'JJ-1')
})

test('parts: a purchase comes in two parts', async () => {
	const manager = await open({ as: 'admin', ...desk })
	await visit(manager, '/purchases/new')
	await manager.locator('[name=supplier]').fill('深圳某电子')
	await manager.locator('[name=warehouse]').selectOption('HQ')
	await manager.locator('[name="wish.0.part_no"]').fill('FAN-14')
	await manager.locator('[name="wish.0.qty"]').fill('5')
	await manager.locator('[name="wish.0.price"]').fill('35.50')
	await send(manager, manager.locator('button[data-primary]'))
	const no = decodeURIComponent(new URL(manager.url()).pathname.split('/').at(-1))
	for (const [qty, state] of [['2', 'partial'], ['3', 'received']]) {
		await manager.locator('[name="piece.0.qty"]').fill(qty)
		await send(manager, manager.locator('button[data-primary]'))
		await check(manager, `purchase-${state}`)
		assert.equal((await ask(manager, `/purchases/${no}`)).state, state)
	}
})

test('parts: stock is counted blind and somebody else approves', async () => {
	const keeper = await open({ as: 'storekeeper', ...phone }), head = await open({ as: 'regional_manager', ...desk })
	await visit(keeper, '/stocktakes')
	await keeper.locator('[name=warehouse]').selectOption('ST3301')
	await send(keeper, keeper.locator('button[data-primary]'))
	const no = decodeURIComponent(new URL(keeper.url()).pathname.split('/').at(-1))
	await check(keeper, 'count')
	const take = await ask(keeper, `/stocktakes/${no}`)
	assert.ok(take.lines.every(l => l.book === null), 'who counts does not see the books')
	const { items } = await ask(head, '/stock?warehouse=ST3301&limit=200')
	for (const [i, l] of take.lines.entries()) {
		const serials = keeper.locator(`[name="line.${i}.serials"]`), there = items.find(s => s.part_no === l.part_no)
		if (l.serial_tracked) await serials.fill((await serialsOf(head, l.part_no)).join('\n'))
		else await keeper.locator(`[name="line.${i}.qty"]`).fill(String(there.qty + (i === 0 && !l.serial_tracked ? 1 : 0)))
	}
	await send(keeper, keeper.locator('form[data-draft] button[data-primary]'))
	await send(keeper, keeper.locator('form:has([value=submit]) button'))
	await visit(head, `/stocktakes/${no}`)
	const reason = head.locator('form:has([value=approve]) [name=reason]')
	if (await reason.count()) await reason.fill('盘盈')
	await send(head, head.locator('form:has([value=approve]) button'))
	await check(head, 'counted')
	assert.equal((await ask(head, `/stocktakes/${no}`)).state, 'posted')
})

/* Serial numbers of a part that lie good in the station. */
const serialsOf = async (page, part) => (await ask(page, `/parts/${part}`)).serials.filter(s => s.warehouse === '杭州服务站' && s.bin === 'good').map(s => s.serial)

test('parts: a loaner is kept, lent against a signature, comes back and is erased', async () => {
	const page = await open({ as: 'engineer', ...phone })
	let no
	for (const one of (await ordersInHand(page)).reverse()) {
		await visit(page, `/orders/${one}`)
		if (no = await page.locator('[data-open="dialog-keep"]').count() && one) break
	}
	assert.ok(no, 'an order in hand may get a loaner')
	await page.locator('[data-open="dialog-keep"]').click()
	await page.locator('#dialog-keep select[name=code]').selectOption({ index: 1 })
	await send(page, page.locator('#dialog-keep button.btn-primary'))
	await visit(page, `/orders/${no}`)
	await page.locator('[data-open="dialog-lend"]').click()
	const form = page.locator(`form[action="/orders/${no}/loaner"]`)
	await form.locator('select[name=code]').selectOption({ index: 1 })
	await form.locator('[name=condition]').fill('外观完好')
	await form.locator('[name=reason]').fill('只有这台')
	const pad = form.locator('canvas')
	await pad.scrollIntoViewIfNeeded()
	const { x, y } = await pad.boundingBox()
	await page.mouse.move(x + 20, y + 20)
	await page.mouse.down()
	await page.mouse.move(x + 90, y + 60, { steps: 5 })
	await page.mouse.up()
	await send(page, form.locator('button.btn-primary'))
	const loan = (await ask(page, '/loans')).items.find(l => l.order_no === no)
	assert.equal(loan.state, 'out')
	await visit(page, `/loans/${loan.no}`)
	await page.locator('form:has([value=back]) [name=condition]').fill('完好')
	await send(page, page.locator('form:has([value=back]) button[data-primary]'))
	await page.locator('form:has([value=erase]) [name=method][value=overwrite]').check()
	await send(page, page.locator('form:has([value=erase]) button[data-primary]'))
	await check(page, 'erased')
	assert.equal((await ask(page, `/loans/${loan.no}`)).state, 'ready')
})

test('parts: a stock list comes in as it is: headings assigned, kept, used again', async () => {
	const page = await open({ as: 'storekeeper', ...desk })
	const list = `某供应商库存,,,\n,,,\n料,件名,多少,价\nZZ-1,测试件一,3,12.50\nZZ-2,测试件二,1.5,9\n`
	for (const again of [false, true]) {
		await visit(page, '/imports?kind=stock')
		await page.locator('input[type=file]').setInputFiles({ name: `list.csv`, mimeType: 'text/csv', buffer: Buffer.from(list) })
		await send(page, page.locator('form[action="/imports"] button[data-primary]'))
		await page.locator('#mapping').waitFor()       // the page tries it by itself
		await check(page, 'import')
		if (again) break
		for (const [column, heading] of [['part_no', '料'], ['name', '件名'], ['qty', '多少'], ['unit_cost', '价']]) {
			const name = await page.locator(`#mapping input[value="${column}"]`).getAttribute('name')
			await page.locator(`#mapping [name="${name.replace(/column$/, 'heading')}"]`).selectOption(heading)
		}
		await page.locator('[name=name]').fill('某供应商')
		await send(page, page.locator('button[value=try]'))
		await check(page, 'import-assigned')
	}
	await send(page, page.locator('button[value=run]'))
	await check(page, 'import-done')
	const file = await newest(page, '/imports')
	assert.deepEqual([file.state, file.added, file.refused], ['done', 1, 1])
	assert.equal((await ask(page, `/stock?part=ZZ-1`)).items[0].qty, 3)
})

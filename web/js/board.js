// Drag on the board: the same move the button makes; only columns it may go to light up.
import { $$, on, say } from './dom.js'
import { post } from './requests.js'
import { toast } from './toast.js'

/* data-moves="COLUMN:EVENT …" as a map. */
const moves = card => new Map((card.dataset.moves ?? '').split(' ').filter(Boolean).map(m => m.split(':')))

/* The event that brings the card into this column; "*" stands for any that has a name. */
const into = (card, col) => moves(card).get(col.dataset.col) ?? (col.dataset.col ? moves(card).get('*') : undefined)

export function board() {
	let card = null

	const end = () => {
		card?.classList.remove('dragged')
		card = null
		$$('.board.dragging, .board-col.legal, .board-col.over').forEach(el => el.classList.remove('dragging', 'legal', 'over'))
	}
	on('dragstart', '.board-card[draggable=true]', (event, el) => {
		card = el
		event.dataTransfer.effectAllowed = 'move'
		event.dataTransfer.setData('text/plain', el.id)
		const host = el.closest('.board')
		// The picture under the pointer is taken first, then the card fades.
		requestAnimationFrame(() => {
			el.classList.add('dragged')
			host.classList.add('dragging')
		})
		for (const col of $$('.board-col', host)) col.classList.toggle('legal', !!into(el, col) && !col.contains(el))
	})
	on('dragend', '.board-card', end)
	on('dragover', '.board-col.legal', (event, col) => {
		if (!card) return
		event.preventDefault()
		col.classList.add('over')
	})
	on('dragleave', '.board-col', (event, col) => { if (!col.contains(event.relatedTarget)) col.classList.remove('over') })
	on('drop', '.board-col.legal', async (event, col) => {
		event.preventDefault()
		const moved = card, home = moved?.parentElement, next = moved?.nextSibling
		end()
		if (!moved) return
		col.querySelector('.board-cards').prepend(moved)
		const { field } = col.closest('.board').dataset
		const fields = { event: into(moved, col), ...(moved.dataset.ver ? { ver: moved.dataset.ver } : {}), ...(field ? { [field]: col.dataset.col } : {}) }
		try {
			const answer = await post(moved.dataset.action, fields)
			if (!answer.ok) {
				const told = await answer.json().catch(() => ({}))
				throw new Error(told.detail ?? '')
			}
			const now = await answer.json().catch(() => ({}))
			if (now.ver) moved.dataset.ver = now.ver
			toast(say('moved', col.dataset.title ?? col.dataset.col))
		} catch (error) {
			home.insertBefore(moved, next)
			toast(error.message || say('failed'))
		}
	})
}

// Signature: strokes on a canvas become a PNG in a hidden field.
import { $, each, on } from './dom.js'

function pad(canvas) {
	const field = document.getElementById(canvas.dataset.sign), pen = canvas.getContext('2d')
	let from = null

	const fit = () => {
		const scale = Math.min(devicePixelRatio || 1, 2), { clientWidth, clientHeight } = canvas
		if (!clientWidth) return
		canvas.width = clientWidth * scale
		canvas.height = clientHeight * scale
		pen.scale(scale, scale)
		pen.lineWidth = 2.2
		pen.lineCap = pen.lineJoin = 'round'
		pen.strokeStyle = '#10131a'
		field.value = ''
	}
	const at = event => ({ x: event.offsetX, y: event.offsetY })
	const line = (a, b) => { pen.beginPath(); pen.moveTo(a.x, a.y); pen.lineTo(b.x, b.y); pen.stroke() }

	canvas.addEventListener('pointerdown', event => {
		canvas.setPointerCapture(event.pointerId)
		from = at(event)
		line(from, from)
	})
	canvas.addEventListener('pointermove', event => {
		if (!from) return
		const to = at(event)
		line(from, to)
		from = to
	})
	const lift = () => {
		if (!from) return
		from = null
		field.value = canvas.toDataURL('image/png').split(',')[1]
		field.dispatchEvent(new Event('input', { bubbles: true }))
	}
	canvas.addEventListener('pointerup', lift)
	canvas.addEventListener('pointercancel', lift)
	canvas.clearPad = fit
	// The size is known only once it is shown, which in a dialog is later.
	new ResizeObserver(() => { if (!field.value) fit() }).observe(canvas)
}

export function sign() {
	each('canvas[data-sign]', pad)
	on('click', '[data-clear]', (event, button) => $(`#${CSS.escape(button.dataset.clear)}`)?.clearPad?.())
}

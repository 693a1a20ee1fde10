// Clocks tick: what the server said in words is said again each half minute.
import { $$, say } from './dom.js'

const MINUTE = 60e3, HOUR = 3600e3, DAY = 86400e3

export function span(ms) {
	const two = (big, n, small, m) => m ? `${say(big, n)} ${say(small, m)}` : say(big, n)
	if (ms >= DAY) return two('day', Math.floor(ms / DAY), 'hour', Math.floor(ms % DAY / HOUR))
	if (ms >= HOUR) return two('hour', Math.floor(ms / HOUR), 'minute', Math.floor(ms % HOUR / MINUTE))
	return say('minute', Math.max(1, Math.floor(ms / MINUTE)))
}

function due(el, now) {
	const left = Date.parse(el.dataset.due) - now, words = el.lastElementChild
	if (Number.isNaN(left) || !words) return
	words.textContent = left < 0 ? say('over', span(-left)) : say('left', span(left))
	const tone = left < 0 ? 'bad' : left < HOUR ? 'warn' : 'ok'
	if (!el.classList.contains(`due-${tone}`)) {
		el.classList.remove('due-ok', 'due-warn', 'due-bad')
		el.classList.add(`due-${tone}`)
		const icon = el.querySelector('use')
		if (icon) icon.setAttribute('href', icon.getAttribute('href').replace(/#.*/, left < 0 ? '#alert' : '#clock'))
	}
}

function ago(el, now) {
	const past = now - Date.parse(el.dateTime)
	if (Number.isNaN(past) || Math.abs(past) >= DAY) return
	el.textContent = Math.abs(past) < MINUTE ? say('now') : past > 0 ? say('ago', span(past)) : say('in', span(-past))
}

export function times() {
	setInterval(() => {
		if (document.hidden) return
		const now = Date.now()
		$$('.due[data-due]').forEach(el => due(el, now))
		$$('time[data-ago]').forEach(el => ago(el, now))
	}, 30e3)
}

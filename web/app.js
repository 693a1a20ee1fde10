// The browser's side: htmx and our behaviours. Pages work without it as far as a form can.
import 'htmx.org'
import { board } from './js/board.js'
import { forms } from './js/forms.js'
import { keyboard } from './js/keys.js'
import { live } from './js/live.js'
import { photo } from './js/photo.js'
import { progress } from './js/progress.js'
import { requests } from './js/requests.js'
import { scan } from './js/scan.js'
import { search } from './js/search.js'
import { sheet } from './js/sheet.js'
import { sign } from './js/sign.js'
import { small } from './js/small.js'
import { times } from './js/times.js'
import { offline } from './js/toast.js'
import { unsent } from './js/unsent.js'

for (const start of [requests, forms, keyboard, search, sheet, small, times, board, sign, photo, progress, scan, live, offline, unsent]) start()

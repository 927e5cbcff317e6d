# What the chat view of the full-screen program says.

## Messages that are chosen

chatview-hint-reading = ↑↓ message · ←→ branch · r ask again · e edit · c copy · b copy code · Esc back
chatview-hint-beside = this is asked in place of the earlier question, which is kept beside it · Esc: ask it at the end
chatview-note-copied-block = code block { $place } of { $count } copied
chatview-note-one-branch = nothing stands beside this message: r asks again, e edits
chatview-note-not-kept = there is no question here that is kept
chatview-help-reading = a chosen message
chatview-key-read = choose a message; Tab too, where nothing is written
chatview-key-earlier = the message before
chatview-key-later = the message after
chatview-key-branch-before = the version before, where there are several
chatview-key-branch-after = the version after
chatview-key-again = ask again, with the model that is chosen now
chatview-key-edit = edit the question and ask it anew
chatview-key-copy = copy the message as it was written
chatview-key-copy-code = copy its first code block; again: the next one
chatview-key-half-up = read back half a page
chatview-key-half-down = read on half a page
chatview-key-first = the first message
chatview-key-last = the last message
chatview-key-leave = back to what is being written
chatview-slash-continue = go on with an answer that was cut
chatview-note-cut = This answer was cut. /continue goes on with it.
chatview-note-nothing-cut = The last answer was not cut.

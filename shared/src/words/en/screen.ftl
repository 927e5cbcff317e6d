# What the full-screen program says.

error-no-terminal = the full-screen program needs a terminal to read from and to write to
error-flag-before-command = `{ $flag }` stands before the command; write it behind
error-dumb-terminal = this terminal (`TERM`) cannot show a full-screen program
hint-no-terminal = `mmp chat "hello"` answers without one, and reads a pipe too; `mmp --help` shows the other commands

## What stands on the screen

screen-welcome = ask anything: what you type is the question
screen-welcome-commands = commands
screen-placeholder = type a question, Enter sends it
screen-new-conversation = new conversation
screen-default-model = default model
screen-conversations = conversations
screen-no-conversations = nothing yet
screen-nothing-fits = nothing fits
screen-loading = loading …
screen-filter = type to filter
screen-models-title = models
screen-models-keys = ↑↓ choose · Enter takes it · Esc
screen-no-key = no key
screen-help = help
screen-help-title = keys and commands
screen-help-close = ↑↓ scroll · any other key closes
screen-help-keys = keys
screen-help-commands = commands
screen-asking = asking …
screen-thinking = thinking …
screen-thought = thought
screen-stopping = stopping …
screen-stops = stops
screen-waiting = waiting · { $seconds } s
screen-speed = { $speed } tokens/s
screen-tokens = { $tokens } tokens
screen-disconnected = ✗ connection to the daemon lost, trying again …
screen-more-below = more below · { $key }
screen-more-lines = … and { $count ->
    [one] one more line
   *[other] { $count } more lines
 }
screen-truncated = the answer was cut off
screen-stopped = stopped
screen-failed = there is no answer: an error came first
screen-age-now = now
screen-age-minutes = { $count }m
screen-age-hours = { $count }h
screen-age-days = { $count }d

## What is said for a while

screen-note-quit = Ctrl+C once more quits; what you are writing is kept
screen-note-still-answering = the answer still comes: Esc stops it
screen-note-goes-on = the answer goes on without you; open the conversation to see it
screen-note-copied = copied
screen-note-nothing-to-copy = there is nothing to copy
screen-too-large-to-copy = this is more than a terminal's clipboard takes
screen-note-model = `{ $model }` answers from now on
screen-note-renamed = it is called “{ $title }” now
screen-note-rename-how = write the title behind it: /rename TITLE
screen-note-no-conversation = there is no conversation yet
screen-note-think = thinking: { $how }
screen-note-think-how = write how much: /think off, on, low, medium or high
screen-note-mouse-ours = the wheel scrolls; hold Shift to select text
screen-note-mouse-theirs = the mouse is the terminal's: select as you like
screen-unknown-command = there is no command `{ $command }`: / lists them all

## Keys

screen-key-send = send; take what is chosen
screen-key-break-line = begin a new line
screen-key-interrupt = stop the answer; close what is open; go to the end
screen-key-stop-or-quit = once stops the answer, twice quits
screen-key-quit-when-empty = quit, where nothing is written
screen-key-help = this help; `?` too, where nothing is written
screen-key-pick-model = choose a model
screen-key-conversations = conversations: filter, open; again hides them
screen-key-new = begin a new conversation
screen-key-thinking = show or hide what models think
screen-key-copy = copy the last answer
screen-key-complete = complete a command
screen-key-page-up = read back a page; the wheel too
screen-key-page-down = read on a page
screen-key-line-up = read back a line
screen-key-line-down = read on a line
screen-key-top = go to the beginning
screen-key-bottom = go to the end and stay there
screen-key-up = a row up; an earlier question, where nothing is written
screen-key-down = a row down; a later question
screen-key-back = back
screen-key-forward = forward
screen-key-word-back = back a word
screen-key-word-forward = forward a word
screen-key-line-start = to the beginning of the line
screen-key-line-end = to the end of the line
screen-key-delete-back = delete what stands before
screen-key-delete-forward = delete what stands behind
screen-key-delete-word-back = delete back to the beginning of the word
screen-key-delete-word-forward = delete to the end of the word
screen-key-delete-to-start = delete to the beginning of the line
screen-key-delete-to-end = delete to the end of the line
screen-key-yank = put back what was deleted last
screen-key-redraw = draw everything anew
screen-key-suspend = give the terminal back to the shell; `fg` comes back

## Commands

screen-slash-new = begin a new conversation
screen-slash-model = choose a model, or take the one that is named
screen-slash-resume = go on with an earlier conversation
screen-slash-rename = give the conversation a title
screen-slash-copy = copy the last answer, or its first code block
screen-slash-think = how much models think first
screen-slash-mouse = leave the mouse to the terminal, or take it back
screen-slash-help = every key and command
screen-slash-quit = quit

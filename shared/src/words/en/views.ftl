# What the views of the full-screen program say that stand in the place of the chat.

views-back = back
views-choose = choose
views-try-again = Enter tries again

## Keys and commands

views-key-search = search everything that was ever said
views-slash-search = search everything that was ever said

## Search

views-search-title = search
views-search-hint = type what to look for
views-search-how = words, "phrases", begin*, and filters: model: role: after: before: in:
views-search-nothing = nothing was found: fewer words find more
views-search-open = opens
views-search-to-newest = newest first
views-search-to-best = best first
views-search-you = you
views-search-answer = answer

## Lists

views-filter = filter
views-filter-hint = filter

## History

views-key-history = every conversation: open, rename, pin, archive, delete, export, branch
views-slash-history = every conversation, or those whose titles hold what follows
views-history-title = history
views-history-title-pinned = history · pinned
views-history-title-archived = history · archived
views-history-filter = filter by title
views-history-messages = { $count ->
    [one] 1 message
   *[other] { $count } messages
 }
views-history-empty = no conversation yet: Esc, and ask something
views-history-no-pinned = nothing is pinned: p in the history pins a conversation
views-history-no-archived = nothing is archived: a in the history puts a conversation away
views-history-open = opens
views-history-rename = rename
views-history-pin = pin
views-history-unpin = unpin
views-history-archive = archive
views-history-unarchive = bring back
views-history-delete = delete
views-history-export = export
views-history-branch = branch
views-history-kept = all, pinned, archived
views-history-renames = renames it
views-history-writes = writes it
views-history-deletes = deletes it for good
views-history-new-title = new title:
views-history-file = write to file:
views-history-forms = a name that ends in .md, .json, .jsonl or .html
views-history-delete-sure = delete “{ $title }”? this is final: y deletes it, any other key keeps it
views-history-pinned = “{ $title }” is pinned
views-history-unpinned = “{ $title }” is no longer pinned
views-history-archived = “{ $title }” is archived
views-history-unarchived = “{ $title }” is back in the history
views-history-deleted = the conversation is deleted
views-history-exported = written to `{ $path }`
views-history-branched = this is a copy: what you say here leaves the first one as it is
views-history-nothing-said = nothing was said in this conversation yet
views-history-export-ending = `{ $ending }` is no form to export in: use a name that ends in .md, .json, .jsonl or .html
views-history-export-exists = `{ $path }` is there already: choose another name
views-history-export-failed = `{ $path }` cannot be written: { $reason }

## Runs

views-key-runs = what is being answered now, anywhere: follow it, stop it
views-slash-runs = what is being answered now, anywhere
views-slash-attach = follow a run from its start
views-runs-title = runs
views-runs-title-live = runs · live
views-runs-empty = nothing runs, and nothing did lately
views-runs-none-live = nothing runs now: Tab shows what did
views-runs-attach = follows it
views-runs-stop = stop
views-runs-all = all
views-runs-only-live = only live
views-runs-has-ended = it has ended already
views-runs-unsaved = (not saved)
views-runs-running = running · { $seconds } s
views-status-running = running
views-status-complete = complete
views-status-truncated = cut off
views-status-filtered = filtered
views-status-interrupted = interrupted
views-status-cancelled = stopped
views-status-failed = failed

## Compare

views-key-compare = ask several models side by side
views-slash-compare = ask several models side by side: what was asked last, or what stands in the lines below
views-compare-title = compare
views-compare-choose = compare · choose two to four models
views-compare-how-many = mark two to four models
views-compare-no-question = there is nothing to ask: write a question first
views-compare-still-comes = this answer still comes
views-compare-says-nothing = there is no answer here to go on with
views-compare-marks = marks
views-compare-asks = asks them
views-compare-takes = goes on with it
views-scroll = scroll
views-space = Space

## Models

views-key-models = every model: prices, keys, the default, a test
views-slash-models = every model: prices, keys, the default, a test
views-models-takes = answers from now on
views-models-default = default
views-models-key = provider's key
views-models-test = test
views-models-seals = seals the key
views-models-key-of = key of { $provider }:
views-models-default-set = `{ $model }` answers now where no model is named
views-models-key-set = the key of `{ $provider }` is sealed
views-models-key-sealed = key sealed
views-models-key-missing = no key sealed
views-models-key-not-needed = needs no key
views-models-disabled = disabled
views-models-testing = testing …
views-models-answered = ✓ answered in { $time }
views-models-window = window { $tokens }
views-models-output = answers up to { $tokens }
views-models-price = ${ $input } in, ${ $output } out per million tokens
views-models-vision = images
views-models-tools = tools
views-models-reasoning = thinking
views-models-structured = structured output

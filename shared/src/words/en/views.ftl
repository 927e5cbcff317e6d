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

# The palette, the editor and the keys of the full-screen program.

palette-title = everything
palette-hint = type what you want to do
palette-runs = does it
palette-key-palette = everything that can be done, to choose from
palette-key-editor = write in your own editor (`$VISUAL`, `$EDITOR`)
palette-editor-unchanged = nothing was changed in the editor
palette-editor-none = no editor is named
palette-editor-none-hint = set `VISUAL` or `EDITOR` to one, as in `export EDITOR=vim`
palette-editor-absent = there is no editor `{ $editor }`; what you wrote is as it was
palette-editor-failed = the editor `{ $editor }` failed; what you wrote is as it was
palette-editor-busy = the terminal is busy: try once more
palette-keys-no-action = `[keys]` of config.toml: there is no action `{ $action }`
palette-keys-no-key = `[keys]` of config.toml: `{ $key }` is no key for `{ $action }`
palette-keys-twice = `[keys]` of config.toml: `{ $key }` of `{ $action }` is taken already
palette-keys-needed = `[keys]` of config.toml leaves no key for `{ $action }`
palette-theme-unknown = there is no theme `{ $name }`: { $names }
palette-slash-role = the role of conversations that are begun from now on; `-` for none
palette-slash-rerun = ask the last question again, beside itself, of another model if one is named
palette-slash-branch = copy the conversation so far and go on in the copy
palette-slash-export = write the conversation into a file: .md, .json, .jsonl or .html
palette-slash-cost = what this conversation took and cost so far
palette-slash-theme = the colors, in all of your terminals
palette-note-role = conversations that are begun from now on have the role `{ $name }`
palette-note-role-none = conversations that are begun from now on have no role
palette-note-roles = roles: { $names }
palette-note-no-roles = there are no roles: `mmp roles set` makes one
palette-note-export-how = write the file behind it: /export talk.md
palette-note-cost = so far: { $figures }
palette-note-cost-none = nothing was used so far
palette-note-theme = this theme holds in all of your terminals
palette-note-theme-how = write which: /theme { $names }
setting-theme = the colors of the full-screen program: the terminal's own, for a `dark` or a `light` background, or none (`mono`)

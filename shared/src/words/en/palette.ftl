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

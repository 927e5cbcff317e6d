# What the client says.

## Mistakes of the command line

error-usage-unknown-argument = there is no argument `{ $argument }` here
error-usage-unknown-command = there is no command `{ $command }`
error-usage-missing-argument = `{ $argument }` is missing
error-usage-missing-command = `{ $command }` wants a command of its own
error-usage-missing-value = `{ $argument }` wants a value
error-usage-value = `{ $value }` is no value of `{ $argument }`
error-usage-conflict = `{ $argument }` and `{ $other }` exclude each other
error-usage-not-text = an argument is not valid UTF-8
error-usage-other = { $reason }
error-empty-name = the name is empty, or only dots
hint-usage = `mmp --help` shows the commands, `mmp COMMAND --help` the arguments of one
hint-usage-nearest = did you mean `{ $near }`?
hint-usage-values = it takes: { $values }
error-no-csv = there is no table here to print as `csv`
error-prompt-empty = the prompt is empty
hint-prompt = write it behind the command, `mmp chat "hello"`, or pipe it in
error-param = `{ $value }` is no parameter
hint-param = write `--param KEY=VALUE`, such as `--param top_p=0.9`

## Files and input

error-file-unreadable = `{ $name }` cannot be read: { $reason }
error-file-not-text = `{ $name }` is not valid UTF-8
error-input-not-text = `{ $name }` is not valid UTF-8, from byte { $offset } on
hint-input-not-text = a prompt is text; `iconv -t UTF-8` converts other encodings
error-input-binary = `{ $name }` is no text
error-input-binary-kind = `{ $name }` is { $kind }, not text
hint-input-binary = only text goes into a prompt; take the text out of the file first
hint-attach-image = `-a { $name }` sends it as an image
error-folder-files = the folder `{ $name }` has more than { $limit } files
error-folder-bytes = the files of the folder `{ $name }` are larger than { $limit } MiB together
hint-folder-large = name the files or folders that matter, or list what does not in a file `.ignore`
error-folder-empty = the folder `{ $name }` has no files
hint-folder-empty = hidden files, and those that `.gitignore` or `.ignore` name, stay out unless they are named themselves
error-folder-no-text = the folder `{ $name }` has no text
error-url-too-large = what `{ $url }` gives is larger than { $limit } MiB
hint-url-too-large = download it, and name the part that matters with `-f`
note-folder-left-out = { $count ->
    [one] one file in `{ $name }` is no text and was left out
   *[other] { $count } files in `{ $name }` are no text and were left out
}
note-encoding-guessed = `{ $name }` is not UTF-8 and was read as { $encoding }
shown-image = [image: { $name }, { $kind }, { $size } KiB]
error-input-too-large = `{ $name }` is larger than { $limit } MiB
error-url-unreadable = `{ $url }` cannot be fetched: { $reason }
error-output = the output cannot be written: { $reason }
error-system = `{ $what }` failed: { $reason }
error-cannot-make = `{ $path }` cannot be made: { $reason }
hint-mmp-home = `MMP_HOME=DIR` keeps everything of mmp in a folder of your choice
note-waiting-for-stdin = waiting for standard input to end; `--no-stdin` does not read it

## The daemon

error-host = `{ $host }` is no address of a daemon
hint-host-forms = write `unix:///path/to/socket`, `http://host:port` or `https://host:port`
hint-host = check `--host`, `MMP_HOST` and `mmp config get host`; a daemon at a named place is never started from here
error-nobody-listens = nobody answers at `{ $target }`
error-connect = `{ $target }` cannot be reached: { $reason }
error-answer-broken = the connection to the daemon broke: { $reason }
error-answer-lost = the connection to the daemon ended in the middle of the answer
error-answer-began-anew = the daemon lost part of the answer and began it anew, behind what was written already
error-answer-not-understood = the daemon said something that this version does not understand: { $reason }
error-answer-status = the daemon answered with the HTTP status { $status }
hint-versions = `mmp daemon restart` makes both of one version
hint-history-show = `mmp history show` shows the whole answer
error-daemon-stepping-down = the daemon makes way for a newer one
error-daemon-not-found = the daemon's program, `mmpd`, is neither beside `mmp` nor in `PATH`
hint-daemon-not-found = put `mmpd` beside `mmp`
error-daemon-spawn = `{ $path }` cannot be started: { $reason }
error-daemon-died = the daemon ended before it was ready
error-daemon-does-not-end = the daemon has not ended within { $seconds } seconds
error-daemon-elsewhere = the daemon at `{ $host }` is not started or stopped from here
error-lock-unreadable = `{ $path }` does not say who holds it
hint-daemon-logs = `mmp daemon logs` shows what the daemon says
hint-daemon-run = `mmp daemon run` starts it in the foreground, where it says what is wrong
hint-socket-path = set `MMP_HOME`, or `XDG_RUNTIME_DIR`, to a shorter path
note-daemon-older = the daemon is of version { $theirs }, older than this { $ours }, and busy; it is replaced once it is idle
admin-compacted = the store took { $before } and takes { $after }
note-daemon-stopped = the daemon { $pid } has ended
daemon-runs = the daemon { $pid }, version { $version }, listens at { $socket } since { $at }; live runs: { $runs }
daemon-installed = `{ $file }` is written
note-daemon-installed = `mmp daemon stop`, then `systemctl --user daemon-reload` and `systemctl --user enable --now mmp`; `loginctl enable-linger` keeps it running while you are logged out
error-unit-of-others = `{ $file }` is there, and not from here
hint-unit-of-others = move it away; `mmp daemon install --print` shows what would be written
error-no-systemd = there is no systemd here
daemon-does-not-run = no daemon runs

## Answers

error-no-conversation = there is no conversation yet to continue
error-nothing-cut = the last answer of “{ $title }” was not cut
note-demo = this answer is from the built-in `demo`: no AI has answered
note-retry = the provider failed (`{ $code }`), asking `{ $model }` once more
note-fallback = `{ $from }` failed (`{ $code }`), asking `{ $to }`
note-refusal = the model refuses: { $text }
note-tool-call = the model wants to call `{ $name }` with { $arguments }
note-length-limit = the answer was cut at its limit of length
note-filtered = the answer was filtered
note-interrupted = the daemon died while the answer was made; this is what was kept
note-answer-begins-anew = the answer begins anew
dry-run-tokens = ~{ $tokens } tokens
dry-run-tokens-of = ~{ $tokens } of { $window } tokens
dry-run-cost = ~{ $input } for the prompt
dry-run-cost-most = ~{ $input } for the prompt, { $most } at most with an answer of { $limit } tokens
dry-run-cost-unknown = price not known
dry-run-fallbacks = if it fails: { $models }
numbers-tokens = { $prompt } + { $completion } tokens
numbers-first-token = { $time } to the first token
numbers-speed = { $speed } tokens/s
note-stopped = stopped here
error-code-of-several = `--code` prints one answer's block, and several `--model` make several answers
hint-code-of-several = name one model

## Lists and things

note-empty-list = there is nothing here yet
note-more = there is more: `--all` shows everything, `--cursor { $cursor }` goes on
note-no-default-model = no model answers by default
note-run-stopped = the run `{ $run }` is stopped
note-run-goes-on = the run `{ $run }` goes on; `mmp attach { $run }` comes back to it, `mmp runs stop { $run }` stops it
error-no-run = there is no run yet

## History

setting-fallback = models that answer when another cannot, in order
setting-language = the language of what is shown
setting-model = the model that is asked where nothing nearer names one
setting-retention = conversations that nobody went on with for this long are deleted; pinned ones stay
setting-role = the role of conversations that name none
setting-temperature = the temperature where nothing nearer names one
setting-thinking = whether thinking is shown
setting-title-model = the model that gives conversations their titles; their first words, where it is unset
note-retention = from now on, conversations that nobody went on with for { $age } are deleted for good; pinned ones stay
note-renamed = `{ $id }` is called “{ $title }” now
note-pinned = `{ $id }` ({ $title }) is pinned
note-unpinned = `{ $id }` ({ $title }) is not pinned any more
note-archived = `{ $id }` ({ $title }) is archived
note-unarchived = `{ $id }` ({ $title }) is back from the archive
note-branched = `{ $id }` goes on from the message `{ $message }`; what followed it stays, on a branch of its own
note-branched-new = `{ $id }` is new, and goes on from the message `{ $message }`
note-picked = the branch of `{ $message }` is the current one of `{ $id }`
error-nothing-to-rerun = the conversation `{ $id }` has no question that could be asked again
note-rerun-cut = { $done } of { $all } questions were asked again
note-rerun-branch = the new branch is the current one; `mmp history pick { $message } -C { $id }` goes back to the old one
rerun-together = together: { $numbers }
question-delete = { $count ->
    [one] Delete this conversation for good?
   *[other] Delete these { $count } conversations for good?
 }
question-delete-all = Delete all conversations, archived ones too, for good?
error-delete-unasked = a deletion is final, and nobody can be asked here
hint-delete-unasked = `--yes` says that it is wanted
note-role-saved = the role `{ $name }` is saved
question-delete-roles = Delete { $names } for good?
note-roles-deleted = deleted: { $names }
hint-nothing-to-set-of-role = name something: `--system`, `--system-file`, `--model`, a parameter, `--unset`
note-nothing-deleted = nothing was deleted
note-deleted = { $count ->
    [one] one conversation is deleted, for good
   *[other] { $count } conversations are deleted, for good
 }
error-import-nothing = `{ $name }` holds nothing
error-import-unknown = `{ $name }` is nothing that can be imported
error-import-unknown-why = `{ $name }` is nothing that can be imported: { $reason }
hint-import-forms = it takes mmp's own export, ChatGPT's `conversations.json`, the output of `llm logs --json`, and aichat's sessions
import-unknown-record = nobody known writes such records
import-broken-record = it makes no sense: { $reason }
import-cut = the file ends within it, at byte { $offset }
import-stray = something that is no record stands there, at byte { $offset }
import-record-too-large = it has { $size } bytes; the limit is { $limit }
import-no-time = it has no time (`{ $field }`)
note-import-skipped = { $file }, record { $record } was skipped: { $reason }
note-import-more-skipped = { $count } more were skipped
note-import-stopped = the import stops; conversations added so far: { $added }. The same command goes on from there
note-imported = conversations added: { $added }, with more messages: { $extended }, there already: { $present }, empty: { $empty }, skipped: { $skipped }; messages added: { $messages }
column-meaning = meaning
column-id = id
column-updated-at = updated
column-created-at = began
column-finished-at = ended
column-messages = messages
column-model = model
column-title = title
column-message-id = message
column-snippet = text
column-score = score
column-status = status
column-conversation-id = conversation
column-error = error
column-prompt-tokens = prompt tokens
column-completion-tokens = completion tokens
column-cost-usd = cost
column-first-token = first token
column-total = total time
column-name = name
column-kind = kind
column-provider = provider
column-key = key
column-default = default
column-available = available
column-context-window = context
column-max-output = largest answer
column-price = price per million tokens
column-aliases = aliases
column-alias = alias
column-params = parameters
column-system = instructions
column-capabilities = abilities
column-models = models
column-added = new
column-removed = gone
column-enabled = may be asked
column-listed = in the provider's list
column-priced-to = price holds up to
column-fallback = falls back to
column-base-url = base URL
column-env = variables
column-default-model = default model
column-origin = origin
column-value = value
column-config = config
column-data = data
column-state = state
column-logs = logs
column-socket = socket
speaker-you = you
word-yes = yes
word-no = no

## Models

explained-no-key = none
explained-unknown = unknown
explained-catalogue = from the catalogue of { $date }
explained-provider = from the provider's list of { $date }
explained-admin = set by an administrator
explained-user = set by you
explained-user-detail = set by you, { $detail }
explained-environment = from { $variable } in this terminal, to be sealed when it is needed
explained-key-variable = `mmp providers set` or { $variable } gives one
note-no-provider-configured = no provider has a key or was pointed somewhere; name one to ask it all the same
note-not-refreshed = `{ $provider }` keeps the list it had: { $reason }
note-model-enabled = `{ $model }` may be asked again
note-model-disabled = `{ $model }` is turned off
note-model-saved = what is said of `{ $model }` is saved
note-alias-set = `{ $alias }` now means `{ $model }`
note-alias-removed = `{ $alias }` means nothing more
model-answers = `{ $model }` answers within { $time }
model-answers-for = `{ $model }` answers within { $time }, for { $cost }
error-alias-not-yours = `{ $alias }` means `{ $model }`, and not because you said so
hint-aliases = `mmp models alias` lists what stands for what; names that come with mmp stay
hint-nothing-to-set-of-model = name a parameter (`--temperature`, `--max-tokens`, `--think`, `-p KEY=VALUE`), a limit (`--context-window`, `--max-output`) or a price (`--input-price` with `--output-price`)

## Accounts

whoami = { $username } ({ $role }), known { $via }
role-user = user
role-admin = admin
via-peer = by the socket
via-login = by a login
via-token = by an access token

## Providers

origin-built-in = comes with mmp
origin-added = added
provider-answers = `{ $name }` answers within { $time } and lists { $count } models; `-v` names them
hint-env-key-differs = the key that was refused is the sealed one, and `{ $variable }` holds another: `mmp providers import-env` seals the environment's keys instead
note-no-servers = no server of models answers at the usual ports of this machine; `mmp providers add NAME --kind openai --base-url URL` adds one elsewhere
note-servers-elsewhere = these listen on the machine of the daemon at `{ $host }`
server-configured = set up already
question-remove-provider = remove the provider `{ $name }` and its key?
question-resume = The last answer was cut before its end. Go on with it?
question-choices = [y/N]
question-key = API key of { $name } (not shown):
note-provider-removed = the provider `{ $name }` is removed
note-provider-changed = the provider `{ $name }` is saved; key: { $key }
note-key-sealed = the key of `{ $name }` is sealed
note-no-keys-in-environment = the environment holds no key; these are known: { $names }
error-variable-empty = the variable `{ $name }` is not set
error-key-empty = the key is empty
error-secret-key-alone = a secret key is the second half of a pair
hint-secret-key-alone = name the API key, too: `--api-key-stdin` or `--api-key-env`
error-nothing-to-set = there is nothing to set
hint-nothing-to-set = name `--base-url`, `--api-key-stdin` or `--api-key-env`; on a terminal the key is asked for

## Settings of this machine

error-config-no-such-key = there is no setting `{ $key }`
error-config-no-table = `{ $name }` in the file of settings is no table
note-variable-overrules = the variable `{ $variable }` overrules `{ $key }` as long as it is set
note-daemon-restart = the daemon takes it at its next start: `mmp daemon restart`

error-setting-unset = the setting `{ $name }` is not set
hint-settings-list = `mmp settings list` shows what is set

## Backups

admin-backed-up = wrote the backup { $file }: { $size }
error-backup-terminal = a backup is not for a terminal
hint-backup-terminal = name a file, or send it on: `mmp admin backup - | …`
error-backup-folder = `{ $path }` is a folder
error-backup-name = the name of `{ $file }` is not UTF-8
hint-backup-folder = name a file in a folder that you may write to
question-passphrase = passphrase for the key in the backup (not shown):
question-passphrase-again = the same again:
error-passphrases-differ = the two passphrases differ
error-no-passphrase = no passphrase was given
hint-no-passphrase = say `--passphrase-stdin` and give it on standard input
question-restore = replace the store by the backup of { $at }? the store that is there is kept

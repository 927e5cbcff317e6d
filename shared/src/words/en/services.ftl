# What the daemon's services, routes and start say.

## Starting and stopping

error-already-running = a daemon (pid { $pid }) holds `{ $folder }` already
hint-already-running = `mmp daemon status` shows it, `mmp daemon stop` ends it
error-config-unreadable = `{ $path }` cannot be read: { $reason }
error-folder = `{ $path }` cannot be used: { $reason }
hint-folder = give your user write access to it, or set `MMP_HOME` to a folder that has it
error-folder-not-ours = `{ $path }` belongs to somebody else, or others may enter it
hint-runtime-folder = remove it, or set `XDG_RUNTIME_DIR` or `MMP_HOME`
error-no-home = this user has no home folder
hint-no-home = set `MMP_HOME` to a folder for mmp
error-socket-path-too-long = the socket's path `{ $path }` has { $length } bytes; this system takes { $limit }
hint-shorter-home = set `MMP_HOME` to a shorter path
error-stopping = the daemon is stopping
error-stepping-down = this daemon ends, and the next one answers

## Requests

error-internal = mmp made a mistake; the daemon's log has more
error-unauthenticated = nobody knows who is calling
error-unknown-os-user = the OS user `{ $user }` has no account here
error-admins-only = only admins may do this
error-body = the body is not what this route takes: { $reason }
error-body-cut = the body ended before its end
error-body-too-large = the body is larger than { $limit } bytes
error-query = the query is not what this route takes: { $reason }
error-path = the path is not what this route takes: { $reason }
error-last-event-id = `Last-Event-ID` is not a whole number
error-no-such-route = there is no route `{ $path }`
error-no-such-method = the route `{ $path }` has no method `{ $method }`

## Chats

error-empty-prompt = the prompt (`content`) is empty
hint-empty-prompt = write it after `mmp chat`, or pipe it in
error-prompt-too-large = the prompt has { $size } bytes; the limit is { $limit }
hint-body-too-large = send less, or raise `daemon.limits.prompt`, and for images `daemon.limits.images`
hint-prompt-too-large = send less, or raise `daemon.limits.prompt`
error-images-too-large = the images are { $size } bytes together, and the limit is { $limit } (`daemon.limits.images`)
hint-images-too-large = send smaller or fewer images, or raise `daemon.limits.images`
error-image-kind = `{ $name }` is { $kind }, which models are not sent as an image
error-image-unknown = `{ $name }` is no image that is known
hint-image-kinds = images can be { $kinds }
error-model-blind = `{ $model }` cannot see images
hint-models-that-see = of the models that you can ask, these can: { $models }
hint-no-model-sees = none of the models that you can ask is known to; `mmp providers set` gives a provider its key
notice-images_left_out = { $count ->
    [one] an earlier image was left out: `{ $model }` cannot see it
   *[other] { $count } earlier images were left out: `{ $model }` cannot see them
}
error-content-part = a question (`content`) takes parts of the types `text`, `image` and `tool_result`
error-too-many-models = { $count } models are named (`models`); the limit is { $limit }
error-dry-run-several = a dry run (`dry_run`) is of one model, and several are named (`models`)
error-model-twice = the model `{ $model }` is named twice (`models`)
hint-model-twice = name each model once
error-parent-alone = `parent_id` names a message, and `conversation_id` no conversation
error-beside-alone = `beside_id` names a message, and `conversation_id` no conversation
error-parent-and-beside = `parent_id` and `beside_id` exclude each other
error-resume-says = with `resume_id` nothing new is asked: leave `content` out
error-resume-alone = `resume_id` needs the `conversation_id` of the answer
error-resume-elsewhere = `resume_id` excludes `parent_id` and `beside_id`
error-resume-several = one model goes on with an answer, not several
error-resume-unsaved = an answer that is gone on with is kept: `save` cannot be off
error-not-cut = `{ $id }` is no answer that was cut
hint-not-cut = only an answer that stopped before its end, and says something, can be gone on with
error-resumed-already = its question is being answered at this moment
hint-resumed-already = `mmp attach` follows it
notice-seam = goes on with the answer that was cut
error-two-conversations = the path names one conversation and `conversation_id` another
error-detach-unsaved = `detach` wants an answer that is kept, and `save` is off
error-timeout-zero = `timeout_ms` is 0, which is no time for an answer
error-temperature = `temperature` is { $value }; it takes 0 to 2
error-max-tokens = `max_tokens` is 0; it takes 1 or more
error-reserved-param = the parameter `{ $name }` belongs to mmp
error-keys-elsewhere = keys come along only over the Unix socket of your own daemon
hint-keys-elsewhere = seal the key there with `mmp providers set NAME --api-key-stdin`
error-interrupted = the daemon ended while the answer was made

## Things that are not there

error-no-such-conversation = there is no conversation `{ $reference }`
error-several-conversations = several conversations are called `{ $reference }`
error-no-such-message = the conversation has no message `{ $reference }`
hint-no-such-message = `mmp history show --tree { $id }` shows them; `-C` names another conversation
error-several-messages = several messages end in `{ $reference }`
error-two-branches = `leaf_id` and `pick` both say which branch is the current one; name one of them
error-empty-title = the title (`title`) is empty
error-long-title = the title (`title`) has { $length } characters; it takes { $limit }
error-conversation-busy = the conversation changes all the time and was not deleted; try again
error-import-format = a conversation in the form `{ $format }`, version { $version }, is not known here
error-import-twice = the message `{ $message }` stands in the conversation twice
error-import-leaf = the last message of the current branch, `{ $message }`, is not in the conversation
error-import-no-leaf = the conversation does not say which message is the last of its current branch (`leaf_id`)
error-import-circle = the parents of the message `{ $message }` lead back to it
error-import-parent = the message `{ $message }` is a parent and not in the conversation
hint-import-too-large = send fewer conversations at once
error-context-too-long = the newest message and the instructions have about { $tokens } tokens; `{ $model }` takes { $window }, of which { $answer } are kept for the answer
hint-context-too-long = shorten them, name a model with a larger context (`mmp models list`), or leave less for the answer (`--max-tokens`)
notice-context_trimmed = { $dropped_messages ->
        [one] the oldest message was
       *[other] the oldest { $dropped_messages } messages were
    } not sent: `{ $model }` takes { $window } tokens
error-no-such-run = there is no run `{ $reference }`
error-several-runs = several runs end in `{ $reference }`
hint-candidates = name one of: { $candidates }
error-bad-cursor = the cursor is of no page of this list
hint-bad-cursor = take `next_cursor` of the page before, as it stands
error-no-such-role = there is no role `{ $name }`
hint-nearest-roles = did you mean { $names }?
hint-roles-list = `mmp roles list` shows your roles; `mmp roles set NAME --system TEXT` makes one
error-role-name = `{ $name }` cannot be the name of a role
hint-role-name = use letters, digits, `-`, `_` and `.`, beginning with a letter or a digit, at most { $limit } characters
error-role-empty = the role `{ $name }` would say nothing
hint-role-empty = give it instructions, a model or a parameter; `mmp roles delete` takes a role away
error-role-too-large = the instructions are { $size } bytes long, and a role's have at most { $limit }
hint-role-too-large = say long instructions with each prompt: `mmp chat -s` or `-f`
error-roles-too-many = there are { $limit } roles already, and no more can be kept
hint-roles-too-many = `mmp roles delete` makes room
error-setting-value = `{ $name }` cannot be `{ $value }`
hint-setting-value = it takes values like these: { $example }
error-unknown-setting = there is no setting `{ $name }`
hint-settings = there are: { $names }
error-username-taken = the name `{ $username }` belongs to another account

## Models and providers

error-model-not-found = there is no model `{ $model }`
hint-nearest-models = did you mean { $models }?
hint-models-list = `mmp models list` shows the models there are; `PROVIDER/NAME` asks a provider for any other
error-model-disabled = the model `{ $model }` is turned off
hint-model-enable = `mmp models enable { $model }` turns it on again
hint-model-disabled-by-admin = an administrator has turned it off; `mmp models list` shows the others
error-models-disabled = every known model of `{ $provider }` is turned off
error-alias = `{ $alias }` cannot be an alias
hint-alias = an alias has 1 to { $limit } characters without spaces and commas, and does not begin with `-`
error-alias-taken = `{ $alias }` already means `{ $model }`
hint-alias-taken = choose another alias; an alias of your own can be moved: give it to another model
error-too-many-aliases = a model has at most { $limit } aliases
error-limit-zero = `{ $field }` must be at least 1
error-price = `{ $field }` cannot be { $value }: a price is 0 or more US dollars for a million tokens
error-params = the parameters make no sense: { $reason }
error-no-models = `{ $provider }` lists no models
hint-name-a-model = name one: `{ $provider }/MODEL`
hint-name-a-model-or-place = `-m { $provider }/MODEL` names a model; if the base URL is wrong, `mmp providers set { $provider } --base-url URL` changes it
error-no-such-provider = there is no provider `{ $name }`
hint-providers = there are: { $names }; `mmp providers add NAME --kind KIND` makes one
error-provider-exists = the provider `{ $name }` exists already
hint-provider-set = `mmp providers set { $name }` changes it
error-provider-built-in = `{ $name }` comes with mmp and stays
hint-provider-unset = `mmp providers unset { $name }` forgets its key and its base URL
error-provider-name = `{ $name }` is no name for a provider
hint-provider-name = a name has 1 to 64 of a-z, 0-9, `-`, `_` and `.`, and begins with a letter or a digit
error-provider-kind = there is no kind of provider `{ $kind }`
hint-provider-kinds = kinds (`--kind`): { $kinds }
error-base-url = `{ $url }` is no base URL
hint-base-url = write `http://` or `https://`, a host, and the path before `/chat/completions`, usually `…/v1`; no user and no password
error-no-key = `{ $provider }` wants a key, and none is sealed
hint-no-key = `mmp providers set { $provider } --api-key-stdin` seals one, or set `{ $variable }`
hint-no-key-added = `mmp providers set { $provider } --api-key-stdin` seals one
error-empty-key = the key for `{ $provider }` is empty
hint-bad-key = copy it again: a key is one word of letters, digits and signs
error-bad-key = the key for `{ $provider }` ({ $length } bytes) holds characters that no key has
notice-env_key_sealed = the key of `{ $variable }` is sealed for `{ $provider }` from now on
notice-key_trimmed = white space around the key for `{ $provider }` was left out
notice-master_key_made = a master key for your provider keys was made ({ $key_store }: { $location })

error-fallback-demo = the demo is never a fallback: it is no AI
error-fallback-cycle = the chain comes back to `{ $model }`
notice-fallback_skipped = `{ $model }` of your fallback chain cannot be asked ({ $reason })

## The vault

vault-unreachable = the vault is locked: its master key ({ $key_store }) cannot be reached: { $reason }
vault-wrong-key = the vault is locked: what is at `{ $location }` is not its master key
vault-exposed = the vault is locked: others than you may read its master key, `{ $location }`
hint-vault-exposed = `chmod 600 '{ $location }'` makes it yours alone; if somebody may have read it, make new keys at the providers
vault-does-not-open = the sealed key for `{ $provider }` does not open
vault-no-randomness = the vault is locked: the system gives no randomness
vault-raced = another request made the master key at the same time
hint-vault-locked = unlock the keyring or put the key file back, then try again; `mmp providers set NAME --api-key-stdin` seals a key anew

## The store

error-store-conflict = it was changed by someone else at the same time
error-store-full = the disk is full, nothing was changed: { $reason }
hint-store-full = make room, then try again
error-store-locked = another process holds the store: { $reason }
hint-store-locked = `mmp daemon status` shows the daemon that runs
error-store-read-only = the store cannot be written: { $reason }
error-store-damaged = the store is damaged: { $reason }
hint-store-damaged-backup = the last good backup is of { $at }: `mmp admin restore '{ $file }'` puts it in the store's place and keeps what is there
error-backup-no-room = there is no room for a backup in `{ $folder }`
hint-store-damaged = `mmp admin restore FILE` puts a backup in its place and keeps what is there; without one, move the folder `store` out of the data folder (`mmp config path` shows where it is) and begin anew
error-store-newer = a newer version of mmp wrote the store: { $reason }
hint-store-newer = run that version, or put a backup in the place of the folder `store`; `mmp config path` shows where it is
error-store-failed = the store failed: { $reason }
hint-store-failed = `mmp daemon logs` says more

error-search-too-long = the query has { $size } characters; the limit is { $limit }
hint-search-too-long = look for a few words of the text instead of all of it
error-search-nothing = there is no word to look for in `{ $query }`
hint-search-nothing = name a word, a "phrase", or a filter: `model:`, `role:`, `after:`, `before:`, `in:`; punctuation is not looked for
error-search-role = no message has the role `{ $value }`
hint-search-role = the roles are { $roles }
error-search-time = `{ $filter }:` does not understand the time `{ $value }`
hint-search-time = write a day, `2026-01-31`, or a time, `2026-01-31T12:00:00Z`
error-search-failed = the search index cannot be used: { $reason }
hint-search-failed = conversations are safe; once the disk can be written the index is built anew by itself
notice-index_catching_up = the search index is being brought up to date: about { $behind } messages are not found yet
notice-search_best_only = only the { $count } best messages can be listed by rank; look for more words, or for the newest first

## Backups

error-backup-memory = what is in memory alone cannot be backed up
error-passphrase-empty = the passphrase is empty
error-backup-foreign = `{ $file }` is no backup of mmp
error-backup-newer = a newer version of mmp made `{ $file }`: { $made }
error-backup-cut = `{ $file }` is cut: it ends before its end
error-backup-damaged = `{ $file }` is damaged: { $reason }
error-backup-engine = the backup is of a store of `{ $theirs }:`, and this one is of `{ $ours }:`
error-backup-key = the master key of this backup is not on this machine; it lay at { $location }
error-backup-key-damaged = the key that the backup carries cannot be read
error-backup-locked = the key that the backup carries is under a passphrase
error-backup-passphrase = the passphrase does not open the key that the backup carries
hint-backup-foreign = `mmp admin backup FILE` makes one
hint-backup-newer = restore it with that version of mmp, or a newer one
hint-backup-damaged = take another backup; of this one nothing was restored
hint-backup-key = put that key back, or take a backup that was made with `--with-key`, or say `--without-key`: then providers' keys must be entered again
hint-backup-locked = say `--passphrase-stdin` and give it on standard input, or `--without-key`
hint-backup-passphrase = try again, or say `--without-key`: then providers' keys must be entered again
backup-is-whole = the backup is whole; version { $version } made it at { $at }
admin-restored = restored the backup that version { $version } made at { $at }
admin-restore-kept = the store that was there is kept at { $path }
admin-restore-lost-key = enter again: the key of { $user } for { $provider }

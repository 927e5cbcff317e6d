# What `--help` says: `help-COMMAND` is a command, `help-COMMAND--NAME` one of its arguments, `help-any--NAME` an argument
# that means the same wherever it stands.

help-heading-usage = usage:
help-heading-commands = commands
help-heading-command-value = COMMAND
help-heading-arguments = arguments
help-heading-options = options
help-heading-everywhere = everywhere

help-mmp = chat with many models from a terminal
help-mmp--version = print the version

help-any--host = the daemon to speak to: `unix:///path` or `http(s)://host:port`
help-any--color = when to use colors
help-any--output = how to print: for people, as JSON, as a line of JSON each, as comma-separated values
help-any--json = the same as `--output json`
help-any--quiet = say nothing on stderr but errors
help-any--verbose = say more on stderr
help-any--yes = ask nothing, agree to everything
help-any--lang = the language of messages: `en` or `zh-CN`
help-any--help = print this help
help-any--limit = how many rows to print; 50 unless said otherwise
help-any--all = print every row
help-any--cursor = go on where an earlier list ended
help-any--think = how much the model thinks first
help-any--param = a parameter by the provider's own name
help-any--temperature = the randomness of the answer
help-any--max-tokens = the most tokens of the answer
help-any--run = the run, by its id or the end of it

help-chat = ask a model; the answer goes to stdout
help-chat--prompt = what to say; standard input follows after a blank line, `-` demands it
help-chat--model = the model to ask
help-chat--system = instructions that stand before the conversation
help-chat--continues = go on with the last conversation
help-chat--conversation = go on with this conversation
help-chat--file = add a file, a URL, or with `-` standard input
help-chat--code = print only the first fenced block, bare
help-chat--no-stream = print the answer when it is whole
help-chat--no-save = keep nothing of it
help-chat--dry-run = print the request and send nothing
help-chat--show-thinking = show what the model thinks, on stderr
help-chat--hide-thinking = do not show it
help-chat--no-fallback = ask no other model where this one fails
help-chat--timeout = the longest that the whole answer may take: `30s`, `5m`
help-chat--no-stdin = never read standard input

help-history = conversations that were had
help-history-list = list conversations, the latest first
help-history-show = show a conversation, the last one unless named
help-history-show--conversation = the conversation, by its id, the end of it, or its title
help-history-search = find messages: words, "phrases", beginnings*, and model: role: after: before: in:
help-search = find messages: words, "phrases", beginnings*, and model: role: after: before: in:
help-any--query = what to look for; a message must have all of it
help-any--newest = the newest first, not the best

help-runs = the making of answers
help-runs-list = list runs, the latest first
help-runs-show = show a run
help-runs-stop = stop a run; what it has made so far is kept

help-models = the models that can be asked
help-models-list = list models
help-models-show = show a model, what would be used if it were asked, and why
help-models-show--name = the model, by any of its names
help-models-default = show or set the model that answers where none is named
help-models-default--name = the model to be the default
help-models-list--provider = only the models of this provider
help-models-refresh = ask providers for their own lists of models and keep them
help-models-refresh--providers = the providers to ask; without any, every one that has a key or was pointed somewhere
help-models-test = ask a model something small
help-models-test--name = the model, by any of its names
help-models-enable = let models be asked again
help-models-disable = let models be asked no more
help-models-alias = list the names that stand for models, show one, or make one
help-models-set = say how a model answers by default, what it can take, what it costs
help-models-unset = take back what was said of a model; all of it where nothing is named
help-any--model = the model, by any of its names
help-any--models = the models, by any of their names
help-any--alias = the name that stands for the model
help-any--remove = let the name stand for nothing
help-any--context-window = the most tokens of prompt and answer together
help-any--max-output = the most tokens of an answer
help-any--input-price = US dollars for a million tokens of the prompt
help-any--cached-price = US dollars for a million tokens of the prompt that the provider had in its cache
help-any--output-price = US dollars for a million tokens of the answer
help-models-unset--param = a parameter to take back, by its name
help-models-unset--context-window = take back the context window
help-models-unset--max-output = take back the longest answer
help-models-unset--price = take back the price

help-admin = what administrators do for everyone
help-admin-models = what holds of models for everyone
help-admin-models-enable = let everyone ask models again
help-admin-models-disable = let nobody ask models
help-admin-models-alias = list the names that stand for models, show one, or make one for everyone
help-admin-models-set = say for everyone how a model answers by default, what it can take, what it costs
help-admin-models-unset = take back what was said of a model for everyone; all of it where nothing is named
help-admin-models-unset--param = a parameter to take back, by its name
help-admin-models-unset--context-window = take back the context window
help-admin-models-unset--max-output = take back the longest answer
help-admin-models-unset--price = take back the price

help-providers = whose models are asked, and with which keys
help-providers-list = list providers
help-providers-show = show a provider
help-providers-add = add a provider
help-providers-set = change a provider; alone, on a terminal, asks for its key
help-providers-unset = take back what was set; all of it where nothing is named
help-providers-unset--api-key = take back the key
help-providers-unset--base-url = take back the base URL
help-providers-remove = remove a provider that was added
help-providers-test = ask a provider for its models
help-providers-discover = look for servers of models on the daemon's machine
help-providers-import-env = seal every key that the environment holds
help-any--name = the provider's name
help-any--kind = whose API it speaks: openai, deepseek, wenxin, or the name of any provider that comes with mmp
help-any--base-url = the URL of the API, up to and without `/chat/completions`: usually `…/v1`
help-any--api-key-stdin = read the key from standard input
help-any--api-key-env = read the key from this variable, once
help-any--secret-key-stdin = for Wenxin's older API: read the secret key from standard input, from the line after the key
help-any--secret-key-env = for Wenxin's older API: read the secret key from this variable, once

help-whoami = show who the daemon takes you for

help-settings = what the daemon keeps for all your terminals
help-settings-list = list what you have set
help-settings-get = print a setting
help-settings-set = change a setting
help-settings-unset = take a setting back
help-any--setting = the setting: `model` (who answers where none is named), `fallback` (who answers when another cannot, between commas)
help-settings-set--value = its new value

help-config = the settings of this machine
help-config-list = list every setting with its origin
help-config-get = print a setting
help-config-set = change a setting in the file
help-config-unset = take a setting out of the file
help-config-path = print where things lie
help-any--key = the setting
help-config-set--value = its new value

help-daemon = the daemon that does the work
help-daemon-start = start it, if it does not run
help-daemon-stop = stop it, when its runs have ended
help-daemon-restart = stop it and start it anew
help-daemon-status = show whether it runs, and where
help-daemon-run = run it in the foreground
help-daemon-logs = print the end of its log
help-daemon-logs--lines = how many lines; 50 unless said otherwise

help-doctor = find what is wrong, and what to do about it

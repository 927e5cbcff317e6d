# What the client says of accounts, logins and access tokens.

## Being known

error-host-in-the-clear = `{ $host }` is another machine and not encrypted: what goes there could be read on the way
hint-host-secure = write `{ $host }`; the daemon there needs a certificate (`daemon.listen.tls_certificate`)
error-socket-kept-out = the kernel does not let this OS user call at `{ $target }`: the socket is its daemon's user's alone
hint-socket-kept-out = ask that user for `daemon.listen.unix_access` (`group:NAME` or `all`), or for `daemon.listen.tcp` and log in with `mmp login https://host:port`
hint-certificate = `SSL_CERT_FILE` names a file with the certificates to trust in place of the system's
error-token-variable = the variable `MMP_TOKEN` holds no access token
hint-token-variable = an access token is one word, as `mmp tokens create` prints it; `unset MMP_TOKEN` does without
error-own-login-over = the login of `{ $user }` at `{ $host }` is over: it was revoked, it ran out, or the password was changed
hint-own-login-over-socket = `mmp login` logs in again; until then this OS user counts
hint-login-anew = `mmp login { $host }` logs in again; `mmp logout --host { $host }` forgets the login
error-login-gone = the login of `{ $user }` at `{ $host }` is kept, and its tokens are gone
error-login-unreadable = the login of `{ $user }` at `{ $host }` cannot be read: { $reason }
hint-login-keyring = unlock the keyring, or log in again: `mmp login { $host }`
hint-logins-file = remove the file, and log in again
error-logins-locked = another `mmp` has held the logins for { $seconds } seconds
error-refresh-no-answer = the daemon has not refreshed the login within { $seconds } seconds
note-login-in-file = the login is kept in { $path }, which only you can read, and in no keyring

## Logging in and out

question-username = name:
question-password = password of { $name } (not shown):
question-old-password = password of { $name } until now (not shown):
question-new-password = new password of { $name } (not shown):
question-new-password-again = the same once more:
error-no-username = the name is missing
hint-no-username = name it: `--username NAME`
error-no-password = the password is missing
hint-no-password = pipe it in as a line, with `--password-stdin`; on a terminal it is asked for
error-one-password = there is one password where two are needed
hint-one-password = write two lines: the password until now, then the new one
error-passwords-differ = the two passwords differ; nothing was changed
note-logged-in = logged in as `{ $user }` at { $host }
note-last-login = the last login was on { $at }
note-first-login = this is the first login
note-failures-since = failed attempts since then: { $count }; if they were not yours, change the password with `mmp passwd`
note-token-counts-first = `MMP_TOKEN` counts before this login as long as it is set
note-token-still-counts = `MMP_TOKEN` still counts as long as it is set
note-logged-out = logged out: `{ $user }` at { $host }
note-login-not-ended = the login is forgotten here, but not ended at the daemon ({ $reason }); `mmp logins revoke { $id }` ends it
error-no-login = no login is kept for { $host }
hint-no-login = `mmp whoami` shows who you are; `mmp logout --host URL` ends the login of another host
note-host-remembered = commands go to { $host } from now on (the setting `host`); `mmp logout` ends that
note-host-forgotten = commands go to this machine's daemon again
note-host-not-changed = the setting `host` could not be changed ({ $reason }); `MMP_HOST={ $host }` names the host
note-password-changed = the password of `{ $user }` is changed; every other login of it has ended
note-login-revoked = the login `{ $id }` is revoked

## Accounts

note-account-saved = the account `{ $user }` is saved
note-account-deleted = the account `{ $user }` is deleted, with everything it had
note-account-being-deleted = the account `{ $user }` is closed; what it had is being deleted
question-delete-account = delete your account `{ $user }` with its conversations, keys and tokens? nothing brings them back
question-delete-user = delete the account `{ $user }` with its conversations, keys and tokens? nothing brings them back
error-wants-yes = this is final, and nobody is here to be asked
hint-wants-yes = `--yes` says that it is meant
hint-nothing-to-set-of-account = name `--username` or `--display-name`
hint-nothing-to-set-of-user = name `--username` or `--role`
note-user-made = the account `{ $user }` is made
note-user-without-a-way = nobody can be `{ $user }` yet: `mmp admin users reset-password` gives a password, `mmp admin users map` an OS user
note-user-mapped = the processes of the OS user { $number } are `{ $user }` now
note-user-not-mapped = no OS user is `{ $user }` now
note-user-disabled = the account `{ $user }` is disabled; its logins have ended
note-user-enabled = the account `{ $user }` is enabled
note-password-reset = the password of `{ $user }` is set; its logins have ended
note-invite-made = this code makes one account, until { $until }; it is not shown again
note-invite-revoked = the invitation `{ $id }` is taken back

## Access tokens

note-token-made = this token is good until { $until }; it is not shown again
note-token-made-for-good = this token is good until it is revoked; it is not shown again
note-token-revoked = the access token `{ $name }` is revoked

## Columns

column-username = name
column-display-name = called
column-role = role
column-via = known
column-has-password = has a password
column-os-user = OS user
column-disabled-at = closed
column-deleting-at = being deleted
column-current = this
column-refreshed-at = last used
column-source = from
column-client = client
column-expires-at = until
column-last-used-at = last used
column-scopes = scopes
column-at = when
column-actor-name = who
column-target-name = whom
column-detail = what

## The login view of the full-screen program

login-key = log in, or make an account
login-slash = log in at this daemon, or make an account
login-slash-out = end the login at this daemon
login-title = log in
login-hint = `/login` logs you in
login-at = at { $host }
login-mode-known = I have an account
login-mode-new = I make one
login-field-name = name
login-field-password = password
login-field-again = once more
login-field-invite = invitation
login-field-invite-hint = its code, where the host asks for one
login-next = goes on
login-mode = chooses
login-field = next field
login-waiting = asking …
login-missing-name = write a name
login-missing-password = write a password
login-token = `MMP_TOKEN` is set and counts before every login; without it: `unset MMP_TOKEN`, and open `mmp` again
login-note-out = logged out

# What is said of accounts, logins and access tokens.

## Names and passwords

error-username-empty = the name (`username`) is empty
error-username-too-long = the name (`username`) has { $count } characters; the limit is { $limit }
error-username-character = the name (`username`) holds the character `{ $character }`, which no name has
error-username-edge = the name (`username`) begins or ends with `{ $sign }`
error-username-mixed = the name (`username`) mixes scripts that do not belong together
error-username-reserved = the name (`username`) is reserved, or looks like a reserved one
error-username-look-alike = the name (`username`) looks like another account's
hint-username = a name has 1 to { $limit } letters and digits of one script; `-`, `_`, `.`, `@` and `+` may stand within it
error-os-user-taken = the OS user { $os_user } belongs to another account
error-display-name = `display_name` takes 1 to { $limit } characters on one line
error-password-empty = the password (`password`) is empty
error-password-too-long = the password (`password`) has { $size } bytes; the limit is { $limit }
error-password-control = the password (`password`) holds a control character, such as NUL or a line end
error-password-too-short = the password (`password`) has { $count } characters; it takes { $limit } or more
error-password-guessable = the password (`password`) is among those that are guessed first
hint-password = four or five words that do not belong together do it; no digit or sign is asked for
error-old-password = this account has a password: `old_password` is to name it

## Registering

error-registration-closed = nobody can register here
error-registration-invite = registering here takes an invitation (`invite`)
hint-registration-invite = an admin makes one with `mmp admin users invite`
error-invite = the invitation (`invite`) is not good: it was used, has run out, or never was
error-invite-life = `expires_in_s` is { $seconds }; it takes 1 to { $limit }
error-no-such-invite = there is no invitation `{ $reference }`
hint-ask-admin = ask an admin of this daemon

## Logging in

error-wrong-password = name and password do not belong together
hint-wrong-password = check both; an admin can set a new password with `mmp admin users reset-password`
error-too-many-attempts = too many attempts: passwords of this account are refused for { $seconds } seconds
hint-too-many-attempts = wait, then try again; logins that are under way and your own OS user on this machine go on
error-too-many-logins = too many people log in at this moment
error-too-many-refreshes = this login was refreshed too often in a short time
error-login-client = `client` takes up to { $limit } characters on one line
error-login-over = this login is over, or never was
error-login-stale = the access token of this login has run out
hint-refresh = `POST /auth/refresh` takes the refresh token for a new one
hint-log-in = `mmp login` logs in
error-no-login-to-end = there is no login to end: name one with `refresh_token`
error-no-such-login = there is no login `{ $reference }`
error-several-logins = several logins end in `{ $reference }`
error-authorization = the header `Authorization` takes `Bearer` and a token
error-account-disabled = this account is disabled
error-account-deleting = this account is being deleted
hint-unknown-os-user = `mmp login` logs in; an admin gives this OS user an account with `mmp admin users map NAME --os-user { $os_user }`

## Access tokens

error-token-unknown = the access token is not good: it was revoked, has run out, or never was
hint-token-unknown = `mmp tokens list` shows those there are; `MMP_TOKEN` may hold an old one
error-token-name = `name` takes 1 to { $limit } characters on one line
error-token-scopes = an access token has at least one scope (`scopes`)
hint-token-scopes = there are: { $scopes }
error-token-life = `expires_in_s` is { $seconds }; it takes 1 to { $limit }
error-too-many-tokens = there are { $limit } access tokens, the most that an account has
hint-tokens-list = `mmp tokens list` shows them, `mmp tokens revoke` makes room
error-no-such-token = there is no access token `{ $reference }`
error-several-tokens = several access tokens are called `{ $reference }`
error-token-lacks-scope = the access token lacks the scope `{ $scope }`
hint-token-lacks-scope = `mmp tokens create NAME --scope …` makes one that has it
error-not-by-token = no access token may do this
error-no-policy = nobody may use this route

## Other people's accounts

error-no-such-user = there is no account `{ $reference }`
hint-users-list = `mmp admin users list` shows the accounts there are
error-last-admin = this is the last admin: without one nobody could look after this daemon
hint-last-admin = make another account an admin first: `mmp admin users set NAME --role admin`

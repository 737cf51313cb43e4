-- Authenticator apps of users. Times are microseconds since 1970. Programs before this step know none of them, and let a user in by the password
-- alone.
-- readable from: 20

-- The secret is hexadecimal; recovery is a JSON list of SHA-256 sums. The last step is that of the code that was used last.
CREATE TABLE access_factor (
    user_name ${text} NOT NULL PRIMARY KEY,
    secret ${text} NOT NULL,
    created_at ${long} NOT NULL,
    confirmed_at ${long},
    last_step ${long} NOT NULL,
    recovery ${text} NOT NULL
)${clustered};

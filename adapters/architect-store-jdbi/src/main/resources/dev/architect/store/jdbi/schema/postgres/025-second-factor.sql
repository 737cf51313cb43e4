-- Authenticator apps of users. Times are microseconds since 1970. Programs before this step know none of them, and let a user in by the password
-- alone.
-- readable from: 4

-- The secret is hexadecimal; recovery is a JSON list of SHA-256 sums. The last step is that of the code that was used last.
CREATE TABLE access_factor (
    created_at bigint NOT NULL,
    confirmed_at bigint,
    last_step bigint NOT NULL,
    user_name text COLLATE "C" PRIMARY KEY,
    secret text COLLATE "C" NOT NULL,
    recovery text NOT NULL
);

-- Passkeys of users, and the challenges that they are asked to sign. Times are microseconds since 1970. Programs before this step know none of them,
-- and let a user in by the password.
-- readable from: 4

-- The id and the key are base64url, the key is a COSE key (RFC 9052); transports are a JSON list.
CREATE TABLE access_passkey (
    sign_count bigint NOT NULL,
    created_at bigint NOT NULL,
    last_used bigint,
    is_backup_eligible smallint NOT NULL,
    is_backed_up smallint NOT NULL,
    id text COLLATE "C" PRIMARY KEY,
    user_name text COLLATE "C" NOT NULL,
    name text NOT NULL,
    public_key text NOT NULL,
    transports text NOT NULL
);
CREATE INDEX access_passkey_user ON access_passkey (user_name, created_at);

-- The id is the SHA-256 of what is signed.
CREATE TABLE access_challenge (
    created_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    id text COLLATE "C" PRIMARY KEY,
    purpose text COLLATE "C" NOT NULL
);
CREATE INDEX access_challenge_purpose ON access_challenge (purpose);
CREATE INDEX access_challenge_end ON access_challenge (ends_at);

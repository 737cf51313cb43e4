-- Passkeys of users, and the challenges that they are asked to sign. Times are microseconds since 1970. Programs before this step know none of them,
-- and let a user in by the password.
-- readable from: 20

-- The id and the key are base64url, the key is a COSE key (RFC 9052); transports are a JSON list.
CREATE TABLE access_passkey (
    id ${text} NOT NULL PRIMARY KEY,
    user_name ${text} NOT NULL,
    name ${text} NOT NULL,
    public_key ${text} NOT NULL,
    transports ${text} NOT NULL,
    is_backup_eligible ${short} NOT NULL,
    is_backed_up ${short} NOT NULL,
    sign_count ${long} NOT NULL,
    created_at ${long} NOT NULL,
    last_used ${long}
)${clustered};
CREATE INDEX access_passkey_user ON access_passkey (user_name, created_at);

-- The id is the SHA-256 of what is signed.
CREATE TABLE access_challenge (
    id ${text} NOT NULL PRIMARY KEY,
    purpose ${text} NOT NULL,
    created_at ${long} NOT NULL,
    ends_at ${long} NOT NULL
)${clustered};
CREATE INDEX access_challenge_purpose ON access_challenge (purpose);
CREATE INDEX access_challenge_end ON access_challenge (ends_at);

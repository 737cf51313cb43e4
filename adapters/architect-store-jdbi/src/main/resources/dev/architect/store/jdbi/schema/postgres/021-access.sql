-- Users, logins, tokens of agents, and the audit. Times are microseconds since 1970, amounts are pico-dollars. Programs before this step know
-- none of them.
-- readable from: 4

-- Whoever changes users, or adds a token, locks the one row first, so that the last admin stays.
CREATE TABLE access_lock (
    id bigint PRIMARY KEY,
    changes bigint NOT NULL
);
INSERT INTO access_lock (id, changes) VALUES (1, 0);

-- Roles are a JSON list, preferences a JSON object; the password is a PHC string.
CREATE TABLE access_user (
    name text NOT NULL PRIMARY KEY,
    roles text NOT NULL,
    is_active smallint NOT NULL,
    password text NOT NULL,
    preferences text NOT NULL,
    created_at bigint NOT NULL,
    password_at bigint NOT NULL,
    version bigint NOT NULL
);

-- The id is the SHA-256 of what the browser holds. A login without a user is one of the local operator.
CREATE TABLE access_login (
    id text NOT NULL PRIMARY KEY,
    user_name text,
    created_at bigint NOT NULL,
    authenticated_at bigint NOT NULL,
    last_seen bigint NOT NULL,
    ends_at bigint NOT NULL,
    address text NOT NULL,
    agent text NOT NULL
);
CREATE INDEX access_login_user ON access_login (user_name);
CREATE INDEX access_login_end ON access_login (ends_at);

-- Scopes and projects are JSON lists; the digest is the SHA-256 of the secret.
CREATE TABLE access_token (
    name text NOT NULL PRIMARY KEY,
    digest text NOT NULL UNIQUE,
    maker text NOT NULL,
    scopes text NOT NULL,
    projects text NOT NULL,
    budget bigint,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    last_used bigint
);

-- Each hash is made over the one before it and the record. Rows are added, and never changed or removed.
CREATE TABLE audit (
    number bigint PRIMARY KEY,
    at bigint NOT NULL,
    actor text NOT NULL,
    operation text NOT NULL,
    thing text NOT NULL,
    outcome text NOT NULL,
    status int NOT NULL,
    request_id text NOT NULL,
    address text NOT NULL,
    hash text NOT NULL
);
CREATE INDEX audit_actor ON audit (actor, number);
CREATE INDEX audit_operation ON audit (operation, number);

-- Where the chain ends. Whoever adds to it locks the one row first.
CREATE TABLE audit_tail (
    id bigint PRIMARY KEY,
    number bigint NOT NULL,
    hash text NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
INSERT INTO audit_tail (id, number, hash) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

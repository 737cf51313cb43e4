package dev.architect.store.jdbi.access;

import dev.architect.access.AccessChange;
import dev.architect.access.AccessStore;
import dev.architect.access.AgentToken;
import dev.architect.access.Login;
import dev.architect.access.LoginChallenge;
import dev.architect.access.Passkey;
import dev.architect.access.SecondFactor;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.error.CapacityException;
import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Users, second factors, passkeys, logins and tokens in a database. Changes of users lock one row first, so that they happen one after the other. Safe for use by several
 * threads.
 */
public final class JdbiAccessStore implements AccessStore {

    private static final int MOST_LOGINS = 10_000;

    private static final String USERS =
            "SELECT name, roles, is_active, password, preferences, created_at, password_at, version FROM access_user";
    private static final String LOGINS = "SELECT id, user_name, created_at, authenticated_at, last_seen, ends_at,"
            + " address, agent FROM access_login";
    private static final String TOKENS = "SELECT name, digest, maker, scopes, projects, budget, created_at,"
            + " expires_at, last_used FROM access_token";

    private static final String LOCK = "UPDATE access_lock SET changes = changes + 1 WHERE id = 1";
    private static final String COUNT_USERS = "SELECT count(*) FROM access_user";
    private static final String COUNT_TOKENS = "SELECT count(*) FROM access_token";
    private static final String ADD_USER = "INSERT INTO access_user (name, roles, is_active, password, preferences,"
            + " created_at, password_at, version) VALUES (?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (name) DO NOTHING";
    private static final String CHANGE_USER = "UPDATE access_user SET roles = ?, is_active = ?, password = ?,"
            + " preferences = ?, password_at = ?, version = version + 1 WHERE name = ?";
    private static final String REMOVE_USER = "DELETE FROM access_user WHERE name = ?";
    private static final String FACTORS =
            "SELECT user_name, secret, created_at, confirmed_at, last_step, recovery FROM access_factor";
    private static final String ADD_FACTOR = "INSERT INTO access_factor (user_name, secret, created_at, confirmed_at,"
            + " last_step, recovery) VALUES (?, ?, ?, NULL, ?, ?)";
    private static final String CONFIRM_FACTOR =
            "UPDATE access_factor SET confirmed_at = ?, last_step = ?, recovery = ?"
                    + " WHERE user_name = ? AND secret = ? AND confirmed_at IS NULL";
    private static final String USE_STEP = "UPDATE access_factor SET last_step = ?"
            + " WHERE user_name = ? AND last_step < ? AND confirmed_at IS NOT NULL";
    private static final String KEEP_CODES = "UPDATE access_factor SET recovery = ? WHERE user_name = ?";
    private static final String REMOVE_FACTOR = "DELETE FROM access_factor WHERE user_name = ?";
    private static final String ADD_LOGIN = "INSERT INTO access_login (id, user_name, created_at, authenticated_at,"
            + " last_seen, ends_at, address, agent) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";
    private static final String REMOVE_ENDED = "DELETE FROM access_login WHERE ends_at <= ?";
    private static final String TOUCH_LOGIN = "UPDATE access_login SET last_seen = ?,"
            + " authenticated_at = CASE WHEN authenticated_at < ? THEN ? ELSE authenticated_at END"
            + " WHERE id = ? AND last_seen <= ?";
    private static final String REMOVE_LOGIN = "DELETE FROM access_login WHERE id = ?";
    private static final String REMOVE_LOGINS = "DELETE FROM access_login WHERE user_name = ? AND id <> ?";
    private static final String ADD_TOKEN = "INSERT INTO access_token (name, digest, maker, scopes, projects, budget,"
            + " created_at, expires_at, last_used) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT (name) DO NOTHING";
    private static final String TOUCH_TOKEN =
            "UPDATE access_token SET last_used = ? WHERE digest = ? AND (last_used IS NULL OR last_used < ?)";
    private static final String REMOVE_TOKEN = "DELETE FROM access_token WHERE name = ?";

    private final TransactionalWrites writes;
    private final ReadConnections reads;

    /** Creates the store over the connections of one database. */
    public JdbiAccessStore(TransactionalWrites writes, ReadConnections reads) {
        this.writes = writes;
        this.reads = reads;
    }

    @Override
    public boolean hasUsers() {
        return reads.read(handle -> handle.createQuery("SELECT 1 FROM access_user LIMIT 1")
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
    }

    @Override
    public List<User> users() {
        return reads.read(handle -> handle.createQuery(USERS + " ORDER BY name")
                .map((row, context) -> AccessRows.user(row))
                .list());
    }

    @Override
    public Optional<User> user(String name) {
        return reads.read(handle -> handle.createQuery(USERS + " WHERE name = ?")
                .bind(0, encoded(name))
                .map((row, context) -> AccessRows.user(row))
                .findOne());
    }

    @Override
    public boolean addFirst(User user) {
        return writes.write(sql -> {
            lock(sql);
            return count(sql, COUNT_USERS) == 0 && insert(sql, user);
        });
    }

    @Override
    public boolean add(User user) {
        Optional<User> added = writes.write(sql -> {
            lock(sql);
            if (find(sql, user.name()).isPresent()) {
                return Optional.empty();
            }
            if (count(sql, COUNT_USERS) >= MOST) {
                throw new CapacityException("users", MOST);
            }
            return insert(sql, user) ? Optional.of(user) : Optional.empty();
        });
        return added.isPresent();
    }

    private static boolean insert(WriteConnection sql, User user) throws SQLException {
        // Of an earlier user of this name, whom a program removed that knows no passkeys.
        JdbiPasskeys.removeAll(sql, user.name());
        PreparedStatement add = sql.prepare(ADD_USER);
        add.setString(1, user.name());
        add.setString(2, AccessRows.roles(user.roles()));
        add.setInt(3, user.isActive() ? 1 : 0);
        add.setString(4, user.passwordHash());
        add.setString(5, StoredText.encode(user.preferences()));
        add.setLong(6, Micros.of(user.createdAt()));
        add.setLong(7, Micros.of(user.passwordAt()));
        return add.executeUpdate() > 0;
    }

    @Override
    public AccessChange change(User user) {
        return writes.write(sql -> {
            lock(sql);
            Optional<User> known = find(sql, user.name());
            if (known.isEmpty()) {
                return AccessChange.MISSING;
            }
            if (known.get().version() != user.version()) {
                return AccessChange.STALE;
            }
            if (known.get().isActiveAdmin() && !user.isActiveAdmin() && !hasOtherAdmin(sql, user.name())) {
                return AccessChange.LAST_ADMIN;
            }
            PreparedStatement change = sql.prepare(CHANGE_USER);
            change.setString(1, AccessRows.roles(user.roles()));
            change.setInt(2, user.isActive() ? 1 : 0);
            change.setString(3, user.passwordHash());
            change.setString(4, StoredText.encode(user.preferences()));
            change.setLong(5, Micros.of(user.passwordAt()));
            change.setString(6, user.name());
            change.executeUpdate();
            if (!user.isActive()) {
                JdbiPasskeys.removeAll(sql, user.name());
            }
            return AccessChange.DONE;
        });
    }

    @Override
    public AccessChange remove(String name, long version) {
        return writes.write(sql -> {
            lock(sql);
            Optional<User> known = find(sql, name);
            if (known.isEmpty()) {
                return AccessChange.MISSING;
            }
            if (version != 0 && known.get().version() != version) {
                return AccessChange.STALE;
            }
            if (known.get().isActiveAdmin() && !hasOtherAdmin(sql, name)) {
                return AccessChange.LAST_ADMIN;
            }
            removeLogins(sql, name, "");
            remove(sql, REMOVE_FACTOR, name);
            JdbiPasskeys.removeAll(sql, name);
            PreparedStatement remove = sql.prepare(REMOVE_USER);
            remove.setString(1, encoded(name));
            remove.executeUpdate();
            return AccessChange.DONE;
        });
    }

    private static void lock(WriteConnection sql) throws SQLException {
        sql.prepare(LOCK).executeUpdate();
    }

    private static long count(WriteConnection sql, String statement) throws SQLException {
        try (ResultSet row = sql.prepare(statement).executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Optional<User> find(WriteConnection sql, String name) throws SQLException {
        PreparedStatement select = sql.prepare(USERS + " WHERE name = ?");
        select.setString(1, encoded(name));
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(AccessRows.user(row)) : Optional.empty();
        }
    }

    private static boolean hasOtherAdmin(WriteConnection sql, String name) throws SQLException {
        try (ResultSet row = sql.prepare(USERS + " WHERE is_active = 1").executeQuery()) {
            while (row.next()) {
                User user = AccessRows.user(row);
                if (user.roles().contains(UserRole.ADMIN) && !user.name().equals(name)) {
                    return true;
                }
            }
            return false;
        }
    }

    @Override
    public Optional<SecondFactor> secondFactor(String user) {
        return reads.read(handle -> handle.createQuery(FACTORS + " WHERE user_name = ?")
                .bind(0, encoded(user))
                .map((row, context) -> AccessRows.factor(row))
                .findOne());
    }

    private static Optional<SecondFactor> findFactor(WriteConnection sql, String user) throws SQLException {
        PreparedStatement select = sql.prepare(FACTORS + " WHERE user_name = ?");
        select.setString(1, encoded(user));
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(AccessRows.factor(row)) : Optional.empty();
        }
    }

    @Override
    public boolean beginSecondFactor(SecondFactor begun) {
        return writes.write(sql -> {
            lock(sql);
            boolean isConfirmed = findFactor(sql, begun.user())
                    .filter(SecondFactor::isConfirmed)
                    .isPresent();
            if (isConfirmed || find(sql, begun.user()).isEmpty()) {
                return false;
            }
            remove(sql, REMOVE_FACTOR, begun.user());
            PreparedStatement add = sql.prepare(ADD_FACTOR);
            add.setString(1, encoded(begun.user()));
            add.setString(2, begun.secret());
            add.setLong(3, Micros.of(begun.createdAt()));
            add.setLong(4, begun.lastStep());
            add.setString(5, AccessRows.texts(begun.recovery()));
            return add.executeUpdate() > 0;
        });
    }

    @Override
    public boolean confirmSecondFactor(SecondFactor confirmed) {
        return writes.write(sql -> {
            PreparedStatement confirm = sql.prepare(CONFIRM_FACTOR);
            confirm.setLong(1, Micros.of(confirmed.confirmedAt().orElseThrow()));
            confirm.setLong(2, confirmed.lastStep());
            confirm.setString(3, AccessRows.texts(confirmed.recovery()));
            confirm.setString(4, encoded(confirmed.user()));
            confirm.setString(5, confirmed.secret());
            return confirm.executeUpdate() > 0;
        });
    }

    @Override
    public boolean useStep(String user, long step) {
        return writes.write(sql -> {
            PreparedStatement use = sql.prepare(USE_STEP);
            use.setLong(1, step);
            use.setString(2, encoded(user));
            use.setLong(3, step);
            return use.executeUpdate() > 0;
        });
    }

    @Override
    public boolean useRecoveryCode(String user, String digest) {
        return writes.write(sql -> {
            lock(sql);
            Optional<SecondFactor> known = findFactor(sql, user)
                    .filter(factor -> factor.isConfirmed() && factor.recovery().contains(digest));
            if (known.isEmpty()) {
                return false;
            }
            PreparedStatement keep = sql.prepare(KEEP_CODES);
            keep.setString(
                    1,
                    AccessRows.texts(known.get().recovery().stream()
                            .filter(code -> !code.equals(digest))
                            .toList()));
            keep.setString(2, encoded(user));
            return keep.executeUpdate() > 0;
        });
    }

    @Override
    public boolean removeSecondFactor(String user) {
        return writes.write(sql -> remove(sql, REMOVE_FACTOR, user));
    }

    @Override
    public boolean addPasskey(Passkey passkey) {
        Optional<Passkey> added = writes.write(sql -> {
            lock(sql);
            boolean isKept =
                    find(sql, passkey.user()).filter(User::isActive).isPresent() && JdbiPasskeys.insert(sql, passkey);
            return isKept ? Optional.of(passkey) : Optional.empty();
        });
        return added.isPresent();
    }

    @Override
    public Optional<Passkey> passkey(String id) {
        return JdbiPasskeys.find(reads, id);
    }

    @Override
    public List<Passkey> passkeys(String user) {
        return JdbiPasskeys.of(reads, user);
    }

    @Override
    public boolean usePasskey(String id, Passkey.Use use) {
        return writes.write(sql -> JdbiPasskeys.use(sql, id, use));
    }

    @Override
    public boolean removePasskey(String user, String id) {
        return writes.write(sql -> JdbiPasskeys.remove(sql, user, id));
    }

    @Override
    public int removePasskeys(String user) {
        return writes.write(sql -> JdbiPasskeys.removeAll(sql, user));
    }

    @Override
    public void addChallenge(LoginChallenge challenge) {
        writes.write(sql -> JdbiPasskeys.addChallenge(sql, challenge));
    }

    @Override
    public Optional<LoginChallenge> takeChallenge(String digest) {
        return writes.write(sql -> JdbiPasskeys.takeChallenge(sql, digest));
    }

    @Override
    public void addLogin(Login login) {
        writes.write(sql -> {
            PreparedStatement ended = sql.prepare(REMOVE_ENDED);
            ended.setLong(1, Micros.of(login.createdAt()));
            ended.executeUpdate();
            PreparedStatement add = sql.prepare(ADD_LOGIN);
            add.setString(1, login.id());
            add.setString(2, StoredText.encode(login.user().orElse(null)));
            add.setLong(3, Micros.of(login.createdAt()));
            add.setLong(4, Micros.of(login.authenticatedAt()));
            add.setLong(5, Micros.of(login.lastSeen()));
            add.setLong(6, Micros.of(login.endsAt()));
            add.setString(7, StoredText.encode(login.address()));
            add.setString(8, StoredText.encode(login.agent()));
            return add.executeUpdate();
        });
    }

    @Override
    public Optional<Login> login(String id) {
        return reads.read(handle -> handle.createQuery(LOGINS + " WHERE id = ?")
                .bind(0, encoded(id))
                .map((row, context) -> AccessRows.login(row))
                .findOne());
    }

    @Override
    public List<Login> logins() {
        return reads.read(handle -> handle.createQuery(LOGINS + " ORDER BY created_at DESC, id LIMIT ?")
                .bind(0, MOST_LOGINS)
                .map((row, context) -> AccessRows.login(row))
                .list());
    }

    @Override
    public void touchLogin(String id, Instant lastSeen, Instant authenticatedAt) {
        writes.write(sql -> {
            PreparedStatement touch = sql.prepare(TOUCH_LOGIN);
            touch.setLong(1, Micros.of(lastSeen));
            touch.setLong(2, Micros.of(authenticatedAt));
            touch.setLong(3, Micros.of(authenticatedAt));
            touch.setString(4, encoded(id));
            touch.setLong(5, Micros.of(lastSeen));
            return touch.executeUpdate();
        });
    }

    @Override
    public boolean removeLogin(String id) {
        return writes.write(sql -> remove(sql, REMOVE_LOGIN, id));
    }

    private static boolean remove(WriteConnection sql, String statement, String key) throws SQLException {
        PreparedStatement remove = sql.prepare(statement);
        remove.setString(1, encoded(key));
        return remove.executeUpdate() > 0;
    }

    @Override
    public int removeLogins(String user, Optional<String> kept) {
        return writes.write(sql -> removeLogins(sql, user, kept.orElse("")));
    }

    private static int removeLogins(WriteConnection sql, String user, String kept) throws SQLException {
        PreparedStatement remove = sql.prepare(REMOVE_LOGINS);
        remove.setString(1, encoded(user));
        remove.setString(2, encoded(kept));
        return remove.executeUpdate();
    }

    @Override
    public boolean addToken(AgentToken token) {
        Optional<AgentToken> added = writes.write(sql -> {
            lock(sql);
            if (count(sql, COUNT_TOKENS) >= MOST) {
                throw new CapacityException("tokens", MOST);
            }
            PreparedStatement add = sql.prepare(ADD_TOKEN);
            add.setString(1, token.name());
            add.setString(2, token.digest());
            add.setString(3, StoredText.encode(token.maker()));
            add.setString(4, AccessRows.texts(token.scopes()));
            add.setString(5, AccessRows.projects(token.projects()));
            Columns.setLong(add, 6, token.budget().map(money -> money.picoUsd()).orElse(null));
            add.setLong(7, Micros.of(token.life().createdAt()));
            add.setLong(8, Micros.of(token.life().expiresAt()));
            return add.executeUpdate() > 0 ? Optional.of(token) : Optional.empty();
        });
        return added.isPresent();
    }

    @Override
    public Optional<AgentToken> token(String digest) {
        return reads.read(handle -> handle.createQuery(TOKENS + " WHERE digest = ?")
                .bind(0, encoded(digest))
                .map((row, context) -> AccessRows.token(row))
                .findOne());
    }

    @Override
    public List<AgentToken> tokens() {
        return reads.read(handle -> handle.createQuery(TOKENS + " ORDER BY name")
                .map((row, context) -> AccessRows.token(row))
                .list());
    }

    @Override
    public void touchToken(String digest, Instant lastUsed) {
        writes.write(sql -> {
            PreparedStatement touch = sql.prepare(TOUCH_TOKEN);
            touch.setLong(1, Micros.of(lastUsed));
            touch.setString(2, encoded(digest));
            touch.setLong(3, Micros.of(lastUsed));
            return touch.executeUpdate();
        });
    }

    @Override
    public boolean removeToken(String name) {
        return writes.write(sql -> remove(sql, REMOVE_TOKEN, name));
    }

    private static String encoded(String text) {
        return Objects.requireNonNull(StoredText.encode(text));
    }
}

package dev.architect.store.jdbi.access;

import dev.architect.access.AccessStore;
import dev.architect.access.LoginChallenge;
import dev.architect.access.Passkey;
import dev.architect.error.CapacityException;
import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.WriteConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Statements about passkeys and about what they are asked to sign. Without state. */
final class JdbiPasskeys {

    private static final String PASSKEYS = "SELECT id, user_name, name, public_key, transports, is_backup_eligible,"
            + " is_backed_up, sign_count, created_at, last_used FROM access_passkey";
    private static final String COUNT = "SELECT count(*) FROM access_passkey WHERE user_name = ?";
    private static final String ADD = "INSERT INTO access_passkey (id, user_name, name, public_key, transports,"
            + " is_backup_eligible, is_backed_up, sign_count, created_at, last_used)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";
    // The count is the condition as well, so that of two nodes that see the same signature one keeps it.
    private static final String USE = "UPDATE access_passkey SET sign_count = ?, is_backed_up = ?, last_used = ?"
            + " WHERE id = ? AND sign_count < ?";
    private static final String REMOVE = "DELETE FROM access_passkey WHERE id = ? AND user_name = ?";
    private static final String REMOVE_ALL = "DELETE FROM access_passkey WHERE user_name = ?";

    private static final String REMOVE_CHALLENGES = "DELETE FROM access_challenge WHERE ends_at <= ? OR purpose = ?";
    private static final String COUNT_CHALLENGES = "SELECT count(*) FROM access_challenge";
    private static final String ADD_CHALLENGE = "INSERT INTO access_challenge (id, purpose, created_at, ends_at)"
            + " VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";
    private static final String TAKE_CHALLENGE =
            "DELETE FROM access_challenge WHERE id = ? RETURNING id, purpose, created_at, ends_at";

    private JdbiPasskeys() {}

    static Optional<Passkey> find(ReadConnections reads, String id) {
        return reads.read(handle -> handle.createQuery(PASSKEYS + " WHERE id = ?")
                .bind(0, encoded(id))
                .map((row, context) -> AccessRows.passkey(row))
                .findOne());
    }

    static List<Passkey> of(ReadConnections reads, String user) {
        return reads.read(handle -> handle.createQuery(PASSKEYS + " WHERE user_name = ? ORDER BY created_at, id")
                .bind(0, encoded(user))
                .map((row, context) -> AccessRows.passkey(row))
                .list());
    }

    static boolean insert(WriteConnection sql, Passkey passkey) throws SQLException {
        PreparedStatement count = sql.prepare(COUNT);
        count.setString(1, encoded(passkey.user()));
        if (one(count) >= AccessStore.MOST_PASSKEYS) {
            throw new CapacityException("passkeys of a user", AccessStore.MOST_PASSKEYS);
        }
        PreparedStatement add = sql.prepare(ADD);
        add.setString(1, passkey.id());
        add.setString(2, encoded(passkey.user()));
        add.setString(3, StoredText.encode(passkey.name()));
        add.setString(4, StoredText.encode(passkey.publicKey()));
        add.setString(5, AccessRows.texts(passkey.transports()));
        add.setInt(6, passkey.isBackupEligible() ? 1 : 0);
        add.setInt(7, passkey.use().isBackedUp() ? 1 : 0);
        add.setLong(8, passkey.use().signCount());
        add.setLong(9, Micros.of(passkey.createdAt()));
        Columns.setLong(add, 10, passkey.use().lastUsed().map(Micros::of).orElse(null));
        return add.executeUpdate() > 0;
    }

    private static long one(PreparedStatement count) throws SQLException {
        try (ResultSet row = count.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    static boolean use(WriteConnection sql, String id, Passkey.Use use) throws SQLException {
        PreparedStatement update = sql.prepare(USE);
        update.setLong(1, use.signCount());
        update.setInt(2, use.isBackedUp() ? 1 : 0);
        Columns.setLong(update, 3, use.lastUsed().map(Micros::of).orElse(null));
        update.setString(4, encoded(id));
        // One that does not count says zero each time.
        update.setLong(5, Math.max(1, use.signCount()));
        return update.executeUpdate() > 0;
    }

    static boolean remove(WriteConnection sql, String user, String id) throws SQLException {
        PreparedStatement remove = sql.prepare(REMOVE);
        remove.setString(1, encoded(id));
        remove.setString(2, encoded(user));
        return remove.executeUpdate() > 0;
    }

    static int removeAll(WriteConnection sql, String user) throws SQLException {
        PreparedStatement remove = sql.prepare(REMOVE_ALL);
        remove.setString(1, encoded(user));
        return remove.executeUpdate();
    }

    static int addChallenge(WriteConnection sql, LoginChallenge challenge) throws SQLException {
        PreparedStatement remove = sql.prepare(REMOVE_CHALLENGES);
        remove.setLong(1, Micros.of(challenge.createdAt()));
        remove.setString(2, encoded(challenge.purpose()));
        remove.executeUpdate();
        if (one(sql.prepare(COUNT_CHALLENGES)) >= AccessStore.MOST_CHALLENGES) {
            throw new CapacityException("challenges", AccessStore.MOST_CHALLENGES);
        }
        PreparedStatement add = sql.prepare(ADD_CHALLENGE);
        add.setString(1, encoded(challenge.digest()));
        add.setString(2, encoded(challenge.purpose()));
        add.setLong(3, Micros.of(challenge.createdAt()));
        add.setLong(4, Micros.of(challenge.endsAt()));
        return add.executeUpdate();
    }

    static Optional<LoginChallenge> takeChallenge(WriteConnection sql, String digest) throws SQLException {
        PreparedStatement take = sql.prepare(TAKE_CHALLENGE);
        take.setString(1, encoded(digest));
        try (ResultSet row = take.executeQuery()) {
            return row.next() ? Optional.of(AccessRows.challenge(row)) : Optional.empty();
        }
    }

    private static String encoded(String text) {
        return Objects.requireNonNull(StoredText.encode(text));
    }
}

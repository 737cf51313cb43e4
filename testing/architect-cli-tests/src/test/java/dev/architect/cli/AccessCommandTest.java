package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.access.Passkey;
import dev.architect.access.PasswordHasher;
import dev.architect.access.Pbkdf2PasswordHasher;
import dev.architect.access.SecondFactor;
import dev.architect.access.SecretDigest;
import dev.architect.audit.AuditCheckpoint;
import dev.architect.audit.AuditTail;
import dev.architect.runtime.audit.CheckpointFile;
import dev.architect.spi.TimeSource;
import dev.architect.store.sqlite.SqliteStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gaia user}, {@code gaia token} and {@code gaia audit}, on a real file. */
final class AccessCommandTest {

    /** As that of the commands, in a hundredth of the time. */
    private static final PasswordHasher QUICK = new Pbkdf2PasswordHasher(1_000, TimeSource.system()::random);

    @TempDir
    private Path folder;

    private Path database;
    private Path password;

    @BeforeEach
    void create() throws Exception {
        database = folder.resolve("architect.db");
        SqliteStore.at(database).close();
        password = Files.writeString(folder.resolve("password"), "tricky gnomes juggle lamps\n");
    }

    private GaiaRun gaia(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", folder.toString()));
        return GaiaRun.gaiaWith(QUICK, all.toArray(String[]::new));
    }

    private GaiaRun add(String name, String... roles) {
        List<String> all = new ArrayList<>(List.of("user", "add", name, "--password-file", password.toString()));
        for (String role : roles) {
            all.addAll(List.of("--role", role));
        }
        return gaia(all.toArray(String[]::new));
    }

    @Test
    void usersAreAddedListedResetAndRemoved() throws Exception {
        assertThat(gaia("user", "list").err()).contains("There is no user.");

        assertThat(add("ada", "admin", "approver").out()).contains("user ada is added: approver, admin");
        assertThat(add("bob", "viewer").out()).contains("user bob is added: viewer");
        assertThat(add("bob", "viewer").err()).contains("user 'bob' exists");

        assertThat(gaia("user", "list").out()).contains("ada", "approver, admin", "bob", "viewer", "yes");
        String before = hash("bob");
        assertThat(GaiaRun.gaia(
                                "user",
                                "reset",
                                "bob",
                                "--password-file",
                                password.toString(),
                                "--data",
                                folder.toString())
                        .out())
                .contains("user bob has a new password");
        assertThat(hash("bob")).startsWith("$pbkdf2-sha256$i=600000$").isNotEqualTo(before);
        assertThat(gaia("user", "remove", "ada").err()).contains("user 'ada' is the last active admin");
        assertThat(gaia("user", "remove", "bob").out()).contains("user bob is removed");
        assertThat(gaia("user", "remove", "bob").err()).contains("user 'bob' does not exist");
    }

    @Test
    void whoHasLostTheAppLogsInByThePasswordAlone() throws Exception {
        add("ada", "admin");
        assertThat(gaia("user", "reset", "ada", "--second-factor").out()).contains("user ada has no authenticator app");
        Instant now = Instant.parse("2026-11-27T10:00:00Z");
        try (SqliteStore store = SqliteStore.at(database)) {
            SecondFactor begun = SecondFactor.begin("ada", new byte[] {1, 2, 3}, now);
            store.access().orElseThrow().beginSecondFactor(begun);
            store.access().orElseThrow().confirmSecondFactor(begun.confirmed(now, 1, Set.of()));
        }
        String before = hash("ada");

        assertThat(gaia("user", "reset", "ada", "--second-factor").out())
                .contains("user ada logs in by the password alone");

        try (SqliteStore store = SqliteStore.at(database)) {
            assertThat(store.access().orElseThrow().secondFactor("ada")).isEmpty();
        }
        assertThat(hash("ada")).isEqualTo(before);
        assertThat(gaia("audit", "list").out()).contains("users.reset");
        assertThat(gaia("user", "reset", "eve", "--second-factor").err()).contains("user 'eve' does not exist");
    }

    @Test
    void whoHasLostThePasskeysLogsInByThePasswordAlone() throws Exception {
        add("ada", "admin");
        assertThat(gaia("user", "reset", "ada", "--passkeys").out()).contains("user ada has no passkeys");
        Instant now = Instant.parse("2026-11-27T10:00:00Z");
        try (SqliteStore store = SqliteStore.at(database)) {
            Passkey.Use use = new Passkey.Use(0, false, Optional.empty());
            store.access()
                    .orElseThrow()
                    .addPasskey(new Passkey("AA", "ada", "laptop", "pQEC", Set.of(), false, now, use));
        }
        String before = hash("ada");

        assertThat(gaia("user", "reset", "ada", "--passkeys").out()).contains("user ada has no passkeys any more");

        try (SqliteStore store = SqliteStore.at(database)) {
            assertThat(store.access().orElseThrow().passkeys("ada")).isEmpty();
        }
        assertThat(hash("ada")).isEqualTo(before);
        assertThat(gaia("audit", "list").out()).contains("users.reset");
        assertThat(gaia("user", "reset", "eve", "--passkeys").err()).contains("user 'eve' does not exist");
    }

    private String hash(String name) {
        try (SqliteStore store = SqliteStore.at(database)) {
            return store.access().orElseThrow().user(name).orElseThrow().passwordHash();
        }
    }

    @Test
    void whatIsWrongIsNamedAndKeepsNothing() throws Exception {
        assertThat(add("Ada", "admin").err()).contains("name is 'Ada', expected 1 to 64 of a-z");
        assertThat(add("ada", "root").err()).contains("role is 'root', expected one of viewer, operator");
        Files.writeString(password, "peace5");
        assertThat(add("ada", "admin").err()).contains("the password has 6 characters, expected at least 15");
        assertThat(gaia("token", "create", "ci", "--scope", "users:w", "--days", "3")
                        .err())
                .contains("scope is 'users:w', expected");
        assertThat(gaia("token", "create", "ci", "--scope", "tasks:w", "--days", "400")
                        .err())
                .contains("within a year");
        assertThat(gaia("user", "list").err()).contains("There is no user.");
        assertThat(gaia("token", "list").err()).contains("There is no token.");
        assertThat(gaia("audit", "list").out()).doesNotContain("users.create");
    }

    @Test
    void theSecretOfATokenIsPrintedOnceAndItsDigestKept() {
        GaiaRun made = gaia(
                "token",
                "create",
                "ci",
                "--scope",
                "tasks:w",
                "--scope",
                "gateway:x",
                "--days",
                "30",
                "--project",
                "shop",
                "--budget",
                "2.50");

        String secret = made.out().strip();
        assertThat(secret).matches("arc_[0-9a-f]{64}");
        assertThat(gaia("token", "list").out())
                .contains("ci", "gateway:x tasks:w", "shop", "operator", "never")
                .doesNotContain(secret);
        try (SqliteStore store = SqliteStore.at(database)) {
            assertThat(store.access().orElseThrow().token(SecretDigest.of(secret)))
                    .isPresent();
        }
        assertThat(gaia("budget", "list").out()).contains("agent-ci", "user:agent:ci", "$2.50", "total");
        assertThat(gaia("token", "revoke", "ci").out()).contains("token ci is revoked");
        assertThat(gaia("token", "revoke", "ci").err()).contains("token 'ci' does not exist");
        assertThat(gaia("budget", "list").err()).contains("There is no budget.");
    }

    @Test
    void theAuditIsVerifiedAndEachFalsificationIsFoundAtItsPlace() throws Exception {
        add("ada", "admin");
        add("bob", "viewer");
        gaia("user", "remove", "bob");
        assertThat(gaia("audit", "list").out()).contains("users.create", "users.delete", "operator", "bob", "done");
        GaiaRun verified = gaia("audit", "verify");
        assertThat(verified.out()).contains("The audit is intact: 3 entries, 0 checkpoints.");
        assertThat(verified.err()).contains("Without a checkpoint");

        Path checkpoints = folder.resolve("audit-checkpoints.jsonl");
        AuditTail tail;
        try (SqliteStore store = SqliteStore.at(database)) {
            tail = store.audit().orElseThrow().tail();
        }
        new CheckpointFile(checkpoints).add(new AuditCheckpoint(tail.number(), tail.hash(), Instant.now()));
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("audit-checkpoints.jsonl.key"))))
                .isEqualTo("rw-------");
        assertThat(gaia("audit", "verify").out()).contains("3 entries, 1 checkpoints");

        assertThat(falsified("UPDATE audit SET actor = 'eve' WHERE number = 2")).contains("at entry 2 it is changed");
        assertThat(falsified("DELETE FROM audit WHERE number = 2")).contains("at entry 2 it is missing");
        assertThat(falsified("DELETE FROM audit WHERE number = 3")).contains("at entry 3 it is cut");
        assertThat(falsified(
                        "DELETE FROM audit WHERE number = 3",
                        "UPDATE audit_tail SET number = 2, hash = (SELECT hash FROM audit WHERE number = 2)"))
                .contains("at entry 3 it is cut");
        assertThat(falsified("DELETE FROM audit", "UPDATE audit_tail SET number = 0, hash = '" + "0".repeat(64) + "'"))
                .contains("at entry 1 it is cut");

        String line = Files.readString(checkpoints);
        Files.writeString(checkpoints, line.replace("\"number\":3", "\"number\":2"));
        assertThat(gaia("audit", "verify").err()).contains("wrong signature in line 1");
    }

    /** What the check says about a copy of the data that was changed so. */
    private String falsified(String... statements) throws Exception {
        Path copy = Files.createTempDirectory(folder, "copy");
        for (String file : List.of("architect.db", "audit-checkpoints.jsonl", "audit-checkpoints.jsonl.key")) {
            Files.copy(folder.resolve(file), copy.resolve(file));
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy.resolve("architect.db"));
                Statement sql = connection.createStatement()) {
            for (String each : statements) {
                sql.execute(each);
            }
        }
        GaiaRun run = GaiaRun.gaia("audit", "verify", "--data", copy.toString());
        assertThat(run.out()).doesNotContain("intact");
        return run.err();
    }
}

package dev.architect.store.jdbi.access;

import dev.architect.access.AgentToken;
import dev.architect.access.Login;
import dev.architect.access.LoginChallenge;
import dev.architect.access.Passkey;
import dev.architect.access.SecondFactor;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.cost.Money;
import dev.architect.json.JsonText;
import dev.architect.project.ProjectId;
import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.StoredText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Rows of users, logins, passkeys and tokens, read and written. */
final class AccessRows {

    private AccessRows() {}

    static User user(ResultSet row) throws SQLException {
        return new User(
                row.getString("name"),
                readRoles(row.getString("roles")),
                row.getInt("is_active") != 0,
                row.getString("password"),
                String.valueOf(StoredText.read(row, "preferences")),
                Micros.instant(row.getLong("created_at")),
                Micros.instant(row.getLong("password_at")),
                row.getLong("version"));
    }

    static Login login(ResultSet row) throws SQLException {
        return new Login(
                row.getString("id"),
                Optional.ofNullable(StoredText.read(row, "user_name")),
                Micros.instant(row.getLong("created_at")),
                Micros.instant(row.getLong("authenticated_at")),
                Micros.instant(row.getLong("last_seen")),
                Micros.instant(row.getLong("ends_at")),
                String.valueOf(StoredText.read(row, "address")),
                String.valueOf(StoredText.read(row, "agent")));
    }

    static SecondFactor factor(ResultSet row) throws SQLException {
        return new SecondFactor(
                String.valueOf(StoredText.read(row, "user_name")),
                row.getString("secret"),
                Micros.instant(row.getLong("created_at")),
                Optional.ofNullable(Columns.longOrNull(row, "confirmed_at")).map(Micros::instant),
                row.getLong("last_step"),
                Set.copyOf(readTexts(row.getString("recovery"))));
    }

    static Passkey passkey(ResultSet row) throws SQLException {
        return new Passkey(
                row.getString("id"),
                String.valueOf(StoredText.read(row, "user_name")),
                String.valueOf(StoredText.read(row, "name")),
                String.valueOf(StoredText.read(row, "public_key")),
                Set.copyOf(readTexts(row.getString("transports"))),
                row.getInt("is_backup_eligible") != 0,
                Micros.instant(row.getLong("created_at")),
                new Passkey.Use(
                        row.getLong("sign_count"),
                        row.getInt("is_backed_up") != 0,
                        Optional.ofNullable(Columns.longOrNull(row, "last_used"))
                                .map(Micros::instant)));
    }

    static LoginChallenge challenge(ResultSet row) throws SQLException {
        return new LoginChallenge(
                String.valueOf(StoredText.read(row, "id")),
                String.valueOf(StoredText.read(row, "purpose")),
                Micros.instant(row.getLong("created_at")),
                Micros.instant(row.getLong("ends_at")));
    }

    static AgentToken token(ResultSet row) throws SQLException {
        return new AgentToken(
                row.getString("name"),
                row.getString("digest"),
                String.valueOf(StoredText.read(row, "maker")),
                Set.copyOf(readTexts(row.getString("scopes"))),
                readTexts(row.getString("projects")).stream()
                        .map(ProjectId::new)
                        .collect(Collectors.toSet()),
                Optional.ofNullable(Columns.longOrNull(row, "budget")).map(Money::new),
                new AgentToken.Life(
                        Micros.instant(row.getLong("created_at")),
                        Micros.instant(row.getLong("expires_at")),
                        Optional.ofNullable(Columns.longOrNull(row, "last_used"))
                                .map(Micros::instant)));
    }

    static String roles(Set<UserRole> roles) {
        return texts(roles.stream().map(UserRole::word).toList());
    }

    /** A newer version may have written a role that this one does not know, which allows nothing here. */
    private static Set<UserRole> readRoles(String json) {
        List<String> words = readTexts(json);
        Set<UserRole> roles = Arrays.stream(UserRole.values())
                .filter(role -> words.contains(role.word()))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(UserRole.class)));
        return roles.isEmpty() ? EnumSet.of(UserRole.VIEWER) : roles;
    }

    static String projects(Set<ProjectId> projects) {
        return texts(projects.stream().map(ProjectId::name).toList());
    }

    /** Sorted, so that equal sets are equal texts in the database. */
    static String texts(Collection<String> texts) {
        return JsonText.write(texts.stream().sorted().toList());
    }

    private static List<String> readTexts(String json) {
        return JsonText.read(json) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }
}

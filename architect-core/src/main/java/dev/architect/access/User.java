package dev.architect.access;

import dev.architect.check.Check;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A person who may log in. Further components will only be added at the end.
 *
 * @param name what the user logs in with, and is known by in the audit: 1 to 64 of lower-case letters, digits and {@code . _ @ -},
 *     beginning with a letter or a digit
 * @param roles what the user may, at least one
 * @param isActive whether the user may log in
 * @param passwordHash what {@link PasswordHasher} has made of the password
 * @param preferences a JSON object that belongs to the pages, at most 4,000 characters
 * @param createdAt when the user was added
 * @param passwordAt when the password was set
 * @param version counts the changes, from 1
 */
public record User(
        String name,
        Set<UserRole> roles,
        boolean isActive,
        String passwordHash,
        String preferences,
        Instant createdAt,
        Instant passwordAt,
        long version) {

    /** The most characters of a user's preferences. */
    public static final int MAX_PREFERENCES = 4_000;

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");

    /** Checks the components and copies the roles. */
    public User {
        checkName(name);
        roles = Set.copyOf(Check.noNulls("roles", roles));
        Check.notBlank("passwordHash", passwordHash);
        Check.atMost("preferences", preferences, MAX_PREFERENCES);
        Check.notNull("createdAt", createdAt);
        Check.notNull("passwordAt", passwordAt);
        Check.notNegative("version", version);
        if (roles.isEmpty()) {
            throw new IllegalArgumentException("roles are empty, expected at least one");
        }
    }

    /** Returns a new user without preferences, whose password was set at {@code now}. */
    public static User create(String name, Set<UserRole> roles, String passwordHash, Instant now) {
        return new User(name, roles, true, passwordHash, "{}", now, now, 1);
    }

    /**
     * Returns {@code name} when a user may have it.
     *
     * @throws IllegalArgumentException when not
     */
    public static String checkName(String name) {
        if (!NAME.matcher(Check.notNull("name", name)).matches()) {
            throw new IllegalArgumentException("name is '" + (name.length() > 80 ? name.substring(0, 80) : name)
                    + "', expected 1 to 64 of a-z, 0-9 and . _ @ -, beginning with a letter or a digit");
        }
        return name;
    }

    /** Whether the user is one who can administer: active, and an admin. */
    public boolean isActiveAdmin() {
        return isActive && roles.contains(UserRole.ADMIN);
    }

    /** Returns a copy with other roles. */
    public User withRoles(Set<UserRole> changed) {
        return new User(name, changed, isActive, passwordHash, preferences, createdAt, passwordAt, version);
    }

    /** Returns a copy that may log in, or not. */
    public User withActive(boolean changed) {
        return new User(name, roles, changed, passwordHash, preferences, createdAt, passwordAt, version);
    }

    /** Returns a copy whose password was set to another one at {@code now}. */
    public User withPassword(String hash, Instant now) {
        return new User(name, roles, isActive, hash, preferences, createdAt, now, version);
    }

    /** Returns a copy with other preferences, a JSON object. */
    public User withPreferences(String changed) {
        return new User(name, roles, isActive, passwordHash, changed, createdAt, passwordAt, version);
    }

    /** Shows nothing of the password. */
    @Override
    public String toString() {
        return "User[" + name + ", " + roles + (isActive ? "" : ", not active") + "]";
    }
}

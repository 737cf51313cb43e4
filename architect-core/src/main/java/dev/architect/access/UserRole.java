package dev.architect.access;

import dev.architect.check.Check;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a user is trusted with. A user with several roles has the permissions of all of them; {@link RolePermissions} lists these. */
public enum UserRole {
    /** Sees what runs and what it costs. */
    VIEWER,
    /** Submits and controls work. */
    OPERATOR,
    /** Decides about work that waits for a person. */
    APPROVER,
    /** Does everything, users and secrets included. */
    ADMIN;

    /** The role in lower case, as in JSON and on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the role of that word.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static UserRole ofWord(String word) {
        Check.notNull("word", word);
        return Arrays.stream(values())
                .filter(role -> role.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("role is '" + word + "', expected one of "
                        + Arrays.stream(values()).map(UserRole::word).collect(Collectors.joining(", "))));
    }
}

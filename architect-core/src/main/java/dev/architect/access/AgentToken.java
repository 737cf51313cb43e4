package dev.architect.access;

import dev.architect.check.Check;
import dev.architect.cost.Money;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The right of a program to act, as {@code agent:<name>}. Its secret is shown once and not kept. Further components will only be added at the
 * end.
 *
 * @param name what the agent is known by in the audit, unique: 1 to 58 of lower-case letters, digits and {@code . _ -}
 * @param digest the SHA-256, in hexadecimal, of the secret
 * @param maker who has made it
 * @param scopes the permissions that it has, such as {@code tasks:w}
 * @param projects those that it may work for; empty for all
 * @param budget what its calls may cost in all; empty without a limit of its own
 * @param life when it was made, ends, and was used
 */
public record AgentToken(
        String name,
        String digest,
        String maker,
        Set<String> scopes,
        Set<ProjectId> projects,
        Optional<Money> budget,
        Life life) {

    /** What each secret begins with, so that one that was published can be found and recognised. */
    public static final String PREFIX = "arc_";

    /** How long a token is valid at most. */
    public static final Duration MAX_LIFE = Duration.ofDays(366);

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,57}");

    /**
     * When a token was made, when it ends, and when it was last used.
     *
     * @param createdAt when it was made
     * @param expiresAt when it ends, at most {@link #MAX_LIFE} later
     * @param lastUsed when it was last used, to the minute; empty when it never was
     */
    public record Life(Instant createdAt, Instant expiresAt, Optional<Instant> lastUsed) {

        /** Checks that it ends, and not too late. */
        public Life {
            Check.notNull("createdAt", createdAt);
            Check.notNull("expiresAt", expiresAt);
            Check.notNull("lastUsed", lastUsed);
            if (!expiresAt.isAfter(createdAt) || expiresAt.isAfter(createdAt.plus(MAX_LIFE))) {
                throw new IllegalArgumentException(
                        "expiresAt is " + expiresAt + ", expected after " + createdAt + " and within a year");
            }
        }
    }

    /** Checks the components and copies the sets. */
    public AgentToken {
        Check.notNull("name", name);
        Check.notBlank("digest", digest);
        Check.notBlank("maker", maker);
        scopes = Set.copyOf(Check.noNulls("scopes", scopes));
        projects = Set.copyOf(Check.noNulls("projects", projects));
        Check.notNull("budget", budget);
        Check.notNull("life", life);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name is '" + (name.length() > 80 ? name.substring(0, 80) : name)
                    + "', expected 1 to 58 of a-z, 0-9 and . _ -, beginning with a letter or a digit");
        }
        if (scopes.isEmpty()) {
            throw new IllegalArgumentException("scopes are empty, expected at least one");
        }
        for (String scope : scopes) {
            if (!RolePermissions.isPermission(scope)) {
                throw new IllegalArgumentException("scope is '" + scope + "', expected an area and r, w or x: tasks:r");
            }
            if (!RolePermissions.isForAgents(scope)) {
                throw new IllegalArgumentException("scope is '" + scope + "', expected one that agents may have");
            }
        }
    }

    /** Whether it may be used at {@code now}. */
    public boolean isValid(Instant now) {
        return Check.notNull("now", now).isBefore(life.expiresAt());
    }

    /** How its user is called in the audit and in what calls cost. */
    public String actor() {
        return Attribution.AGENT + name;
    }

    /** Shows nothing of the digest. */
    @Override
    public String toString() {
        return "AgentToken[" + name + ", " + scopes + "]";
    }
}

package dev.architect.project;

import dev.architect.check.Check;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What the cost of requests and tasks is filed under: a project, the host's user, and tags. Immutable. User and tags are
 * stored with every call, so they hold no secrets.
 *
 * @param project the project
 * @param user the host's own id of the user on whose behalf the work is done, at most 128 characters; empty when there is none
 * @param tags the host's own dimensions of cost, at most 16: names of lower-case letters, digits, dots, dashes and underscores,
 *     values of at most 256 characters
 */
public record Attribution(ProjectId project, Optional<String> user, Map<String, String> tags) {

    /** The default project, no user, no tags. */
    public static final Attribution DEFAULT = of(ProjectId.DEFAULT);

    /** What the user of the work of an agent begins with; the name of its token follows. */
    public static final String AGENT = "agent:";

    private static final int MAX_USER_CHARACTERS = 128;
    private static final int MAX_TAGS = 16;
    private static final int MAX_TAG_CHARACTERS = 256;
    private static final Pattern TAG = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    /** Copies the tags and checks every field. */
    public Attribution {
        Check.notNull("project", project);
        Check.notNull("user", user)
                .ifPresent(id -> Check.atMost("user", Check.notBlank("user", id), MAX_USER_CHARACTERS));
        tags = Map.copyOf(Check.noNulls("tags", tags));
        Check.range("tags size", tags.size(), 0, MAX_TAGS);
        tags.forEach((name, value) -> {
            if (!TAG.matcher(name).matches()) {
                throw new IllegalArgumentException("tag name is '" + name
                        + "', expected 1 to 64 lower-case letters, digits, dots, dashes and underscores");
            }
            Check.atMost("tag " + name, value, MAX_TAG_CHARACTERS);
        });
    }

    /** Returns an attribution to {@code project} without user and tags. */
    public static Attribution of(ProjectId project) {
        return new Attribution(project, Optional.empty(), Map.of());
    }

    /**
     * The API key on whose behalf the work is done, by the name of the agent's token: what follows {@link #AGENT} in the user. Empty for the work of
     * all others.
     */
    public Optional<String> key() {
        return user.filter(id -> id.startsWith(AGENT) && id.length() > AGENT.length())
                .map(id -> id.substring(AGENT.length()));
    }

    /** Returns a copy with another project. */
    public Attribution withProject(ProjectId changed) {
        return new Attribution(changed, user, tags);
    }

    /** Returns a copy with a user. */
    public Attribution withUser(String changed) {
        return new Attribution(project, Optional.of(Check.notNull("user", changed)), tags);
    }

    /** Returns a copy with one more tag, or another value of one that is there. */
    public Attribution withTag(String name, String value) {
        Map<String, String> changed = new TreeMap<>(tags);
        changed.put(Check.notNull("tag name", name), Check.notNull("tag " + name, value));
        return new Attribution(project, user, changed);
    }
}

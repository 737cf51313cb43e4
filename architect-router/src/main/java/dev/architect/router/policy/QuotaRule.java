package dev.architect.router.policy;

import dev.architect.model.ModelId;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * How much may be used of a provider's key, of a model, or by a tenant, within any span of a period, and how many calls at the same time. A
 * call that several rules are about takes from all of them, or is not made. Immutable.
 *
 * @param subject what it is about
 * @param name which one: {@code openai}, {@code openai/gpt-4o-mini}, a project, a user, {@code team=blue} for a tag; {@code *} for each
 *     project or user, and {@code team=*} for each value of a tag, by itself
 * @param period the span, a second to 24 hours
 * @param limits the most of each unit, at least one of them, each 1 or more
 */
public record QuotaRule(Subject subject, String name, Duration period, Map<QuotaUnit, Long> limits) {

    /** The period when nothing else is said, as vendors have it. */
    public static final Duration MINUTE = Duration.ofMinutes(1);

    /** Stands for each project, user or value of a tag by itself. */
    public static final String EACH = "*";

    static final Duration SHORTEST = Duration.ofSeconds(1);
    static final long MOST = 1_000_000_000_000L;

    private static final int MOST_CHARACTERS = 400;

    /** What a quota is about. */
    public enum Subject {
        /** All models of a provider, which share its key. */
        PROVIDER,
        /** One model at one provider. */
        MODEL,
        /** What is filed under a project. */
        PROJECT,
        /** What is done on behalf of a user of the host. */
        USER,
        /** What has a tag of a value. */
        TAG
    }

    /** Copies the limits and checks every field. */
    public QuotaRule {
        Objects.requireNonNull(subject, "subject");
        checkName(subject, name);
        if (period.compareTo(SHORTEST) < 0 || period.compareTo(PolicyChecks.LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "period is " + period + ", expected " + SHORTEST + ".." + PolicyChecks.LONGEST);
        }
        if (limits.isEmpty()) {
            throw new IllegalArgumentException("quota of " + name
                    + " has no limit, expected requests, tokens, inputTokens, outputTokens or maxConcurrent");
        }
        limits = Collections.unmodifiableMap(new EnumMap<>(limits));
        limits.forEach((unit, limit) -> {
            if (limit < 1 || limit > MOST) {
                throw new IllegalArgumentException(unit.field() + " is " + limit + ", expected 1.." + MOST);
            }
        });
    }

    /** Returns a rule for a minute. */
    public static QuotaRule perMinute(Subject subject, String name, QuotaUnit unit, long limit) {
        return new QuotaRule(subject, name, MINUTE, Map.of(unit, limit));
    }

    private static void checkName(Subject subject, String name) {
        if (name.isBlank() || name.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("name of a quota has " + name.length() + " characters, expected 1.."
                    + MOST_CHARACTERS + " that are not all blank");
        }
        if (subject == Subject.MODEL) {
            ModelId.parse(name);
        } else if (subject == Subject.TAG && name.indexOf('=') < 1) {
            throw new IllegalArgumentException("tag is '" + name + "', expected name=value or name=*");
        }
    }

    /** Whether each project, user or value of the tag has the limits by itself. */
    public boolean isEach() {
        return switch (subject) {
            case PROVIDER, MODEL -> false;
            case PROJECT, USER -> name.equals(EACH);
            case TAG -> name.endsWith("=" + EACH);
        };
    }
}

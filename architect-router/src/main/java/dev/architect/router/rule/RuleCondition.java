package dev.architect.router.rule;

import dev.architect.chat.Quality;
import dev.architect.model.Capability;
import dev.architect.model.Complexity;
import dev.architect.task.Priority;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which requests a rule or an experiment is about. A request meets it when it meets every part that is given; an empty part is met by
 * every request. A text that ends with {@code *} stands for every text that starts with what is before it.
 *
 * @param complexities any of these classes
 * @param qualities any of these requested qualities
 * @param projects any of these projects
 * @param users any of these users; a request without a user meets none
 * @param tags for each of these tags any of the values
 * @param needs all of these capabilities, which the request needs by its content or by name
 * @param mostUrgent the least number of a priority, 0 to 9
 * @param leastUrgent the largest number of a priority, {@code mostUrgent} to 9
 */
public record RuleCondition(
        Set<Complexity> complexities,
        Set<Quality> qualities,
        List<String> projects,
        List<String> users,
        Map<String, List<String>> tags,
        Set<Capability> needs,
        int mostUrgent,
        int leastUrgent) {

    /** Every request. */
    public static final RuleCondition ALWAYS =
            new RuleCondition(Set.of(), Set.of(), List.of(), List.of(), Map.of(), Set.of(), 0, 9);

    private static final int LAST_PRIORITY = 9;
    private static final int MAX_VALUES = 1_000;
    private static final int MAX_TAGS = 16;

    /** Copies the collections and checks every field. */
    public RuleCondition {
        complexities = copy(Complexity.class, complexities);
        qualities = copy(Quality.class, qualities);
        projects = texts("project", projects);
        users = texts("user", users);
        Map<String, List<String>> copied = new TreeMap<>();
        tags.forEach((name, values) -> copied.put(RuleChecks.name("tag name", name), texts("tag " + name, values)));
        tags = Collections.unmodifiableMap(copied);
        RuleChecks.atMost("tags", tags.keySet(), MAX_TAGS);
        needs = copy(Capability.class, needs);
        RuleChecks.range("priority", mostUrgent, 0, LAST_PRIORITY);
        RuleChecks.range("priority", leastUrgent, mostUrgent, LAST_PRIORITY);
    }

    private static <E extends Enum<E>> Set<E> copy(Class<E> type, Set<E> values) {
        EnumSet<E> copied = EnumSet.noneOf(type);
        copied.addAll(values);
        return Collections.unmodifiableSet(copied);
    }

    private static List<String> texts(String field, List<String> values) {
        RuleChecks.atMost(field, values, MAX_VALUES);
        for (String value : values) {
            if (value.isBlank()) {
                throw new IllegalArgumentException(field + " is blank, expected text");
            }
        }
        return List.copyOf(values);
    }

    /** Returns a builder of a condition that every request meets. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether every request meets it. */
    public boolean isAlwaysMet() {
        return equals(ALWAYS);
    }

    /** Collects the parts of a condition; each call adds to what is there. Not safe for use by several threads. */
    public static final class Builder {
        private final Set<Complexity> complexities = EnumSet.noneOf(Complexity.class);
        private final Set<Quality> qualities = EnumSet.noneOf(Quality.class);
        private final Set<String> projects = new LinkedHashSet<>();
        private final Set<String> users = new LinkedHashSet<>();
        private final Map<String, List<String>> tags = new TreeMap<>();
        private final Set<Capability> needs = EnumSet.noneOf(Capability.class);
        private int mostUrgent;
        private int leastUrgent = LAST_PRIORITY;

        private Builder() {}

        /** Any of these classes of complexity. */
        public Builder complexity(Complexity... any) {
            complexities.addAll(List.of(any));
            return this;
        }

        /** Any of these requested qualities. */
        public Builder quality(Quality... any) {
            qualities.addAll(List.of(any));
            return this;
        }

        /** Any of these projects. */
        public Builder project(String... any) {
            projects.addAll(List.of(any));
            return this;
        }

        /** Any of these users. */
        public Builder user(String... any) {
            users.addAll(List.of(any));
            return this;
        }

        /** Any of these values of a tag. */
        public Builder tag(String name, String... any) {
            tags.computeIfAbsent(name, absent -> new ArrayList<>()).addAll(List.of(any));
            return this;
        }

        /** All of these capabilities. */
        public Builder needs(Capability... all) {
            needs.addAll(List.of(all));
            return this;
        }

        /** Priorities from the more urgent to the less urgent one, both included. */
        public Builder priority(Priority from, Priority to) {
            this.mostUrgent = from.level();
            this.leastUrgent = to.level();
            return this;
        }

        /** As {@link #priority(Priority, Priority)}, by number. */
        public Builder priority(int from, int to) {
            this.mostUrgent = from;
            this.leastUrgent = to;
            return this;
        }

        /**
         * Returns the condition.
         *
         * @throws IllegalArgumentException when a part is out of its range
         */
        public RuleCondition build() {
            return new RuleCondition(
                    complexities,
                    qualities,
                    List.copyOf(projects),
                    List.copyOf(users),
                    tags,
                    needs,
                    mostUrgent,
                    leastUrgent);
        }
    }
}

package dev.architect.router.planning;

import dev.architect.project.Attribution;
import dev.architect.request.RequestScope;
import dev.architect.router.rule.RuleCondition;
import java.util.List;
import java.util.Map;

/** The condition of a rule as bits and arrays, so that a decision walks through many without allocating. Immutable. */
final class CompiledCondition {

    private static final String[] ANY = {};

    private final int complexities;
    private final int qualities;
    private final int needs;
    private final int mostUrgent;
    private final int leastUrgent;
    private final String[] projects;
    private final String[] users;
    private final String[] tags;
    private final String[][] tagValues;

    CompiledCondition(RuleCondition condition) {
        int classes = 0;
        for (Enum<?> complexity : condition.complexities()) {
            classes |= 1 << complexity.ordinal();
        }
        this.complexities = classes;
        int levels = 0;
        for (Enum<?> quality : condition.qualities()) {
            levels |= 1 << quality.ordinal();
        }
        this.qualities = levels;
        this.needs = RequestProfile.mask(condition.needs());
        this.mostUrgent = condition.mostUrgent();
        this.leastUrgent = condition.leastUrgent();
        this.projects = condition.projects().toArray(ANY);
        this.users = condition.users().toArray(ANY);
        this.tags = condition.tags().keySet().toArray(ANY);
        this.tagValues = new String[tags.length][];
        for (int i = 0; i < tags.length; i++) {
            List<String> values = condition.tags().get(tags[i]);
            tagValues[i] = values == null ? ANY : values.toArray(ANY);
        }
    }

    boolean isMetBy(RequestProfile request) {
        RequestScope scope = request.scope();
        int priority = scope.priority().level();
        if (priority < mostUrgent || priority > leastUrgent || (needs & ~request.required()) != 0) {
            return false;
        }
        if (complexities != 0 && (complexities & 1 << request.complexity().ordinal()) == 0) {
            return false;
        }
        if (qualities != 0 && (qualities & 1 << request.quality().ordinal()) == 0) {
            return false;
        }
        Attribution attribution = scope.attribution();
        if (projects.length > 0 && !matches(projects, attribution.project().name())) {
            return false;
        }
        // A star stands for any user, so that one must be there.
        if (users.length > 0
                && (attribution.user().isEmpty()
                        || !matches(users, attribution.user().get()))) {
            return false;
        }
        Map<String, String> given = attribution.tags();
        for (int i = 0; i < tags.length; i++) {
            String value = given.get(tags[i]);
            if (value == null || !matches(tagValues[i], value)) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(String[] patterns, String value) {
        for (String pattern : patterns) {
            int last = pattern.length() - 1;
            boolean isMet =
                    pattern.charAt(last) == '*' ? value.regionMatches(0, pattern, 0, last) : pattern.equals(value);
            if (isMet) {
                return true;
            }
        }
        return false;
    }
}

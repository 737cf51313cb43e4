package dev.architect.spend;

import dev.architect.check.Check;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CostStatus;
import dev.architect.cost.Price;
import dev.architect.cost.SpendDimension;
import dev.architect.json.JsonFields;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.task.TaskId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which calls of the ledger a report is about: those that meet every condition. Immutable.
 *
 * <p>A report by one dimension with no condition, or with one on that dimension, is answered from sums, whatever its period; so is a series with at
 * most one condition on a dimension. All others read the calls of the period, or those of the task.
 *
 * @param values the value that calls have in a dimension, as {@link SpendDimension} describes it; an empty user,
 *     region, task type or key selects calls without one
 * @param task the task whose attempts made the calls; empty for any task and none
 * @param failure what went wrong; empty for any failure and none
 * @param tags the tags that calls have, among others; at most 16
 */
public record SpendFilter(
        Map<SpendDimension, String> values,
        Optional<TaskId> task,
        Optional<FailureKind> failure,
        Map<String, String> tags) {

    private static final Pattern PLAIN = Pattern.compile("[^\\s,\"]+");

    /** Every call. */
    public static final SpendFilter ALL = new SpendFilter(Map.of(), Optional.empty(), Optional.empty(), Map.of());

    /** Copies both maps and checks every value. */
    public SpendFilter {
        values = Map.copyOf(Check.noNulls("values", values));
        Check.notNull("task", task);
        Check.notNull("failure", failure);
        // The limits of names and values are those of a call's own tags.
        tags = new Attribution(ProjectId.DEFAULT, Optional.empty(), Check.noNulls("tags", tags)).tags();
        values.forEach(SpendFilter::check);
    }

    private static void check(SpendDimension dimension, String value) {
        switch (dimension) {
            case PROVIDER -> Check.notBlank("provider", value);
            case MODEL -> ModelId.parse(value);
            case PROJECT -> new ProjectId(value);
            case USER -> {
                if (!value.isEmpty()) {
                    Attribution.DEFAULT.withUser(value);
                }
            }
            case COMPLEXITY -> checkName("complexity", value, Complexity.values());
            case OUTCOME -> checkName("outcome", value, CallOutcome.values());
            case COST_STATUS -> checkName("cost status", value, CostStatus.values());
            case SERVICE_TIER -> {
                Check.notBlank("service tier", value);
                if (!value.equals(Price.tierOf(value))) {
                    throw new IllegalArgumentException(
                            "service tier is '" + value + "', expected '" + Price.tierOf(value) + "'");
                }
            }
            case REGION, TASK_TYPE, KEY -> Check.notNull(dimension.filterName(), value);
        }
    }

    private static void checkName(String field, String value, Enum<?>[] constants) {
        if (Arrays.stream(constants).noneMatch(constant -> constant.name().equals(value))) {
            throw new IllegalArgumentException(
                    field + " is '" + value + "', expected one of " + Arrays.toString(constants));
        }
    }

    /** Returns the conditions in the form in which people state them, such as {@code provider:claude tag:team=search}; empty for every call. */
    public String text() {
        List<String> terms = new ArrayList<>();
        new TreeMap<>(values)
                .forEach((dimension, value) -> terms.add(dimension.filterName() + ":"
                        + quoted(
                                dimension.isOfConstants()
                                        ? value.toLowerCase(Locale.ROOT).replace('_', '-')
                                        : value)));
        task.ifPresent(id -> terms.add("task:" + id));
        failure.ifPresent(kind -> terms.add("failure:" + JsonFields.wordOf(kind)));
        new TreeMap<>(tags).forEach((name, value) -> terms.add("tag:" + quoted(name + "=" + value)));
        return String.join(" ", terms);
    }

    private static String quoted(String value) {
        return PLAIN.matcher(value).matches() ? value : "\"" + value.replace("\"", "\\\"") + "\"";
    }

    /** Returns a copy that also demands {@code value} in {@code dimension}, in place of another value there. */
    public SpendFilter with(SpendDimension dimension, String value) {
        Map<SpendDimension, String> changed = new EnumMap<>(SpendDimension.class);
        changed.putAll(values);
        changed.put(Check.notNull("dimension", dimension), Check.notNull("value", value));
        return new SpendFilter(changed, task, failure, tags);
    }

    /** Returns a copy for the calls of one task. */
    public SpendFilter withTask(TaskId changed) {
        return new SpendFilter(values, Optional.of(Check.notNull("task", changed)), failure, tags);
    }

    /** Returns a copy for calls that failed in that way. */
    public SpendFilter withFailure(FailureKind changed) {
        return new SpendFilter(values, task, Optional.of(Check.notNull("failure", changed)), tags);
    }

    /** Returns a copy for calls that also have that tag. */
    public SpendFilter withTag(String name, String value) {
        Map<String, String> changed = new TreeMap<>(tags);
        changed.put(Check.notNull("tag name", name), Check.notNull("tag " + name, value));
        return new SpendFilter(values, task, failure, changed);
    }
}

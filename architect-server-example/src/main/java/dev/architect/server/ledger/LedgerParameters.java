package dev.architect.server.ledger;

import dev.architect.cost.CallOutcome;
import dev.architect.cost.CostStatus;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.filter.CheckedFilter;
import dev.architect.filter.Filter;
import dev.architect.filter.FilterField;
import dev.architect.filter.FilterFields;
import dev.architect.filter.TimeRange;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.server.operation.Parameter;
import dev.architect.server.operation.Schema;
import dev.architect.server.report.PeriodParameter;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.FilterText;
import dev.architect.server.rest.QueryParameters;
import dev.architect.spend.SpendFilter;
import dev.architect.task.TaskId;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The query parameters of reports: which calls, and of which time. */
final class LedgerParameters {

    private static final String PERIOD = "period";
    private static final String FROM = "from";
    private static final String UNTIL = "until";
    private static final String TASK = "task";
    private static final String FAILURE = "failure";
    private static final String TAG = "tag";

    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    private static final String CREATED = "created";

    /** What a filter of calls may name: what the parameters are, and the time. Calls are found by their time, or by their task. */
    private static final FilterFields FIELDS = fields();

    private final Optional<QueryParameters> query;
    /** The period where none is given. */
    private final String usualPeriod;

    private final Filter filter;
    private final CheckedFilter named;

    /** Checks that no parameters are there but these and {@code others}. */
    LedgerParameters(Context request, Set<String> others) {
        this(request, others, Optional.empty());
    }

    /** As above, with a filter too; times such as {@code -7d} in it are before {@code now}. */
    static LedgerParameters filtered(Context request, Set<String> others, Instant now) {
        Set<String> known = new TreeSet<>(others);
        known.addAll(Set.of(FilterText.Q, FilterText.ZONE));
        return new LedgerParameters(request, known, Optional.of(now));
    }

    private LedgerParameters(Context request, Set<String> others, Optional<Instant> filteredAt) {
        Set<String> known = new TreeSet<>(others);
        known.addAll(Set.of(PERIOD, FROM, UNTIL, TASK, FAILURE, TAG));
        for (SpendDimension dimension : SpendDimension.values()) {
            known.add(dimension.filterName());
        }
        QueryParameters parameters = new QueryParameters(request, known);
        this.query = Optional.of(parameters);
        this.usualPeriod = PeriodParameter.TODAY;
        ZoneId zone = FilterText.zone(
                filteredAt.flatMap(now -> parameters.text(FilterText.ZONE)), ApiException.Place.PARAMETER);
        this.filter = FilterText.read(
                FilterText.Q,
                ApiException.Place.PARAMETER,
                () -> filteredAt
                        .flatMap(now -> parameters.text(FilterText.Q))
                        .map(Filter::parse)
                        .orElse(Filter.NONE));
        this.named = FilterText.read(
                FilterText.Q,
                ApiException.Place.PARAMETER,
                () -> FIELDS.check(filter, zone, filteredAt.orElse(Instant.EPOCH)));
    }

    /** Reads a filter without parameters, as it stands in the body of a request; without a time it is for all. */
    LedgerParameters(String filter, ZoneId zone, Instant now) {
        this.query = Optional.empty();
        this.usualPeriod = "all";
        this.filter = FilterText.read(FilterText.Q, ApiException.Place.PARAMETER, () -> Filter.parse(filter));
        this.named =
                FilterText.read(FilterText.Q, ApiException.Place.PARAMETER, () -> FIELDS.check(this.filter, zone, now));
    }

    private static FilterFields fields() {
        List<FilterField> fields = new ArrayList<>();
        for (SpendDimension dimension : SpendDimension.values()) {
            fields.add(FilterField.of(dimension.filterName(), FilterField.Type.SINGLE));
            if (hasDashes(dimension)) {
                fields.add(FilterField.of(EnumWords.of(dimension), FilterField.Type.SINGLE));
            }
        }
        fields.add(FilterField.of(TASK, FilterField.Type.SINGLE));
        fields.add(FilterField.of(FAILURE, FilterField.Type.SINGLE));
        fields.add(FilterField.of(TAG, FilterField.Type.SINGLE));
        fields.add(FilterField.of(CREATED, FilterField.Type.TIME));
        for (String unindexed : List.of("cost", "latency", "tokens")) {
            fields.add(FilterField.withoutIndex(unindexed));
        }
        return new FilterFields(fields);
    }

    /** Whether a filter may also name it as {@code by} does, with dashes: {@code task-type} is {@code taskType}. */
    private static boolean hasDashes(SpendDimension dimension) {
        return !EnumWords.of(dimension).equals(dimension.filterName());
    }

    /** Returns a condition on a dimension, of the parameter or of the filter. */
    private Optional<String> text(SpendDimension dimension) {
        String name = dimension.filterName();
        if (!hasDashes(dimension)) {
            return text(name, named.single(name));
        }
        String word = EnumWords.of(dimension);
        if (named.single(name).isPresent() && named.single(word).isPresent()) {
            throw ApiException.invalidParameter(
                    FilterText.Q, "q has '" + name + ":' and '" + word + ":', expected one of them");
        }
        return text(name, named.single(name).or(() -> named.single(word)));
    }

    /** Returns a condition, of the parameter or of the filter. */
    private Optional<String> text(String name) {
        return text(name, named.single(name));
    }

    private Optional<String> text(String name, Optional<String> asked) {
        Optional<String> given = given(name);
        if (given.isPresent() && asked.isPresent()) {
            throw ApiException.invalidParameter(
                    name, name + " is given beside '" + name + ":' in q, expected one of them");
        }
        return given.or(() -> asked);
    }

    private Optional<String> given(String name) {
        return query.flatMap(parameters -> parameters.text(name));
    }

    /** What a place in the list belongs to: all conditions. */
    String asked() {
        StringBuilder asked = new StringBuilder("calls\n").append(filter.text());
        Set<String> names = new TreeSet<>(Set.of(PERIOD, FROM, UNTIL, TASK, FAILURE, TAG));
        for (SpendDimension dimension : SpendDimension.values()) {
            names.add(dimension.filterName());
        }
        for (String name : names) {
            given(name)
                    .ifPresent(
                            text -> asked.append('\n').append(name).append('=').append(text));
        }
        return asked.toString();
    }

    /** What they are, for the description of an operation. */
    static List<Parameter> described() {
        List<Parameter> all = new ArrayList<>();
        add(all, PERIOD, Schema.text(), "The time: today, 1h, 24h, 7d, 30d or all.");
        add(all, FROM, Schema.instant(), "The begin of the time, in place of a period.");
        add(all, UNTIL, Schema.instant(), "The end of the time, which is not part of it.");
        add(all, TASK, Schema.text(), "Only calls of this task.");
        add(all, FAILURE, Schema.words(FailureKind.class), "Only calls that failed so.");
        add(all, TAG, Schema.text(), "Only calls with this tag, such as team=search.");
        for (SpendDimension dimension : SpendDimension.values()) {
            add(all, dimension.filterName(), Schema.text(), "Only calls whose " + dimension.filterName() + " is this.");
        }
        return all;
    }

    private static void add(List<Parameter> all, String name, Schema schema, String description) {
        all.add(new Parameter(name, Parameter.Place.QUERY, schema, description));
    }

    QueryParameters query() {
        return query.orElseThrow();
    }

    ReportPeriod period() {
        Optional<Instant> from = query.flatMap(parameters -> parameters.instant(FROM));
        Optional<Instant> until = query.flatMap(parameters -> parameters.instant(UNTIL));
        Optional<String> word = given(PERIOD);
        TimeRange created = named.times(CREATED);
        if (!created.equals(TimeRange.ALL)) {
            if (from.isPresent() || until.isPresent() || word.isPresent()) {
                throw ApiException.invalidParameter(
                        FilterText.Q, "q has 'created:' beside a period, expected one of them");
            }
            from = Optional.of(created.from().orElse(Instant.EPOCH));
            until = Optional.of(created.before().orElse(LATEST));
        }
        if (from.isEmpty() && until.isEmpty()) {
            return PeriodParameter.parse(word.orElse(usualPeriod));
        }
        if (word.isPresent()) {
            throw QueryParameters.invalid(PERIOD, word.get(), "none beside from and until");
        }
        Instant begin = from.orElse(Instant.EPOCH);
        Instant end = until.orElse(LATEST);
        if (end.isBefore(begin) && !created.equals(TimeRange.ALL)) {
            throw ApiException.invalidParameter(FilterText.Q, "q has 'created:' that ends before it begins");
        }
        if (end.isBefore(begin)) {
            throw QueryParameters.invalid(UNTIL, end.toString(), "a time that is not before from");
        }
        return ReportPeriod.between(begin, end);
    }

    SpendFilter filter() {
        SpendFilter filter = SpendFilter.ALL;
        for (SpendDimension dimension : SpendDimension.values()) {
            filter = with(filter, dimension);
        }
        Optional<String> task = text(TASK);
        if (task.isPresent()) {
            filter = filter.withTask(task(task.get()));
        }
        Optional<String> failure = text(FAILURE);
        if (failure.isPresent()) {
            filter = filter.withFailure(FailureKind.valueOf(constant(FailureKind.class, FAILURE, failure.get())));
        }
        Optional<String> tag = text(TAG);
        return tag.isEmpty() ? filter : withTag(filter, tag.get());
    }

    private SpendFilter with(SpendFilter filter, SpendDimension dimension) {
        Optional<String> text = text(dimension);
        return text.isEmpty()
                ? filter
                : checked(dimension.filterName(), () -> filter.with(dimension, value(dimension, text.get())));
    }

    private static String value(SpendDimension dimension, String text) {
        return switch (dimension) {
            case PROVIDER, MODEL, PROJECT, USER, SERVICE_TIER, REGION, TASK_TYPE, KEY -> text;
            case COMPLEXITY -> constant(Complexity.class, dimension.filterName(), text);
            case OUTCOME -> constant(CallOutcome.class, dimension.filterName(), text);
            case COST_STATUS -> constant(CostStatus.class, dimension.filterName(), text);
        };
    }

    private static <E extends Enum<E>> String constant(Class<E> type, String name, String word) {
        return EnumWords.parse(type, word)
                .orElseThrow(() -> QueryParameters.invalid(name, word, "one of " + EnumWords.list(type)))
                .name();
    }

    private static SpendFilter withTag(SpendFilter filter, String tag) {
        int equals = tag.indexOf('=');
        if (equals < 1) {
            throw QueryParameters.invalid(TAG, tag, "a name and a value such as team=search");
        }
        return checked(TAG, () -> filter.withTag(tag.substring(0, equals), tag.substring(equals + 1)));
    }

    static TaskId task(String text) {
        try {
            return TaskId.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw QueryParameters.invalid(TASK, text, "the id of a task");
        }
    }

    /** Turns the error of a value into that of a parameter. */
    static <T> T checked(String name, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException wrong) {
            throw ApiException.invalidParameter(name, String.valueOf(wrong.getMessage()));
        }
    }
}

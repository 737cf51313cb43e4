package dev.architect.cli.cost;

import dev.architect.Architect;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.ledger.Ledger;
import dev.architect.model.FailureKind;
import dev.architect.spend.SpendFilter;
import dev.architect.task.TaskId;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of reports: of which store, of which time, and which calls. */
public final class CostOptions {

    /** Of a year of four digits. */
    private static final int MONTH_LENGTH = 7;

    private static final String USUAL_PERIOD = "30d";

    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    @Mixin
    private final ExistingData data = new ExistingData();

    @Option(
            names = "--period",
            paramLabel = "PERIOD",
            description = "today (of UTC), 1h, 24h, 7d, 30d or all; " + USUAL_PERIOD + " by default.")
    private @Nullable String period;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "The first instant, such as 2026-03-01T00:00:00Z, in place of a period.")
    private @Nullable String from;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "The first instant after the time, in place of a period.")
    private @Nullable String until;

    @Option(
            names = "--month",
            paramLabel = "MONTH",
            description = "A month of UTC such as 2026-03, in place of a period.")
    private @Nullable String month;

    @Option(names = "--provider", paramLabel = "NAME", description = "Calls to one provider alone.")
    private @Nullable String provider;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "Calls that one model answered alone, as provider/model.")
    private @Nullable String model;

    @Option(names = "--project", paramLabel = "NAME", description = "Calls of one project alone.")
    private @Nullable String project;

    @Option(
            names = "--user",
            paramLabel = "USER",
            description = "Calls of one user alone; those without one when it is empty.")
    private @Nullable String user;

    @Option(names = "--task", paramLabel = "ID", description = "Calls of one task alone.")
    private @Nullable String task;

    @Option(
            names = "--complexity",
            paramLabel = "WORD",
            description = "Calls of prompts of one complexity alone: simple, for example.")
    private @Nullable String complexity;

    @Option(
            names = "--outcome",
            paramLabel = "WORD",
            description = "Calls with one outcome alone: answered, failed, cancelled or rejected.")
    private @Nullable String outcome;

    @Option(
            names = "--failure",
            paramLabel = "WORD",
            description = "Calls that failed in one way alone: rate-limited, for example.")
    private @Nullable String failure;

    @Option(
            names = "--cost-status",
            paramLabel = "WORD",
            description = "Calls with one status alone: priced, stated, estimated, unpriced or not-billed.")
    private @Nullable String costStatus;

    @Option(
            names = "--service-tier",
            paramLabel = "TIER",
            description = "Calls that one service tier served alone: standard or flex, for example.")
    private @Nullable String serviceTier;

    @Option(
            names = "--region",
            paramLabel = "REGION",
            description = "Calls that were served in one region alone; those without one when it is empty.")
    private @Nullable String region;

    @Option(
            names = "--task-type",
            paramLabel = "TYPE",
            description = "Calls of tasks of one type alone; those without one when it is empty.")
    private @Nullable String taskType;

    @Option(
            names = "--key",
            paramLabel = "NAME",
            description =
                    "Calls of one API key alone, by the name of the agent's token; those without one when it is empty.")
    private @Nullable String key;

    @Option(
            names = "--tag",
            paramLabel = "NAME=VALUE",
            description = "Calls with that tag alone; may be given several times.")
    private Map<String, String> tags = new TreeMap<>();

    /** Creates options that state nothing. */
    public CostOptions() {}

    /** Does something with the store, as {@link ExistingData#operate}. */
    public <T> T operate(Function<Architect, T> operation) {
        return data.operate(operation);
    }

    /** Reads the ledger of the store. */
    <T> T read(Function<Ledger, T> report) {
        return data.operate(architect -> report.apply(architect.ledger()));
    }

    /**
     * The time that is named.
     *
     * @throws CommandFailure when it is none
     */
    public ReportPeriod period() {
        if (month != null) {
            if (from != null || until != null) {
                throw new CommandFailure("--month is '" + month + "', expected none beside --from and --until");
            }
            requireNoPeriod("--month");
            return ofMonth(month("--month", month));
        }
        if (from == null && until == null) {
            return ofWord(word());
        }
        requireNoPeriod("--from and --until");
        Instant begin = from == null ? Instant.EPOCH : instant("--from", from);
        Instant end = until == null ? LATEST : instant("--until", until);
        return checked(() -> ReportPeriod.between(begin, end));
    }

    private String word() {
        return period == null ? USUAL_PERIOD : period;
    }

    private void requireNoPeriod(String other) {
        if (period != null) {
            throw new CommandFailure("--period is '" + period + "', expected none beside " + other);
        }
    }

    private static ReportPeriod ofWord(String word) {
        return switch (word) {
            case "today" -> ReportPeriod.today();
            case "all" -> ReportPeriod.all();
            case "1h" -> ReportPeriod.last(Duration.ofHours(1));
            case "24h" -> ReportPeriod.last(Duration.ofHours(24));
            case "7d" -> ReportPeriod.last(Duration.ofDays(7));
            case "30d" -> ReportPeriod.last(Duration.ofDays(30));
            default ->
                throw new CommandFailure("--period is '" + word + "', expected one of today, 1h, 24h, 7d, 30d, all");
        };
    }

    static ReportPeriod ofMonth(YearMonth month) {
        return ReportPeriod.between(begin(month), begin(month.plusMonths(1)));
    }

    private static Instant begin(YearMonth month) {
        return month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    static YearMonth month(String name, String text) {
        try {
            YearMonth month = YearMonth.parse(text);
            if (text.length() == MONTH_LENGTH) {
                return month;
            }
        } catch (DateTimeException wrong) {
            // Said below.
        }
        throw new CommandFailure(name + " is '" + text + "', expected one such as 2026-03");
    }

    static Instant instant(String option, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException wrong) {
            throw new CommandFailure(
                    option + " is '" + text + "', expected a time in UTC such as 2026-03-01T12:00:00Z");
        }
    }

    /**
     * The calls that are named.
     *
     * @throws CommandFailure when a condition is none
     */
    public SpendFilter filter() {
        return checked(() -> {
            SpendFilter filter = SpendFilter.ALL;
            for (SpendDimension dimension : SpendDimension.values()) {
                String value = value(dimension);
                filter = value == null ? filter : filter.with(dimension, value);
            }
            filter = task == null ? filter : filter.withTask(TaskId.parse(task));
            filter = failure == null ? filter : filter.withFailure(failure(failure));
            for (Map.Entry<String, String> tag : tags.entrySet()) {
                filter = filter.withTag(tag.getKey(), tag.getValue());
            }
            return filter;
        });
    }

    /**
     * Time and conditions, as the parameters of a server's reports.
     *
     * @throws CommandFailure when a condition is none, or cannot be sent
     */
    Map<String, String> parameters() {
        filter();
        Map<String, String> parameters = new TreeMap<>();
        if (month == null && from == null && until == null) {
            period();
            parameters.put("period", word());
        } else {
            ReportPeriod.Between between = period().resolve(Instant.EPOCH);
            parameters.put("from", between.from().toString());
            parameters.put("until", between.to().toString());
        }
        for (SpendDimension dimension : SpendDimension.values()) {
            String value = value(dimension);
            if (value != null) {
                parameters.put(dimension.filterName(), written(dimension, value));
            }
        }
        putUnlessNull(parameters, "task", task);
        putUnlessNull(parameters, "failure", failure);
        if (tags.size() > 1) {
            throw new CommandFailure("--tag is given " + tags.size() + " times, expected once beside --server");
        }
        tags.forEach((name, value) -> parameters.put("tag", name + "=" + value));
        return parameters;
    }

    private static void putUnlessNull(Map<String, String> parameters, String name, @Nullable String value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }

    /** A value of a dimension as reports write it. */
    static String written(SpendDimension dimension, String value) {
        return dimension.isOfConstants() ? value.toLowerCase(Locale.ROOT).replace('_', '-') : value;
    }

    /** The data directory, whether it exists or not. */
    Path directory() {
        return data.directory();
    }

    private @Nullable String value(SpendDimension dimension) {
        return switch (dimension) {
            case PROVIDER -> provider;
            case MODEL -> model;
            case PROJECT -> project;
            case USER -> user;
            case COMPLEXITY -> constant(complexity);
            case OUTCOME -> constant(outcome);
            case COST_STATUS -> constant(costStatus);
            case SERVICE_TIER -> serviceTier;
            case REGION -> region;
            case TASK_TYPE -> taskType;
            case KEY -> key;
        };
    }

    private static @Nullable String constant(@Nullable String word) {
        return word == null ? null : word.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static FailureKind failure(String word) {
        for (FailureKind kind : FailureKind.values()) {
            if (word(kind).equals(word)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("--failure is '" + word + "', expected one of "
                + String.join(
                        ", ",
                        List.of(FailureKind.values()).stream()
                                .map(CostOptions::word)
                                .toList()));
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Turns the error of a value into that of the command. */
    static <T> T checked(Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailure(String.valueOf(wrong.getMessage()));
        }
    }
}

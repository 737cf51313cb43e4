package dev.architect.cli.route;

import dev.architect.Records;
import dev.architect.cli.launch.ExistingData;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.model.ModelId;
import dev.architect.project.ProjectId;
import dev.architect.record.DecisionOutcome;
import dev.architect.record.DecisionQuery;
import dev.architect.record.DecisionRecord;
import dev.architect.spi.Store;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that read records of decisions: of which store, and which ones. */
final class RecordOptions {

    @Mixin
    private final ExistingData data = new ExistingData();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Only decisions made then or later, such as 2026-03-01T00:00:00Z.")
    private @Nullable String from;

    @Option(names = "--until", paramLabel = "TIME", description = "Only decisions made before.")
    private @Nullable String until;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "Only requests that one model answered, as provider/model.")
    private @Nullable String model;

    @Option(names = "--project", paramLabel = "NAME", description = "Only requests of one project.")
    private @Nullable String project;

    @Option(
            names = "--outcome",
            paramLabel = "WORD",
            description = "Only requests that ended so: answered, failed, for example.")
    private @Nullable String outcome;

    /** Returns the newest records that the options want, at most so many. */
    List<DecisionRecord> read(int most) {
        DecisionQuery query = query();
        try (Store store = data.open()) {
            return new Records(store.records()).findUpTo(query, most);
        }
    }

    private DecisionQuery query() {
        return new DecisionQuery(
                given("--from", from, RecordOptions::instant),
                given("--until", until, RecordOptions::instant),
                given("--model", model, ModelId::parse),
                given("--outcome", outcome, RecordOptions::outcome),
                given("--project", project, ProjectId::new),
                Long.MAX_VALUE,
                DecisionQuery.MAX_LIMIT);
    }

    private static <T> Optional<T> given(String option, @Nullable String text, Function<String, T> value) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(value.apply(text));
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailure(option + ": " + wrong.getMessage());
        }
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException wrong) {
            throw new IllegalArgumentException(
                    "time is '" + text + "', expected one in UTC such as 2026-03-01T12:00:00Z", wrong);
        }
    }

    private static DecisionOutcome outcome(String text) {
        return Arrays.stream(DecisionOutcome.values())
                .filter(each -> word(each).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("outcome is '" + text + "', expected one of "
                        + Arrays.stream(DecisionOutcome.values())
                                .map(RecordOptions::word)
                                .collect(Collectors.joining(", "))));
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

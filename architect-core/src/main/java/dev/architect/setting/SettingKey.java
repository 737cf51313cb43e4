package dev.architect.setting;

import dev.architect.check.Check;
import dev.architect.json.JsonFields;
import dev.architect.maintenance.TaskRetention;
import dev.architect.review.ReviewLimits;
import dev.architect.review.ReviewLimits.Overdue;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** One thing of {@link EngineSettings} that can be set, as a text. */
public enum SettingKey {
    /** How long tasks with a result are kept. */
    RETENTION_DONE(
            "retentionDone",
            "how long a task with a result is kept after its end",
            kept(
                    settings -> settings.retention().done(),
                    (settings, time) -> settings.retention().withDone(time))),
    /** How long cancelled and expired tasks are kept. */
    RETENTION_CANCELLED(
            "retentionCancelled",
            "how long a cancelled or expired task is kept after its end",
            kept(
                    settings -> settings.retention().cancelled(),
                    (settings, time) -> settings.retention().withCancelled(time))),
    /** How long dead tasks are kept. */
    RETENTION_DEAD(
            "retentionDead",
            "how long a dead task is kept after its end",
            kept(
                    settings -> settings.retention().dead(),
                    (settings, time) -> settings.retention().withDead(time))),
    /** How long records of decisions are kept. */
    RETENTION_RECORDS(
            "retentionRecords",
            "how long records of routing decisions and feedback about answers are kept",
            time(EngineSettings::recordRetention, EngineSettings::withRecordRetention)),
    /** How long decided reviews are kept. */
    RETENTION_REVIEWS(
            "retentionReviews",
            "how long decided reviews and recorded decisions of rules are kept",
            review(ReviewLimits::retention, ReviewLimits::withRetention)),
    /** How long a task waits for what is out of order. */
    OUTAGE_LIMIT(
            "outageLimit",
            "how long a task waits for providers that are out of order before it is dead",
            time(EngineSettings::outageLimit, EngineSettings::withOutageLimit)),
    /** How long a decision can be taken back. */
    REVIEW_UNDO(
            "reviewUndo",
            "how long a decision about a review can be taken back while nothing has started",
            review(Duration.ZERO, ReviewLimits::undo, ReviewLimits::withUndo)),
    /** How long an approval lasts. */
    REVIEW_START(
            "reviewStart",
            "how long an approval lasts that is not used",
            review(ReviewLimits::start, ReviewLimits::withStart)),
    /** When a review of low risk is due. */
    REVIEW_DUE_LOW(
            "reviewDueLow",
            "after how long a review of low risk is due",
            review(ReviewLimits::low, ReviewLimits::withLow)),
    /** When a review of medium risk is due. */
    REVIEW_DUE_MEDIUM(
            "reviewDueMedium",
            "after how long a review of medium risk is due",
            review(ReviewLimits::medium, ReviewLimits::withMedium)),
    /** When a review of high risk is due. */
    REVIEW_DUE_HIGH(
            "reviewDueHigh",
            "after how long a review of high risk is due",
            review(ReviewLimits::high, ReviewLimits::withHigh)),
    /** What becomes of a review that nobody decides. */
    REVIEW_ON_OVERDUE(
            "reviewOnOverdue",
            "what becomes of a review that nobody decides: stay or deny",
            new Form(
                    settings -> JsonFields.wordOf(settings.reviews().onOverdue()),
                    (name, settings, text) ->
                            settings.withReviews(settings.reviews().withOverdue(overdue(name, text))))),
    /** Above how many approvals in an hour the figures warn. */
    REVIEW_WARN_PER_HOUR(
            "reviewWarnPerHour",
            "above how many approvals of one person in an hour the figures of reviews warn",
            new Form(
                    settings -> Integer.toString(settings.reviews().perHour()),
                    (name, settings, text) ->
                            settings.withReviews(settings.reviews().withPerHour(count(name, text)))));

    /** As {@link TaskRetention} has it; what is kept longer is kept for good. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final String FOREVER = "forever";

    private final String word;
    private final String description;
    private final Form form;

    SettingKey(String word, String description, Form form) {
        this.word = word;
        this.description = description;
        this.form = form;
    }

    /** Sets a value that a text states. */
    @FunctionalInterface
    private interface Setter {
        EngineSettings set(String name, EngineSettings settings, String text);
    }

    /** How a value is read and set. */
    private record Form(Function<EngineSettings, String> getter, Setter setter) {
        // Not of the enum: its constants are made before its other fields.
        private static final Duration LEAST = Duration.ofMillis(1);
    }

    private static Form kept(
            Function<EngineSettings, Duration> get, BiFunction<EngineSettings, Duration, TaskRetention> change) {
        return new Form(
                settings -> {
                    Duration time = get.apply(settings);
                    return time.equals(TaskRetention.FOREVER) ? FOREVER : DurationText.of(time);
                },
                (name, settings, text) -> settings.withRetention(change.apply(
                        settings,
                        text.strip().equals(FOREVER)
                                ? TaskRetention.FOREVER
                                : duration(name, text, Duration.ofMinutes(1)))));
    }

    private static Form time(
            Function<EngineSettings, Duration> get, BiFunction<EngineSettings, Duration, EngineSettings> change) {
        return time(Form.LEAST, get, change);
    }

    private static Form time(
            Duration least,
            Function<EngineSettings, Duration> get,
            BiFunction<EngineSettings, Duration, EngineSettings> change) {
        return new Form(
                settings -> DurationText.of(get.apply(settings)),
                (name, settings, text) -> change.apply(settings, duration(name, text, least)));
    }

    private static Form review(
            Function<ReviewLimits, Duration> get, BiFunction<ReviewLimits, Duration, ReviewLimits> change) {
        return review(Form.LEAST, get, change);
    }

    private static Form review(
            Duration least,
            Function<ReviewLimits, Duration> get,
            BiFunction<ReviewLimits, Duration, ReviewLimits> change) {
        return time(
                least,
                settings -> get.apply(settings.reviews()),
                (settings, time) -> settings.withReviews(change.apply(settings.reviews(), time)));
    }

    private static Duration duration(String name, String text, Duration least) {
        Duration time = DurationText.parse(name, text);
        if (time.compareTo(least) < 0 || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " is '" + JsonFields.shorten(text) + "', expected "
                    + DurationText.of(least) + " to " + DurationText.of(LONGEST));
        }
        return time;
    }

    private static Overdue overdue(String name, String text) {
        return Arrays.stream(Overdue.values())
                .filter(each -> JsonFields.wordOf(each).equals(text.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        name + " is '" + JsonFields.shorten(text) + "', expected stay or deny"));
    }

    private static int count(String name, String text) {
        try {
            int count = Integer.parseInt(text.strip());
            if (count >= 1) {
                return count;
            }
        } catch (NumberFormatException wrong) {
            // It is refused below, as one that is too small.
        }
        throw new IllegalArgumentException(
                name + " is '" + JsonFields.shorten(text) + "', expected a whole number, 1 or more");
    }

    /** Its name, unique among all, such as {@code retentionDone}. */
    public String word() {
        return word;
    }

    /** What it decides, in a phrase. */
    public String description() {
        return description;
    }

    /** Returns the key of that name; empty when there is none. */
    public static Optional<SettingKey> of(String word) {
        Check.notNull("word", word);
        return Arrays.stream(values()).filter(key -> key.word.equals(word)).findFirst();
    }

    /** Returns its value in settings; a duration in its largest unit that leaves no rest, such as {@code 7d}. */
    public String in(EngineSettings settings) {
        return form.getter().apply(Check.notNull("settings", settings));
    }

    /**
     * Returns settings with another value.
     *
     * @param text a duration such as {@code 7d} or {@code PT12H}, of at most 36,500 days; of the retention of tasks also {@code forever}; of others as
     *     their descriptions say
     * @throws IllegalArgumentException when it cannot be so; the message begins with the name
     */
    public EngineSettings set(EngineSettings settings, String text) {
        return form.setter().set(word, Check.notNull("settings", settings), Check.notNull("text", text));
    }
}

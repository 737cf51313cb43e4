package dev.architect.review;

import dev.architect.check.Check;
import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.task.TaskId;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of reviews, comments, rules and recorded decisions, which stores keep. Ids, versions and what stores find them by stand
 * beside it. A field that is missing has its default, and an unknown one is ignored.
 */
public final class ReviewCodec {

    private static final int MAX_LINE = Integer.MAX_VALUE;

    private ReviewCodec() {}

    /** Writes everything but id and version. */
    public static String write(Review review) {
        ReviewRequest request = Check.notNull("review", review).request();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("kind", JsonFields.wordOf(request.kind()));
        fields.put("state", JsonFields.wordOf(review.state()));
        fields.put("title", request.title());
        fields.put("action", request.action().json());
        fields.put("shape", request.shape());
        fields.put("preview", request.preview());
        fields.put("risk", JsonFields.wordOf(request.risk().level()));
        fields.put("riskReasons", request.risk().reasons());
        fields.put("reach", request.reach());
        ReviewRequester requester = request.requester();
        fields.put("requester", requester.name());
        fields.put("user", requester.user().orElse(null));
        fields.put("task", requester.task().map(TaskId::toString).orElse(null));
        fields.put("run", requester.run().orElse(null));
        fields.put("epoch", requester.epoch());
        fields.put("labels", new TreeSet<>(request.labels()).stream().toList());
        fields.put("reviewers", request.reviewers());
        fields.put("project", request.project().orElse(null));
        fields.put("item", request.item().orElse(null));
        fields.put("rules", request.rules());
        fields.put("part", request.part());
        fields.put("remark", request.remark());
        fields.put("delegate", review.delegate().orElse(null));
        Review.Times times = review.times();
        fields.put("asked", times.asked().toString());
        fields.put("due", times.due().toString());
        fields.put("reminded", text(times.reminded()));
        fields.put("escalated", text(times.escalated()));
        fields.put("decided", text(times.decided()));
        fields.put("expires", text(times.expires()));
        fields.put("ended", text(times.ended()));
        fields.put("delivered", review.isDelivered());
        fields.put("outcome", review.outcome().map(ReviewCodec::outcome).orElse(null));
        return JsonText.write(fields);
    }

    private static @Nullable String text(Optional<Instant> instant) {
        return instant.map(Instant::toString).orElse(null);
    }

    private static Map<String, @Nullable Object> outcome(ReviewOutcome outcome) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("choice", JsonFields.wordOf(outcome.choice()));
        fields.put("actor", outcome.actor());
        fields.put("comment", outcome.comment());
        fields.put("edited", outcome.edited().map(ReviewedAction::json).orElse(null));
        fields.put("rule", outcome.rule().orElse(null));
        fields.put("took", outcome.took().map(Duration::toString).orElse(null));
        return fields;
    }

    /**
     * Reads what {@link #write(Review)} has written.
     *
     * @throws InvalidFieldException when a field has another form
     */
    public static Review read(long id, long version, String json) {
        JsonFields fields = JsonFields.parse(Check.notNull("json", json));
        return new Review(
                id,
                request(fields),
                required(fields, "state", ReviewState.class),
                fields.text("delegate"),
                new Review.Times(
                        required(fields, "asked"),
                        required(fields, "due"),
                        instant(fields, "reminded"),
                        instant(fields, "escalated"),
                        instant(fields, "decided"),
                        instant(fields, "expires"),
                        instant(fields, "ended")),
                fields.object("outcome").map(ReviewCodec::outcome),
                fields.flag("delivered", false),
                version);
    }

    private static ReviewRequest request(JsonFields fields) {
        return new ReviewRequest(
                required(fields, "kind", ReviewKind.class),
                fields.requiredText("title"),
                ReviewedAction.of(fields.requiredText("action")),
                fields.text("shape").orElse(""),
                fields.text("preview").orElse(""),
                new ReviewRisk(
                        fields.constant("risk", RiskLevel.class).orElse(RiskLevel.MEDIUM), fields.texts("riskReasons")),
                fields.texts("reach"),
                new ReviewRequester(
                        fields.requiredText("requester"),
                        fields.text("user"),
                        fields.text("task").map(TaskId::parse),
                        fields.text("run"),
                        number(fields, "epoch")),
                Set.copyOf(fields.texts("labels")),
                fields.texts("reviewers"),
                fields.text("project"),
                fields.text("item"),
                fields.texts("rules"),
                fields.text("part").orElse(""),
                fields.text("remark").orElse(""));
    }

    private static ReviewOutcome outcome(JsonFields fields) {
        return new ReviewOutcome(
                required(fields, "choice", ReviewChoice.class),
                fields.requiredText("actor"),
                fields.text("comment").orElse(""),
                fields.text("edited").map(ReviewedAction::of),
                fields.text("rule"),
                fields.text("took").map(text -> duration(fields, text)));
    }

    private static <E extends Enum<E>> E required(JsonFields fields, String name, Class<E> type) {
        return fields.constant(name, type).orElseThrow(() -> fields.missing(name, "a word"));
    }

    private static Instant required(JsonFields fields, String name) {
        return instant(fields, name).orElseThrow(() -> fields.missing(name, "an instant"));
    }

    private static Optional<Instant> instant(JsonFields fields, String name) {
        return fields.text(name).map(text -> {
            try {
                return Instant.parse(text);
            } catch (DateTimeException noInstant) {
                throw fields.invalid(name, "'" + JsonFields.shorten(text) + "'", "an instant");
            }
        });
    }

    private static Duration duration(JsonFields fields, String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeException noDuration) {
            throw fields.invalid("took", "'" + JsonFields.shorten(text) + "'", "a duration");
        }
    }

    private static long number(JsonFields fields, String name) {
        return fields.exactDecimal(name, 0, Long.MAX_VALUE)
                .map(BigDecimal::longValue)
                .orElse(0L);
    }

    /** Writes what was said, and by whom. */
    public static String write(ReviewComment comment) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        ReviewRemark remark = Check.notNull("comment", comment).remark();
        fields.put("actor", comment.actor());
        fields.put("at", comment.at().toString());
        fields.put("file", remark.file().orElse(null));
        fields.put("line", remark.line().isPresent() ? remark.line().getAsInt() : null);
        fields.put("text", remark.text());
        return JsonText.write(fields);
    }

    /**
     * Reads what {@link #write(ReviewComment)} has written.
     *
     * @throws InvalidFieldException when a field has another form
     */
    public static ReviewComment readComment(long review, long id, String json) {
        JsonFields fields = JsonFields.parse(Check.notNull("json", json));
        Optional<Integer> line = fields.integer("line", 1, MAX_LINE);
        return new ReviewComment(
                review,
                id,
                fields.requiredText("actor"),
                required(fields, "at"),
                new ReviewRemark(
                        fields.text("file"),
                        line.map(OptionalInt::of).orElseGet(OptionalInt::empty),
                        fields.requiredText("text")));
    }

    /** Writes everything of a rule but id and version. */
    public static String write(StoredRule rule) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("text", Check.notNull("rule", rule).text());
        fields.put("enabled", rule.isEnabled());
        fields.put("run", rule.run().orElse(null));
        fields.put("author", rule.author());
        fields.put("changedAt", rule.changedAt().toString());
        fields.put("tried", rule.tried());
        return JsonText.write(fields);
    }

    /**
     * Reads what {@link #write(StoredRule)} has written.
     *
     * @throws InvalidFieldException when a field has another form
     */
    public static StoredRule readRule(String id, long version, String json) {
        Check.notNull("id", id);
        JsonFields fields = JsonFields.parse(Check.notNull("json", json));
        return new StoredRule(
                id,
                fields.requiredText("text"),
                fields.flag("enabled", false),
                fields.text("run"),
                fields.text("author").orElse(""),
                required(fields, "changedAt"),
                number(fields, "tried"),
                version);
    }

    /** Writes everything of a recorded decision but id, review and answer. */
    public static String write(RecordedApproval decision) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("at", Check.notNull("decision", decision).at().toString());
        fields.put("action", decision.action().json());
        fields.put("context", decision.context());
        fields.put("verdict", decision.verdict());
        fields.put("rules", decision.rules());
        fields.put("part", decision.part());
        fields.put("reason", decision.reason());
        fields.put("micros", decision.micros());
        fields.put("requester", decision.requester().orElse(null));
        fields.put("run", decision.run().orElse(null));
        return JsonText.write(fields);
    }

    /**
     * Reads what {@link #write(RecordedApproval)} has written.
     *
     * @throws InvalidFieldException when a field has another form
     */
    public static RecordedApproval readDecision(long id, Optional<Long> review, Optional<Boolean> answer, String json) {
        Check.notNull("review", review);
        Check.notNull("answer", answer);
        JsonFields fields = JsonFields.parse(Check.notNull("json", json));
        return new RecordedApproval(
                id,
                required(fields, "at"),
                ReviewedAction.of(fields.requiredText("action")),
                fields.text("context").orElse("{}"),
                fields.requiredText("verdict"),
                fields.texts("rules"),
                fields.text("part").orElse(""),
                fields.text("reason").orElse(""),
                number(fields, "micros"),
                fields.text("requester"),
                fields.text("run"),
                review,
                answer);
    }
}

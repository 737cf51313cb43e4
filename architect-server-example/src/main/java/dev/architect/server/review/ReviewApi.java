package dev.architect.server.review;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.Reviews;
import dev.architect.json.JsonFields;
import dev.architect.review.Review;
import dev.architect.review.ReviewChoice;
import dev.architect.review.ReviewComment;
import dev.architect.review.ReviewDecision;
import dev.architect.review.ReviewFigures;
import dev.architect.review.ReviewKind;
import dev.architect.review.ReviewQuery;
import dev.architect.review.ReviewRemark;
import dev.architect.review.ReviewRequester;
import dev.architect.review.ReviewState;
import dev.architect.review.ReviewStore;
import dev.architect.review.ReviewedAction;
import dev.architect.server.live.LiveTopics;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.Creations;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import dev.architect.task.TaskId;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The resource {@code /api/reviews}: what waits for a decision, and the decisions. */
public final class ReviewApi {

    private static final String PATH = "/api/reviews";
    private static final String ONE = PATH + "/{id}";
    private static final String AREA = "reviews";
    private static final String DECISION = "decision";
    private static final String SHA256 = "sha256";
    private static final String COMMENT = "comment";
    private static final String ACTION = "action";
    private static final String RULE = "rule";
    private static final String REMARKS = "remarks";
    private static final String TOOK = "tookMillis";
    private static final String REVIEWS = "reviews";
    private static final String TEXT = "text";
    private static final String FILE = "file";
    private static final String LINE = "line";
    private static final String TO = "to";
    private static final String HOURS = "hours";
    private static final int MAX_HOURS = 24 * 366;
    private static final int MAX_TOOK = 86_400_000;
    private static final int DEFAULT_LIMIT = 50;
    private static final Set<String> QUERY =
            Set.of("state", "kind", "project", "requester", "task", "order", "after", "limit");

    private static final Schema REMARK = Schema.object()
            .required(TEXT, Schema.text(1, ReviewRemark.MAX_CHARACTERS))
            .optional(FILE, Schema.text())
            .optional(LINE, Schema.integer())
            .closed();

    private final Reviews reviews;

    /** Creates the resource. */
    public ReviewApi(Architect architect) {
        this.reviews = architect.reviews();
    }

    /** The open reviews, to follow. */
    public LiveTopics topics() {
        return LiveTopics.named(REVIEWS, new ReviewTopic(reviews));
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("listReviews", PATH, Permission.read(AREA), this::list)
                        .summary("Lists reviews, those that wait longest first.")
                        .query("state", Schema.text(), "States with commas between them; open when it is absent.")
                        .query("kind", Schema.words(ReviewKind.class), "What they are about.")
                        .query("project", Schema.text(), "Of one project.")
                        .query("requester", Schema.text(), "Of one requester.")
                        .query("task", Schema.text(), "Of one task.")
                        .query("order", Schema.words("oldest", "newest"), "Which come first.")
                        .query("after", Schema.text(), "Only those behind this id: next of the page before.")
                        .query("limit", Schema.integer(1, ReviewStore.MAX_PAGE), "How many at most.")
                        .answer(
                                200,
                                "A page of reviews.",
                                Schema.object()
                                        .required(REVIEWS, Schema.list(ReviewJson.SUMMARY))
                                        .required("next", Schema.text().orNull())
                                        .open()),
                Operation.get("getReviewFigures", PATH + "/figures", Permission.read(AREA), this::figures)
                        .summary("Shows how people decide: how fast, how hastily, how many in an hour.")
                        .query(HOURS, Schema.integer(1, MAX_HOURS), "How far back; 24 when it is absent.")
                        .answer(
                                200,
                                "The figures.",
                                Schema.object()
                                        .required(List.of("open", "decided", "perHour"), Schema.integer())
                                        .required(
                                                "medianMillis", Schema.integer().orNull())
                                        .required("hastyShare", Schema.number())
                                        .required("busiestHour", Schema.map(Schema.integer()))
                                        .required("tired", Schema.list(Schema.text()))
                                        .open()),
                ofOne(Operation.get("getReview", ONE, Permission.read(AREA), this::show))
                        .summary("Shows a review with its comments; its version is the ETag."),
                ofOne(Operation.post("decideReview", ONE + "/decision", Permission.act(AREA), this::decide))
                        .summary("Decides about what was shown, which its hash states.")
                        .body(Schema.object()
                                .required(DECISION, Schema.words(ReviewChoice.class))
                                .required(SHA256, Schema.text(1, 64))
                                .optional(COMMENT, Schema.text(0, ReviewRemark.MAX_CHARACTERS))
                                .optional(ACTION, Schema.object().open())
                                .optional(RULE, Schema.object().open())
                                .optional(REMARKS, Schema.list(REMARK, 0, ReviewDecision.MAX_REMARKS))
                                .optional(TOOK, Schema.integer(0, MAX_TOOK))
                                .closed())
                        .refuses(403, "own-work")
                        .refuses(409, "already-decided", "delegated")
                        .refuses(412, "stale-version")
                        .refuses(422, "not-possible", "denied-by-rule"),
                ofOne(Operation.post("delegateReview", ONE + "/delegate", Permission.act(AREA), this::delegate))
                        .summary("Gives an open review to somebody, who alone can decide it then.")
                        .body(Schema.object()
                                .required(TO, Schema.text(1, ReviewRequester.MAX_CHARACTERS))
                                .closed())
                        .refuses(403, "own-work")
                        .refuses(409, "already-decided"),
                Operation.post("commentReview", ONE + "/comments", Permission.act(AREA), this::comment)
                        .summary("Keeps a comment about a review, or a line of one of its files.")
                        .body(REMARK)
                        .creating()
                        .answer(201, "The comment.", ReviewJson.COMMENT)
                        .refuses(404, "not-found")
                        .refuses(422, "not-possible"),
                ofOne(Operation.post("undoReview", ONE + "/undo", Permission.act(AREA), this::undo))
                        .summary("Takes a decision back, within ten seconds and while nothing has started.")
                        .refuses(409, "too-late"),
                Operation.post("bulkDecideReviews", PATH + "/bulk", Permission.act(AREA), this::bulk)
                        .summary(
                                "Decides about several reviews of the same shape, each with the hash of what was shown.")
                        .body(Schema.object()
                                .required(DECISION, Schema.words("once", "deny"))
                                .optional(COMMENT, Schema.text(0, ReviewRemark.MAX_CHARACTERS))
                                .required(
                                        REVIEWS,
                                        Schema.list(
                                                Schema.object()
                                                        .required("id", Schema.text(1, 20))
                                                        .required(SHA256, Schema.text(1, 64))
                                                        .closed(),
                                                1,
                                                Reviews.MAX_BATCH))
                                .closed())
                        .answer(
                                200,
                                "What was decided, and what others had decided first.",
                                Schema.object()
                                        .required("decided", Schema.list(ReviewJson.SUMMARY))
                                        .required("refused", Schema.list(ReviewJson.SUMMARY))
                                        .open())
                        .refuses(403, "own-work")
                        .refuses(404, "not-found")
                        .refuses(409, "already-decided", "delegated")
                        .refuses(412, "stale-version"));
    }

    private static Operation ofOne(Operation operation) {
        return operation.answer(200, "The review.", ReviewJson.REVIEW).refuses(404, "not-found");
    }

    private void list(Context request) {
        QueryParameters parameters = new QueryParameters(request, QUERY);
        int limit = parameters.integer("limit", 1, ReviewStore.MAX_PAGE, DEFAULT_LIMIT);
        Set<ReviewState> states = parameters
                .text("state")
                .map(text -> Arrays.stream(text.split(",", -1))
                        .map(word -> word("state", word, ReviewState.class))
                        .collect(Collectors.toSet()))
                .orElse(Set.of(ReviewState.OPEN));
        boolean isNewest = parameters
                .text("order")
                .map(word -> word("order", word, Order.class) == Order.NEWEST)
                .orElse(false);
        ReviewQuery query = isNewest ? ReviewQuery.newest(states, limit) : ReviewQuery.oldest(states, limit);
        Optional<ReviewKind> kind = parameters.text("kind").map(word -> word("kind", word, ReviewKind.class));
        if (kind.isPresent()) {
            query = query.withKinds(Set.of(kind.get()));
        }
        query = parameters.text("project").map(query::withProject).orElse(query);
        query = parameters.text("requester").map(query::withRequester).orElse(query);
        query = parameters
                .text("task")
                .map(ReviewApi::task)
                .map(query::withTask)
                .orElse(query);
        query = parameters
                .text("after")
                .map(ReviewApi::number)
                .map(query::withAfter)
                .orElse(query);
        List<Review> found = reviews.list(query);
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode list = answer.putArray(REVIEWS);
        found.forEach(review -> list.add(ReviewJson.summary(review)));
        answer.put(
                "next",
                found.size() < limit ? null : Long.toString(found.get(limit - 1).id()));
        JsonResponseWriter.write(request, answer);
    }

    private enum Order {
        OLDEST,
        NEWEST
    }

    private static <E extends Enum<E>> E word(String name, String word, Class<E> type) {
        return Arrays.stream(type.getEnumConstants())
                .filter(each -> EnumWords.of(each).equals(word))
                .findFirst()
                .orElseThrow(() -> QueryParameters.invalid(
                        name,
                        "'" + BodyFields.shorten(word) + "'",
                        "one of "
                                + Arrays.stream(type.getEnumConstants())
                                        .map(EnumWords::of)
                                        .collect(Collectors.joining(", "))));
    }

    private static TaskId task(String text) {
        try {
            return TaskId.parse(text);
        } catch (IllegalArgumentException noId) {
            throw QueryParameters.invalid("task", "'" + BodyFields.shorten(text) + "'", "the id of a task");
        }
    }

    private static long number(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw QueryParameters.invalid("after", "'" + BodyFields.shorten(text) + "'", "the id of a review");
        }
        return Long.parseLong(text);
    }

    private void figures(Context request) {
        int hours = new QueryParameters(request, Set.of(HOURS)).integer(HOURS, 1, MAX_HOURS, 24);
        ReviewFigures figures = reviews.figures(Duration.ofHours(hours));
        ObjectNode answer = JsonResponseWriter.object()
                .put("open", figures.open())
                .put("decided", figures.decided())
                .put("perHour", reviews.limits().perHour())
                .put("hastyShare", figures.hastyShare());
        figures.median()
                .ifPresentOrElse(
                        median -> answer.put("medianMillis", median.toMillis()), () -> answer.putNull("medianMillis"));
        ObjectNode busiest = answer.putObject("busiestHour");
        figures.busiestHour().forEach(busiest::put);
        ReviewJson.put(answer, "tired", figures.tired());
        JsonResponseWriter.write(request, answer);
    }

    private static long id(Context request) {
        String text = request.pathParam("id");
        if (!text.matches("[0-9]{1,18}")) {
            throw notFound(text);
        }
        return Long.parseLong(text);
    }

    private static ApiException notFound(String text) {
        return ApiException.notFound(
                "review '" + BodyFields.shorten(text) + "' does not exist, expected the id of one");
    }

    private void show(Context request) {
        write(request, translated(() -> reviews.get(id(request))));
    }

    private <T> T translated(Supplier<T> call) {
        return ReviewErrors.translated("", id -> json(reviews.get(id)), call);
    }

    private ObjectNode json(Review review) {
        return ReviewJson.review(review, reviews.comments(review.id()), reviews.similar(review));
    }

    private void write(Context request, Review review) {
        EntityTag.put(request, review.version());
        JsonResponseWriter.write(request, json(review));
    }

    private void decide(Context request) {
        long id = id(request);
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(DECISION, SHA256, COMMENT, ACTION, RULE, REMARKS, TOOK));
        ReviewChoice choice = choice(fields, Set.of(ReviewChoice.values()));
        String sha256 = text(fields, SHA256, fields.requiredText(SHA256), 1, 64);
        String comment = text(fields, COMMENT, fields.text(COMMENT).orElse(""), 0, ReviewRemark.MAX_CHARACTERS);
        Optional<ReviewedAction> action =
                objectText(fields, ACTION).map(json -> fields.checked(ACTION, () -> ReviewedAction.of(json)));
        Optional<String> rule = objectText(fields, RULE);
        List<ReviewRemark> remarks = new ArrayList<>();
        if (fields.has(REMARKS)) {
            fields.objects(REMARKS, 0, ReviewDecision.MAX_REMARKS).forEach(one -> remarks.add(remark(one)));
        }
        Optional<Duration> took = fields.integer(TOOK).map(millis -> {
            if (millis < 0 || millis > MAX_TOOK) {
                throw fields.invalid(TOOK, TOOK + " is " + millis + ", expected 0.." + MAX_TOOK);
            }
            return Duration.ofMillis(millis);
        });
        String actor = ReviewActor.of(request);
        write(
                request,
                translated(() -> reviews.decide(
                        id, new ReviewDecision(choice, sha256, actor, comment, action, rule, remarks, took))));
    }

    private static ReviewChoice choice(BodyFields fields, Set<ReviewChoice> allowed) {
        String word = fields.requiredText(DECISION);
        return allowed.stream()
                .filter(each -> EnumWords.of(each).equals(word))
                .findFirst()
                .orElseThrow(() -> fields.invalid(
                        DECISION,
                        DECISION + " is '" + BodyFields.shorten(word) + "', expected one of "
                                + allowed.stream().sorted().map(EnumWords::of).collect(Collectors.joining(", "))));
    }

    private static String text(BodyFields fields, String name, String text, int least, int most) {
        if (text.length() < least || text.length() > most) {
            throw fields.invalid(name, name + " has " + text.length() + " characters, expected " + least + ".." + most);
        }
        return text;
    }

    /** An object of the body as JSON; empty when it is absent. */
    static Optional<String> objectText(BodyFields fields, String name) {
        if (!fields.has(name)) {
            return Optional.empty();
        }
        fields.object(name);
        return JsonFields.parse(fields.json(Set.of(name))).objectText(name);
    }

    private static ReviewRemark remark(BodyFields fields) {
        fields.rejectUnknown(Set.of(TEXT, FILE, LINE));
        String text = text(fields, TEXT, fields.requiredText(TEXT), 1, ReviewRemark.MAX_CHARACTERS);
        Optional<String> file = fields.text(FILE);
        OptionalInt line = fields.integer(LINE).map(OptionalInt::of).orElseGet(OptionalInt::empty);
        return fields.checked(LINE, () -> new ReviewRemark(file, line, text));
    }

    private void delegate(Context request) {
        long id = id(request);
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(TO));
        String to = text(fields, TO, fields.requiredText(TO), 1, ReviewRequester.MAX_CHARACTERS);
        String actor = ReviewActor.of(request);
        write(request, translated(() -> reviews.delegate(id, to, actor)));
    }

    private void comment(Context request) {
        long id = id(request);
        ReviewRemark remark = remark(new BodyFields(JsonBodyReader.read(request), ""));
        String actor = ReviewActor.of(request);
        Creations.respond(
                request,
                ReviewComment.class,
                () -> translated(() -> reviews.comment(id, actor, remark)),
                made -> Creations.at(PATH + "/" + id, ReviewJson.comment(made)));
    }

    private void undo(Context request) {
        long id = id(request);
        String actor = ReviewActor.of(request);
        write(request, translated(() -> reviews.undo(id, actor)));
    }

    private void bulk(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(DECISION, COMMENT, REVIEWS));
        ReviewChoice choice = choice(fields, Set.of(ReviewChoice.ONCE, ReviewChoice.DENY));
        String comment = text(fields, COMMENT, fields.text(COMMENT).orElse(""), 0, ReviewRemark.MAX_CHARACTERS);
        String actor = ReviewActor.of(request);
        Map<Long, ReviewDecision> decisions = new LinkedHashMap<>();
        for (BodyFields one : fields.objects(REVIEWS, 1, Reviews.MAX_BATCH)) {
            one.rejectUnknown(Set.of("id", SHA256));
            String id = one.requiredText("id");
            String sha256 = text(one, SHA256, one.requiredText(SHA256), 1, 64);
            if (!id.matches("[0-9]{1,18}")) {
                throw one.invalid(
                        "id", one.path("id is '" + BodyFields.shorten(id) + "', expected the id of a review"));
            }
            decisions.put(
                    Long.parseLong(id),
                    translated(() -> new ReviewDecision(
                            choice,
                            sha256,
                            actor,
                            comment,
                            Optional.empty(),
                            Optional.empty(),
                            List.of(),
                            Optional.empty())));
        }
        Reviews.Batch batch = translated(() -> reviews.decideAll(decisions));
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode decided = answer.putArray("decided");
        batch.decided().forEach(review -> decided.add(ReviewJson.summary(review)));
        ArrayNode refused = answer.putArray("refused");
        batch.refused().forEach(one -> refused.add(ReviewJson.summary(reviews.get(one.review()))));
        JsonResponseWriter.write(request, answer);
    }
}

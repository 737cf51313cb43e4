package dev.architect.server.review;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.review.Review;
import dev.architect.review.ReviewChoice;
import dev.architect.review.ReviewComment;
import dev.architect.review.ReviewKind;
import dev.architect.review.ReviewOutcome;
import dev.architect.review.ReviewRequest;
import dev.architect.review.ReviewState;
import dev.architect.review.ReviewedAction;
import dev.architect.review.RiskLevel;
import dev.architect.review.SimilarReviews;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonResponseWriter;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reviews and their comments as JSON. */
final class ReviewJson {

    static final Schema COMMENT = Schema.object()
            .required(List.of("id", "actor", "text"), Schema.text())
            .required("at", Schema.instant())
            .required("file", Schema.text().orNull())
            .required("line", Schema.integer().orNull())
            .open()
            .named("ReviewComment");

    /** What a list shows. */
    static final Schema SUMMARY = summary().open().named("ReviewSummary");

    static final Schema REVIEW = summary()
            .required("action", Schema.any())
            .required(List.of("preview", "part"), Schema.text())
            .required(List.of("reach", "rules", "reviewers"), Schema.list(Schema.text()))
            .required(
                    List.of("remindedAt", "escalatedAt", "expiresAt"),
                    Schema.instant().orNull())
            .required("comments", Schema.list(COMMENT))
            .required("similarApproved", Schema.integer())
            .required("similarDenied", Schema.integer())
            .open()
            .named("Review");

    private ReviewJson() {}

    private static Schema.Fields summary() {
        return Schema.object()
                .required(List.of("id", "title", "sha256", "shape", "requester", "remark"), Schema.text())
                .required("kind", Schema.words(ReviewKind.class))
                .required("state", Schema.words(ReviewState.class))
                .required("risk", Schema.words(RiskLevel.class))
                .required(List.of("riskReasons", "labels"), Schema.list(Schema.text()))
                .required(
                        List.of("user", "task", "run", "project", "item", "delegate"),
                        Schema.text().orNull())
                .required(List.of("askedAt", "dueAt"), Schema.instant())
                .required("decidedAt", Schema.instant().orNull())
                .required(
                        "outcome",
                        Schema.object()
                                .required("decision", Schema.words(ReviewChoice.class))
                                .required(List.of("actor", "comment"), Schema.text())
                                .required("action", Schema.any())
                                .required("rule", Schema.text().orNull())
                                .open()
                                .orNull())
                .required("version", Schema.integer());
    }

    static ObjectNode summary(Review review) {
        ReviewRequest request = review.request();
        ObjectNode json = JsonResponseWriter.object()
                .put("id", Long.toString(review.id()))
                .put("kind", EnumWords.of(request.kind()))
                .put("state", EnumWords.of(review.state()))
                .put("title", request.title())
                .put("sha256", request.action().sha256())
                .put("shape", request.shape())
                .put("risk", EnumWords.of(request.risk().level()));
        put(json, "riskReasons", request.risk().reasons());
        json.put("requester", request.requester().name())
                .put("user", request.requester().user().orElse(null))
                .put("task", request.requester().task().map(Object::toString).orElse(null))
                .put("run", request.requester().run().orElse(null));
        put(json, "labels", new TreeSet<>(request.labels()));
        json.put("project", request.project().orElse(null))
                .put("item", request.item().orElse(null))
                .put("delegate", review.delegate().orElse(null))
                .put("remark", request.remark())
                .put("askedAt", review.times().asked().toString())
                .put("dueAt", review.times().due().toString())
                .put("decidedAt", text(review.times().decided()));
        if (review.outcome().isPresent()) {
            json.set("outcome", outcome(review.outcome().get()));
        } else {
            json.putNull("outcome");
        }
        return json.put("version", review.version());
    }

    private static ObjectNode outcome(ReviewOutcome outcome) {
        ObjectNode json = JsonResponseWriter.object()
                .put("decision", EnumWords.of(outcome.choice()))
                .put("actor", outcome.actor())
                .put("comment", outcome.comment());
        putAction(json, outcome.edited());
        return json.put("rule", outcome.rule().orElse(null));
    }

    private static void putAction(ObjectNode json, Optional<ReviewedAction> action) {
        action.flatMap(one -> JsonResponseWriter.parsed(one.json()))
                .ifPresentOrElse(parsed -> json.set("action", parsed), () -> json.putNull("action"));
    }

    static ObjectNode review(Review review, List<ReviewComment> comments, SimilarReviews similar) {
        ReviewRequest request = review.request();
        ObjectNode json = summary(review);
        putAction(json, Optional.of(request.action()));
        json.put("preview", request.preview()).put("part", request.part());
        put(json, "reach", request.reach());
        put(json, "rules", request.rules());
        put(json, "reviewers", request.reviewers());
        json.put("remindedAt", text(review.times().reminded()))
                .put("escalatedAt", text(review.times().escalated()))
                .put("expiresAt", text(review.times().expires()));
        ArrayNode list = json.putArray("comments");
        comments.forEach(comment -> list.add(comment(comment)));
        return json.put("similarApproved", similar.approved()).put("similarDenied", similar.denied());
    }

    static ObjectNode comment(ReviewComment comment) {
        ObjectNode json = JsonResponseWriter.object()
                .put("id", Long.toString(comment.id()))
                .put("actor", comment.actor())
                .put("at", comment.at().toString())
                .put("file", comment.remark().file().orElse(null));
        if (comment.remark().line().isPresent()) {
            json.put("line", comment.remark().line().getAsInt());
        } else {
            json.putNull("line");
        }
        return json.put("text", comment.remark().text());
    }

    static @Nullable String text(Optional<Instant> instant) {
        return instant.map(Instant::toString).orElse(null);
    }

    static void put(ObjectNode json, String name, Collection<String> texts) {
        ArrayNode list = json.putArray(name);
        texts.forEach(list::add);
    }
}

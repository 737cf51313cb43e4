package dev.architect.server.route;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.choice.ChoiceReason;
import dev.architect.choice.LearnedChoice;
import dev.architect.cost.CostStatus;
import dev.architect.model.Complexity;
import dev.architect.model.FailureKind;
import dev.architect.record.DecisionOutcome;
import dev.architect.record.DecisionRecord;
import dev.architect.record.DecisionResult;
import dev.architect.record.Feedback;
import dev.architect.record.FeedbackVerdict;
import dev.architect.route.ExclusionReason;
import dev.architect.route.Route;
import dev.architect.route.SelectionReason;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.task.TaskSchemas;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** Routes, decisions and feedback as JSON. */
public final class RouteView {

    /** What is sent for a request. */
    static final Schema CHAT = TaskSchemas.chat(Schema.object()).closed().named("ChatRequest");

    /** What a learned router chose. */
    static final Schema LEARNED = Schema.object()
            .required(List.of("by", "chosen"), Schema.text())
            .required("reason", Schema.words(ChoiceReason.class))
            .required(List.of("score", "threshold", "propensity"), Schema.number())
            .open()
            .named("LearnedChoice");

    /** A route that was not taken. */
    static final Schema ROUTE = Schema.object()
            .required("complexity", Schema.words(Complexity.class))
            .required("score", Schema.integer())
            .required("explanation", Schema.text())
            .required(List.of("rule", "experiment", "arm"), Schema.text().orNull())
            .required("learned", LEARNED.orNull())
            .required(
                    "candidates",
                    Schema.list(Schema.object()
                            .required("model", Schema.text())
                            .required(List.of("quality", "promptTokens", "answerTokens"), Schema.integer())
                            .required("costUsd", Schema.number().orNull())
                            .required("costStatus", Schema.words(CostStatus.class))
                            .required("selection", Schema.words(SelectionReason.class))
                            .required("reason", Schema.text())
                            .open()))
            .required(
                    "exclusions",
                    Schema.list(Schema.object()
                            .required("model", Schema.text())
                            .required("code", Schema.words(ExclusionReason.class))
                            .required("reason", Schema.text())
                            .open()))
            .open()
            .named("Route");

    /** What was said of an answer. */
    static final Schema FEEDBACK = Schema.object()
            .required("request", Schema.text())
            .required("verdict", Schema.words(FeedbackVerdict.class))
            .required("score", Schema.number())
            .required("at", Schema.instant())
            .open()
            .named("Feedback");

    /** A decision and what came of it. */
    public static final Schema DECISION = Schema.object()
            .required(List.of("sequence", "request", "policy", "project"), Schema.text())
            .required("at", Schema.instant())
            .required("task", Schema.text().orNull())
            .required("complexity", Schema.words(Complexity.class))
            .required(
                    "candidates",
                    Schema.list(Schema.object()
                            .required("model", Schema.text())
                            .required(List.of("quality", "promptTokens", "answerTokens"), Schema.integer())
                            .required("estimateUsd", Schema.number().orNull())
                            .open()))
            .required(
                    "exclusions",
                    Schema.list(Schema.object()
                            .required("model", Schema.text())
                            .required("code", Schema.words(ExclusionReason.class))
                            .open()))
            .required("outcome", Schema.words(DecisionOutcome.class))
            .required("failure", Schema.words(FailureKind.class).orNull())
            .required("answered", Schema.text().orNull())
            .required(List.of("position", "calls", "unpricedCalls"), Schema.integer())
            .required("costUsd", Schema.number().orNull())
            .required("spentUsd", Schema.number())
            .required("latencyMs", Schema.number())
            .required("learned", LEARNED.orNull())
            .required("feedback", FEEDBACK.orNull())
            .open()
            .named("Decision");

    private RouteView() {}

    static ObjectNode json(Route route) {
        ObjectNode json = JsonResponseWriter.object()
                .put("complexity", EnumWords.of(route.classification().complexity()))
                .put("score", route.classification().score())
                .put("explanation", route.classification().explanation())
                .put("rule", route.basis().rule().orElse(null))
                .put("experiment", route.basis().experiment().orElse(null))
                .put("arm", route.basis().arm().orElse(null));
        json.set("learned", route.basis().choice().map(RouteView::json).orElse(null));
        ArrayNode candidates = json.putArray("candidates");
        route.candidates().forEach(candidate -> {
            ObjectNode row = candidates
                    .addObject()
                    .put("model", candidate.model().toString())
                    .put("quality", candidate.quality())
                    .put("promptTokens", candidate.estimate().promptTokens())
                    .put("answerTokens", candidate.estimate().answerTokens());
            JsonResponseWriter.putUsd(
                    row, "costUsd", candidate.estimate().cost().amount());
            row.put("costStatus", EnumWords.of(candidate.estimate().cost().status()))
                    .put("selection", EnumWords.of(candidate.selection()))
                    .put("reason", candidate.reason());
        });
        ArrayNode exclusions = json.putArray("exclusions");
        route.exclusions()
                .forEach(exclusion -> exclusions
                        .addObject()
                        .put("model", exclusion.model().toString())
                        .put("code", EnumWords.of(exclusion.code()))
                        .put("reason", exclusion.reason()));
        return json;
    }

    private static ObjectNode json(LearnedChoice choice) {
        ObjectNode json = JsonResponseWriter.object()
                .put("by", choice.by())
                .put("reason", EnumWords.of(choice.reason()))
                .put("chosen", choice.chosen().toString())
                .put("score", choice.score())
                .put("threshold", choice.threshold())
                .put("propensity", choice.propensity());
        choice.expectedQuality().ifPresent(quality -> json.put("expectedQuality", quality));
        choice.expectedSaving().ifPresent(saving -> json.put("expectedSaving", saving));
        return json;
    }

    static ObjectNode json(Feedback feedback) {
        return JsonResponseWriter.object()
                .put("request", feedback.requestId())
                .put("verdict", EnumWords.of(feedback.verdict()))
                .put("score", JsonResponseWriter.plain(BigDecimal.valueOf(feedback.score())))
                .put("at", feedback.at().toString());
    }

    /** Returns a decision as the lists show it. */
    public static ObjectNode json(DecisionRecord record) {
        ObjectNode json = JsonResponseWriter.object()
                .put("sequence", Long.toString(record.sequence()))
                .put("request", record.requestId())
                .put("at", record.at().toString())
                .put("policy", record.policyVersion())
                .put("project", record.project().name())
                .put("task", record.task().map(Object::toString).orElse(null))
                .put("complexity", EnumWords.of(record.features().complexity()));
        ArrayNode candidates = json.putArray("candidates");
        record.candidates().forEach(candidate -> {
            ObjectNode row = candidates
                    .addObject()
                    .put("model", candidate.model().toString())
                    .put("quality", candidate.quality())
                    .put("promptTokens", candidate.promptTokens())
                    .put("answerTokens", candidate.answerTokens());
            JsonResponseWriter.putUsd(row, "estimateUsd", candidate.estimate());
        });
        ArrayNode exclusions = json.putArray("exclusions");
        record.exclusions()
                .forEach(exclusion -> exclusions
                        .addObject()
                        .put("model", exclusion.model().toString())
                        .put("code", EnumWords.of(exclusion.reason())));
        DecisionResult result = record.result();
        json.put("outcome", EnumWords.of(result.outcome()))
                .put("failure", result.failure().map(EnumWords::of).orElse(null))
                .put("answered", result.answered().map(Object::toString).orElse(null))
                .put("position", result.position())
                .put("calls", result.calls())
                .put("unpricedCalls", result.unpricedCalls());
        JsonResponseWriter.putUsd(json, "costUsd", result.cost());
        JsonResponseWriter.putUsd(json, "spentUsd", Optional.of(result.spent()));
        JsonResponseWriter.putMillis(json, "latencyMs", result.latency());
        json.set("learned", record.choice().map(RouteView::json).orElse(null));
        json.set("feedback", record.feedback().map(RouteView::json).orElse(null));
        return json;
    }
}

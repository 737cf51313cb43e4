package dev.architect.server.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.attempt.AttemptBasis;
import dev.architect.attempt.AttemptExplanation;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.NodeReason;
import dev.architect.attempt.RouteChoice;
import dev.architect.attempt.SessionReason;
import dev.architect.attempt.TaskExplanation;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.route.ExclusionReason;
import dev.architect.route.SelectionReason;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.task.TaskState;
import io.javalin.http.Context;
import java.util.List;

/** The resource {@code /api/tasks/{id}/explanation}: why each attempt ran on its node, in its session and with its models. */
public final class ExplanationApi {

    private static final Schema ROUTE = Schema.object()
            .required(List.of("requestId", "answeredBy"), Schema.text().orNull())
            .required("reused", Schema.truth())
            .required(
                    "candidates",
                    Schema.list(Schema.object()
                            .required("model", Schema.text())
                            .required("reason", Schema.words(SelectionReason.class))
                            .required("quality", Schema.integer())
                            .open()))
            .required(
                    "skipped",
                    Schema.list(Schema.object()
                            .required("model", Schema.text())
                            .required("reason", Schema.words(ExclusionReason.class))
                            .open()))
            .required(
                    "calls",
                    Schema.list(Schema.object()
                            .required("model", Schema.text())
                            .required("failure", Schema.words(FailureKind.class).orNull())
                            .open()))
            .open();

    private static final Schema EXPLANATION = Schema.object()
            .required("id", Schema.text())
            .required("state", Schema.words(TaskState.class))
            .required(
                    "attempts",
                    Schema.list(Schema.object()
                            .required("epoch", Schema.integer())
                            .required("incarnation", Schema.text())
                            .required(List.of("node", "session"), Schema.text().orNull())
                            .required("startedAt", Schema.instant().orNull())
                            .required(
                                    "outcome",
                                    Schema.words(AttemptOutcome.class).orNull())
                            .required(
                                    "nodeReason", Schema.words(NodeReason.class).orNull())
                            .required(
                                    "sessionReason",
                                    Schema.words(SessionReason.class).orNull())
                            .required(
                                    List.of("rivals", "requests"),
                                    Schema.integer().orNull())
                            .required("routes", Schema.list(ROUTE))
                            .required("text", Schema.list(Schema.text()))
                            .open()))
            .open()
            .named("TaskExplanation");

    private final Architect architect;

    /** Creates the resource. */
    public ExplanationApi(Architect architect) {
        this.architect = architect;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(Operation.get(
                        "explainTask", TaskApi.PATH + "/{id}/explanation", Permission.read(TaskApi.AREA), this::show)
                .summary("Says why each attempt of a task ran on its node and session and went to its models.")
                .answer(200, "The explanation.", EXPLANATION)
                .refuses(404, "not-found"));
    }

    private void show(Context request) {
        String text = request.pathParam("id");
        TaskExplanation explanation =
                TaskApi.parse(text).flatMap(architect.tasks()::explain).orElseThrow(() -> TaskApi.missing(text));
        ObjectNode answer = JsonResponseWriter.object()
                .put("id", explanation.task().toString())
                .put("state", EnumWords.of(explanation.state()));
        ArrayNode attempts = answer.putArray("attempts");
        explanation.attempts().forEach(attempt -> attempts.add(json(attempt)));
        JsonResponseWriter.write(request, answer);
    }

    private static ObjectNode json(AttemptExplanation attempt) {
        ObjectNode json = JsonResponseWriter.object()
                .put("epoch", attempt.epoch())
                .put("node", attempt.node().orElse(null))
                .put("incarnation", Long.toString(attempt.incarnation()))
                .put("session", attempt.session().isEmpty() ? null : attempt.session())
                .put("startedAt", attempt.startedAt().map(Object::toString).orElse(null))
                .put("outcome", attempt.outcome().map(EnumWords::of).orElse(null));
        AttemptBasis basis = attempt.basis().orElse(null);
        json.put("nodeReason", basis == null ? null : EnumWords.of(basis.node()))
                .put("rivals", basis == null ? null : basis.rivals())
                .put("sessionReason", basis == null ? null : EnumWords.of(basis.session()))
                .put("requests", basis == null ? null : basis.requests());
        ArrayNode routes = json.putArray("routes");
        if (basis != null) {
            basis.routes().forEach(route -> routes.add(json(route)));
        }
        ArrayNode sentences = json.putArray("text");
        attempt.sentences().forEach(sentences::add);
        return json;
    }

    private static ObjectNode json(RouteChoice route) {
        ObjectNode json = JsonResponseWriter.object()
                .put("requestId", route.requestId().orElse(null))
                .put("answeredBy", route.answeredBy().map(ModelId::toString).orElse(null))
                .put("reused", route.reused().isPresent());
        ArrayNode candidates = json.putArray("candidates");
        route.candidates()
                .forEach(each -> candidates
                        .addObject()
                        .put("model", each.model().toString())
                        .put("reason", EnumWords.of(each.reason()))
                        .put("quality", each.quality()));
        ArrayNode skipped = json.putArray("skipped");
        route.skipped()
                .forEach(each -> skipped.addObject()
                        .put("model", each.model().toString())
                        .put("reason", EnumWords.of(each.reason())));
        ArrayNode calls = json.putArray("calls");
        route.calls()
                .forEach(each -> calls.addObject()
                        .put("model", each.model().toString())
                        .put("failure", each.failure().map(EnumWords::of).orElse(null)));
        return json;
    }
}

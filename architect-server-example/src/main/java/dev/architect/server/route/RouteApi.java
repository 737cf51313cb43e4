package dev.architect.server.route;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.json.InvalidFieldException;
import dev.architect.model.ModelId;
import dev.architect.project.ProjectId;
import dev.architect.prompt.ChatRequestCodec;
import dev.architect.record.DecisionOutcome;
import dev.architect.record.DecisionQuery;
import dev.architect.record.DecisionRecord;
import dev.architect.record.Feedback;
import dev.architect.route.UnservableRequestException;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The resource {@code /api/routes}: which models would answer a request, which have, and what was said of their answers. */
public final class RouteApi {

    private static final String PATH = "/api/routes";
    private static final String FEEDBACK = PATH + "/{request}/feedback";
    private static final String AREA = "routes";
    private static final String REQUEST = "request";
    private static final String FROM = "from";
    private static final String UNTIL = "until";
    private static final String MODEL = "model";
    private static final String OUTCOME = "outcome";
    private static final String PROJECT = "project";
    private static final String BEFORE = "before";
    private static final String LIMIT = "limit";
    private static final String ACCEPTED = "accepted";
    private static final String SCORE = "score";
    private static final int DEFAULT_LIMIT = 50;

    private final Architect architect;
    private final TimeSource time;

    /** Creates the resource. */
    public RouteApi(Architect architect, TimeSource time) {
        this.architect = architect;
        this.time = time;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.post("explainRoute", PATH + "/explain", Permission.read(AREA), this::explain)
                        .summary(
                                "Says which models would answer a request now, in which order and why, without a call.")
                        .body(RouteView.CHAT)
                        .answer(200, "The route.", RouteView.ROUTE),
                Operation.get("listRoutes", PATH, Permission.read(AREA), this::list)
                        .summary("Lists decisions about requests and what came of them, newest first.")
                        .query(FROM, Schema.instant(), "Only those made at this time or later.")
                        .query(UNTIL, Schema.instant(), "Only those made before this time.")
                        .query(MODEL, Schema.text(), "Only those that this model answered, as provider/model.")
                        .query(OUTCOME, Schema.words(DecisionOutcome.class), "Only those that ended so.")
                        .query(PROJECT, Schema.text(), "Only those of this project.")
                        .query(BEFORE, Schema.text(), "Only older ones than this: next of the page before.")
                        .query(LIMIT, Schema.integer(1, DecisionQuery.MAX_LIMIT), "How many at most.")
                        .answer(
                                200,
                                "A page of decisions.",
                                Schema.object()
                                        .required("decisions", Schema.list(RouteView.DECISION))
                                        .required("next", Schema.text().orNull())
                                        .open()),
                Operation.post(
                                "replayRoutes",
                                PATH + "/replay",
                                Permission.read(AREA),
                                new RouteReplay(architect)::replay)
                        .summary("Says what recorded requests would have cost under another policy or other prices.")
                        .body(RouteReplay.QUESTION)
                        .answer(200, "The costs on both sides.", RouteReplay.REPORT),
                Operation.get("getRoute", PATH + "/{request}", Permission.read(AREA), this::show)
                        .summary("Shows the decision about a request and what came of it.")
                        .answer(200, "The decision.", RouteView.DECISION)
                        .refuses(404, "not-found"),
                Operation.get("getFeedback", FEEDBACK, Permission.read(AREA), this::showFeedback)
                        .summary("Shows what was said of the answer to a request.")
                        .answer(200, "The feedback.", RouteView.FEEDBACK)
                        .refuses(404, "not-found"),
                Operation.put("saveFeedback", FEEDBACK, Permission.act(AREA), this::saveFeedback)
                        .summary("Keeps whether the answer to a request was good enough, or how good it was.")
                        .body(Schema.object()
                                .optional(ACCEPTED, Schema.truth())
                                .optional(SCORE, Schema.number())
                                .closed())
                        .answer(200, "The feedback.", RouteView.FEEDBACK));
    }

    private void explain(Context request) {
        JsonResponseWriter.write(request, ofRequest(request, asked -> RouteView.json(architect.route(asked))));
    }

    /** Returns what {@code answer} makes of the chat request in the body. */
    static ObjectNode ofRequest(Context request, Function<ChatRequest, ObjectNode> answer) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(ChatRequestCodec.FIELDS);
        try {
            return answer.apply(ChatRequestCodec.read(fields.json(ChatRequestCodec.FIELDS)));
        } catch (InvalidFieldException wrong) {
            throw ApiException.invalidValue(wrong.field(), String.valueOf(wrong.getMessage()));
        } catch (UnservableRequestException unservable) {
            throw ApiException.invalidValue(unservable.field(), String.valueOf(unservable.getMessage()));
        }
    }

    private void list(Context request) {
        QueryParameters parameters =
                new QueryParameters(request, Set.of(FROM, UNTIL, MODEL, OUTCOME, PROJECT, BEFORE, LIMIT));
        int limit = parameters.integer(LIMIT, 1, DecisionQuery.MAX_LIMIT, DEFAULT_LIMIT);
        DecisionQuery query = new DecisionQuery(
                parameters.instant(FROM),
                parameters.instant(UNTIL),
                checked(parameters, MODEL, ModelId::parse),
                parameters.text(OUTCOME).map(RouteApi::outcome),
                checked(parameters, PROJECT, ProjectId::new),
                parameters.text(BEFORE).map(RouteApi::sequence).orElse(Long.MAX_VALUE),
                limit);
        List<DecisionRecord> records = architect.records().find(query);
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode decisions = answer.putArray("decisions");
        records.forEach(record -> decisions.add(RouteView.json(record)));
        answer.put(
                "next",
                records.size() < limit
                        ? null
                        : Long.toString(records.get(limit - 1).sequence()));
        JsonResponseWriter.write(request, answer);
    }

    private static <T> Optional<T> checked(QueryParameters parameters, String name, Function<String, T> value) {
        return parameters.text(name).map(text -> {
            try {
                return value.apply(BodyFields.shorten(text));
            } catch (IllegalArgumentException wrong) {
                throw ApiException.invalidParameter(name, String.valueOf(wrong.getMessage()));
            }
        });
    }

    private static DecisionOutcome outcome(String word) {
        return EnumWords.parse(DecisionOutcome.class, word)
                .orElseThrow(() ->
                        QueryParameters.invalid(OUTCOME, word, "one of " + EnumWords.list(DecisionOutcome.class)));
    }

    private static long sequence(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw QueryParameters.invalid(BEFORE, text, "next of the page before");
        }
        return Long.parseLong(text);
    }

    private void show(Context request) {
        String id = request.pathParam(REQUEST);
        JsonResponseWriter.write(
                request,
                RouteView.json(architect
                        .records()
                        .ofRequest(id)
                        .orElseThrow(() -> ApiException.notFound("the decision about request " + BodyFields.shorten(id)
                                + " is not kept, expected a request that the policy has recorded"))));
    }

    private void showFeedback(Context request) {
        String id = request.pathParam(REQUEST);
        JsonResponseWriter.write(
                request,
                RouteView.json(architect
                        .records()
                        .feedback(id)
                        .orElseThrow(() -> ApiException.notFound("request " + BodyFields.shorten(id)
                                + " has no feedback, expected the number of a request that has"))));
    }

    private void saveFeedback(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(ACCEPTED, SCORE));
        Optional<Boolean> accepted = fields.truth(ACCEPTED);
        Optional<Double> score = fields.decimal(SCORE).map(Number::doubleValue);
        if (accepted.isPresent() == score.isPresent()) {
            throw fields.invalid(
                    ACCEPTED,
                    ACCEPTED + (accepted.isPresent() ? " and " + SCORE + " are both there" : " is missing")
                            + ", expected it or a " + SCORE);
        }
        String id = request.pathParam(REQUEST);
        Instant now = time.wallTime();
        Feedback feedback;
        try {
            feedback = accepted.map(isGood -> isGood ? Feedback.accepted(id, now) : Feedback.rejected(id, now))
                    .orElseGet(() -> fields.checked(SCORE, () -> Feedback.scored(id, score.orElseThrow(), now)));
        } catch (IllegalArgumentException wrong) {
            throw ApiException.invalidParameter(REQUEST, String.valueOf(wrong.getMessage()));
        }
        architect.records().keep(feedback);
        JsonResponseWriter.write(request, RouteView.json(feedback));
    }
}

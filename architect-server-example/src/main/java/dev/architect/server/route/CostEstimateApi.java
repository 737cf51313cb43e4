package dev.architect.server.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.cost.CostStatus;
import dev.architect.project.ProjectId;
import dev.architect.request.CostForecast;
import dev.architect.request.RequestScope;
import dev.architect.route.NoRouteException;
import dev.architect.route.OutputForecast;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.server.rest.QueryParameters;
import io.javalin.http.Context;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a request would cost: {@code /api/costs/estimate}. No model is called. */
public final class CostEstimateApi {

    private static final String TASK_TYPE = "taskType";
    private static final String PROJECT = "project";

    /** What the length of an answer is taken for when there are too few earlier ones. */
    private static final String PRIOR = "prior";

    private static final Schema LEVEL = Schema.object()
            .required("answerTokens", Schema.integer())
            .required("costUsd", Schema.number().orNull())
            .required("costStatus", Schema.words(CostStatus.class))
            .open()
            .named("CostLevel");

    private static final Schema ESTIMATE = Schema.object()
            .required("model", Schema.text())
            .required("promptTokens", Schema.integer())
            .required(
                    "method",
                    Schema.words(Stream.concat(
                                    Stream.of(PRIOR),
                                    Arrays.stream(OutputForecast.Basis.values()).map(EnumWords::of))
                            .toList()))
            .required("n", Schema.integer())
            .required(List.of("low", "p50", "p90"), LEVEL)
            .open()
            .named("CostEstimate");

    private final Architect architect;

    /** Creates the resource. */
    public CostEstimateApi(Architect architect) {
        this.architect = architect;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(Operation.post("estimateCost", "/api/costs/estimate", Permission.read("costs"), this::estimate)
                .summary("Says what a request would cost now, without a call.")
                .query(TASK_TYPE, Schema.text(), "The type of the task that it is part of.")
                .query(PROJECT, Schema.text(), "The project that it is filed under.")
                .body(RouteView.CHAT)
                .answer(200, "The cost, at least and for nine of ten.", ESTIMATE)
                .refuses(409, "wrong-state"));
    }

    private void estimate(Context request) {
        QueryParameters query = new QueryParameters(request, Set.of(TASK_TYPE, PROJECT));
        RequestScope scope = checked(query, PROJECT, project -> RequestScope.of(new ProjectId(project)));
        RequestScope typed = query.text(TASK_TYPE).isEmpty() ? scope : checked(query, TASK_TYPE, scope::withTaskType);
        JsonResponseWriter.write(request, RouteApi.ofRequest(request, chat -> {
            try {
                return json(architect.forecastCost(chat, typed));
            } catch (NoRouteException none) {
                throw new ApiException(
                        409,
                        "wrong-state",
                        "no model may answer the request now, expected one: /api/routes/explain says why",
                        null,
                        null);
            }
        }));
    }

    private static RequestScope checked(QueryParameters query, String name, Function<String, RequestScope> scope) {
        try {
            return query.text(name).map(scope).orElseGet(RequestScope::create);
        } catch (IllegalArgumentException wrong) {
            throw ApiException.invalidParameter(name, String.valueOf(wrong.getMessage()));
        }
    }

    private static ObjectNode json(CostForecast forecast) {
        ObjectNode json = JsonResponseWriter.object()
                .put("model", forecast.model().toString())
                .put("promptTokens", forecast.promptTokens())
                .put("method", forecast.basis().map(EnumWords::of).orElse(PRIOR))
                .put("n", forecast.calls());
        json.set("low", json(forecast.low()));
        json.set("p50", json(forecast.p50()));
        json.set("p90", json(forecast.p90()));
        return json;
    }

    private static ObjectNode json(CostForecast.Level level) {
        ObjectNode json = JsonResponseWriter.object().put("answerTokens", level.answerTokens());
        JsonResponseWriter.putUsd(json, "costUsd", level.cost().amount());
        return json.put("costStatus", EnumWords.of(level.cost().status()));
    }
}

package dev.architect.server.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.model.ProviderProbe;
import dev.architect.route.BreakerState;
import dev.architect.route.GoneModel;
import dev.architect.route.ModelHealth;
import dev.architect.route.ProviderStatus;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonResponseWriter;
import io.javalin.http.Context;
import java.util.List;

/** The resources {@code /api/providers} and {@code /api/models}: who can be asked, and how each fares. */
public final class ProviderApi {

    private static final String PATH = "/api/providers";
    private static final String ONE = PATH + "/{name}";
    private static final String AREA = "providers";

    private final Architect architect;

    /** Creates the resource. */
    public ProviderApi(Architect architect) {
        this.architect = architect;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("listProviders", PATH, Permission.read(AREA), this::list)
                        .summary("Lists the providers with their models and circuit breakers.")
                        .answer(
                                200,
                                "The providers.",
                                Schema.object()
                                        .required("providers", Schema.list(ReportSchemas.PROVIDER))
                                        .open()),
                Operation.get("listProviderHistory", ONE + "/history", Permission.read(AREA), this::history)
                        .summary("Lists the last changes of the circuit breakers of a provider, the newest first.")
                        .answer(
                                200,
                                "The changes.",
                                Schema.object()
                                        .required("changes", Schema.list(ReportSchemas.BREAKER_CHANGE))
                                        .open())
                        .refuses(404, "not-found"),
                Operation.post("probeProvider", ONE + "/test", Permission.act(AREA), this::probe)
                        .summary("Asks a provider whether it serves calls, without a model doing anything.")
                        .answer(
                                200,
                                "What it answered, also when it serves none.",
                                Schema.object()
                                        .required(List.of("provider", "detail"), Schema.text())
                                        .required(List.of("reachable", "usable"), Schema.truth())
                                        .required("latencyMs", Schema.number())
                                        .open())
                        .refuses(404, "not-found")
                        .refuses(409, "wrong-state"),
                Operation.get("listModels", "/api/models", Permission.read(AREA), this::models)
                        .summary("Lists the models of all providers, and whether each can be asked now.")
                        .answer(
                                200,
                                "The models.",
                                Schema.object()
                                        .required(
                                                "models",
                                                Schema.list(Schema.object()
                                                        .required(List.of("provider", "model", "id"), Schema.text())
                                                        .required("breaker", Schema.words(BreakerState.class))
                                                        .required(List.of("gone", "enabled"), Schema.truth())
                                                        .open()))
                                        .open()));
    }

    private void list(Context request) {
        ObjectNode answer = JsonResponseWriter.object();
        answer.set("providers", StatusView.providers(architect.providers().statuses()));
        JsonResponseWriter.write(request, answer);
    }

    private void history(Context request) {
        ObjectNode answer = JsonResponseWriter.object();
        answer.set("changes", StatusView.breakerHistory(List.of(find(request))));
        JsonResponseWriter.write(request, answer);
    }

    private void probe(Context request) {
        String name = find(request).name();
        ProviderProbe probe;
        try {
            probe = architect.providers().probe(name);
        } catch (UnsupportedOperationException asksNobody) {
            throw new ApiException(
                    409,
                    "wrong-state",
                    "the router of this server asks no providers, expected one that does",
                    null,
                    null);
        }
        ObjectNode answer = JsonResponseWriter.object()
                .put("provider", name)
                .put("reachable", probe.health().reachable())
                .put("usable", probe.health().usable())
                .put("detail", probe.health().detail());
        JsonResponseWriter.putMillis(answer, "latencyMs", probe.latency());
        JsonResponseWriter.write(request, answer);
    }

    private ProviderStatus find(Context request) {
        return find(architect, request.pathParam("name"));
    }

    static ProviderStatus find(Architect architect, String name) {
        return architect.providers().statuses().stream()
                .filter(status -> status.name().equals(name))
                .findFirst()
                .orElseThrow(() -> ApiException.notFound(
                        "provider " + BodyFields.shorten(name) + " does not exist, expected the name of a provider"));
    }

    private void models(Context request) {
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode models = answer.putArray("models");
        for (ProviderStatus provider : architect.providers().statuses()) {
            provider.models().forEach(model -> add(models, provider, model, true));
            switchedOff(provider.name()).forEach(model -> add(models, provider, model, false));
        }
        JsonResponseWriter.write(request, answer);
    }

    private static void add(ArrayNode models, ProviderStatus provider, String model, boolean isEnabled) {
        models.addObject()
                .put("provider", provider.name())
                .put("model", model)
                .put("id", provider.name() + "/" + model)
                .put("breaker", EnumWords.of(state(provider, model)))
                .put(
                        "gone",
                        provider.goneModels().stream().map(GoneModel::model).anyMatch(model::equals))
                .put("enabled", isEnabled);
    }

    /** The models of the policy that may not answer, where the router tells. */
    private List<String> switchedOff(String provider) {
        return architect.routing().isFollowed()
                ? architect.routing().router().models().stream()
                        .filter(model ->
                                !model.isEnabled() && model.id().provider().equals(provider))
                        .map(model -> model.id().model())
                        .toList()
                : List.of();
    }

    private static BreakerState state(ProviderStatus provider, String model) {
        return provider.health().stream()
                .filter(health -> health.model().equals(model))
                .map(ModelHealth::state)
                .findFirst()
                .orElse(provider.breaker());
    }
}

package dev.architect.server.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.route.BreakerTarget;
import dev.architect.route.BreakerTrip;
import dev.architect.route.ProviderStatus;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import io.javalin.http.Context;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an operator does with circuit breakers: trips those of a provider or of one of its models, and resets them. */
public final class BreakerApi {

    private static final String PATH = "/api/providers/{name}";
    private static final String MODEL = "model";
    private static final String REASON = "reason";
    private static final String UNTIL = "until";

    private static final String AREA = "providers";

    private final Architect architect;

    /** Creates the resource. */
    public BreakerApi(Architect architect) {
        this.architect = architect;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.post("tripProvider", PATH + "/trip", Permission.act(AREA), this::trip)
                        .summary("Lets no call through to a provider, or to one of its models.")
                        .body(Schema.object()
                                .required(REASON, Schema.text(1, BreakerTrip.MAX_REASON))
                                .optional(MODEL, Schema.text())
                                .optional(UNTIL, Schema.instant())
                                .closed())
                        .answer(200, "The provider.", ReportSchemas.PROVIDER)
                        .refuses(404, "not-found"),
                Operation.post("resetProvider", PATH + "/reset", Permission.act(AREA), this::reset)
                        .summary("Closes the circuit breakers of a provider, or of one of its models.")
                        .body(Schema.object()
                                .required(REASON, Schema.text(1, BreakerTrip.MAX_REASON))
                                .optional(MODEL, Schema.text())
                                .closed())
                        .answer(200, "The provider.", ReportSchemas.PROVIDER)
                        .refuses(404, "not-found"));
    }

    private void trip(Context request) {
        BodyFields fields = fields(request, Set.of(MODEL, REASON, UNTIL));
        BreakerTarget target = target(request, fields);
        String reason = fields.requiredText(REASON);
        Instant until = fields.text(UNTIL).map(text -> time(fields, text)).orElse(Instant.MAX);
        BreakerTrip trip = fields.checked(REASON, () -> new BreakerTrip(reason, until));
        fields.checked(UNTIL, () -> {
            architect.providers().trip(target, trip);
            return target;
        });
        write(request, target);
    }

    private void reset(Context request) {
        BodyFields fields = fields(request, Set.of(MODEL, REASON));
        BreakerTarget target = target(request, fields);
        String reason = fields.requiredText(REASON);
        fields.checked(REASON, () -> {
            architect.providers().reset(target, reason);
            return target;
        });
        write(request, target);
    }

    private static BodyFields fields(Context request, Set<String> known) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(known);
        return fields;
    }

    private BreakerTarget target(Context request, BodyFields fields) {
        String name = request.pathParam("name");
        ProviderStatus provider = ProviderApi.find(architect, name);
        return fields.text(MODEL)
                .map(model -> {
                    if (!provider.models().contains(model)) {
                        throw fields.invalid(
                                MODEL,
                                "model is '" + BodyFields.shorten(model) + "', expected one of " + provider.models());
                    }
                    return new BreakerTarget(name, Optional.of(model));
                })
                .orElseGet(() -> BreakerTarget.provider(name));
    }

    private static Instant time(BodyFields fields, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException unreadable) {
            throw fields.invalid(UNTIL, "until is no time, expected one like 2026-11-28T12:00:00Z");
        }
    }

    private void write(Context request, BreakerTarget target) {
        ArrayNode providers = StatusView.providers(architect.providers().statuses().stream()
                .filter(status -> status.name().equals(target.provider()))
                .toList());
        JsonResponseWriter.write(request, (ObjectNode) providers.get(0));
    }
}
